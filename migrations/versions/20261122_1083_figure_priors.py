"""Keep how far the schools of a municipality differ in each rate."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_figure_priors"
down_revision: str | None = "20261122_reminder_choices"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

RATES = ("quality_rate", "success_rate", "low_share", "confirmed_marks")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for rate in RATES:
        column = sa.Column(f"{rate}_prior", sa.Double())
        op.add_column("figures", column, schema="scoring")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for rate in RATES:
        op.drop_column("figures", f"{rate}_prior", schema="scoring")
