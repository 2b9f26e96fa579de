"""Keep what was answered to a post under the key that its sender gave it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_idempotency_keys"
down_revision: str | None = "20261122_municipality_events"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A user's own; the system, which sweeps them, has no user.
OWN_OR_SYSTEM = (
    "user_id = (SELECT tenancy.user_id())"
    " OR ((SELECT tenancy.user_id()) IS NULL AND (SELECT tenancy.sees_all()))"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("headers", postgresql.JSONB(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status between 200 and 299", name=op.f("ck_idempotency_keys_status")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["api.users.id"], name=op.f("fk_idempotency_keys_user_id_users")
        ),
        sa.PrimaryKeyConstraint(
            "user_id", "operation", "key", name=op.f("pk_idempotency_keys")
        ),
        schema="api",
    )
    op.create_index(
        op.f("ix_idempotency_keys_created_at"),
        "idempotency_keys",
        ["created_at"],
        schema="api",
    )
    op.execute("ALTER TABLE api.idempotency_keys ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON api.idempotency_keys USING ({OWN_OR_SYSTEM})"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("idempotency_keys", schema="api")
