"""Keep which copies were begun at which number of the change feed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_snapshots"
down_revision: str | None = "20261122_change_feed"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OWN_OR_SYSTEM = (
    "user_id = (SELECT tenancy.user_id())"
    " OR ((SELECT tenancy.user_id()) IS NULL AND (SELECT tenancy.sees_all()))"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "snapshots",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("partitions", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["api.users.id"], name=op.f("fk_snapshots_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        schema="api",
    )
    op.create_index(
        op.f("ix_snapshots_user_id"), "snapshots", ["user_id"], schema="api"
    )
    op.execute("ALTER TABLE api.snapshots ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON api.snapshots USING ({OWN_OR_SYSTEM})")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("snapshots", schema="api")
