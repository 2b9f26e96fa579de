"""Count the changes of a programme's targets."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_target_versions"
down_revision: str | None = "20261122_mentor_bank"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "target_ranges",
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        schema="api",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("target_ranges", "version", schema="api")
