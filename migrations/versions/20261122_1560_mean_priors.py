"""Keep how far the schools of a municipality differ in СОУ and the mean mark."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_mean_priors"
down_revision: str | None = "20261122_agreement_renewals"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MEANS = ("sou", "mean_mark")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for mean in MEANS:
        column = sa.Column(f"{mean}_prior", sa.Double())
        op.add_column("figures", column, schema="scoring")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for mean in MEANS:
        op.drop_column("figures", f"{mean}_prior", schema="scoring")
