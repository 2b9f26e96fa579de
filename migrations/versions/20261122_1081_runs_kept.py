"""Let each municipality say how many superseded runs are kept."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_runs_kept"
down_revision: str | None = "20261122_audit_transactions"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "municipalities",
        sa.Column("runs_kept", sa.BigInteger(), server_default="20", nullable=False),
        schema="api",
    )
    op.create_check_constraint(
        op.f("ck_municipalities_runs_kept"),
        "municipalities",
        "runs_kept between 1 and 1000",
        schema="api",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("municipalities", "runs_kept", schema="api")
