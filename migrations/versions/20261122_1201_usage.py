"""Count who uses which operation of the api."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_usage"
down_revision: str | None = "20261122_public_by_decision"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# What an account uses is visible to whom the account is; the rest to the whole system.
SEEN = (
    "(SELECT tenancy.sees_all())"
    " OR EXISTS (SELECT 1 FROM api.users u WHERE u.id = user_id)"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "operation_uses",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.BigInteger()),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("parameter", sa.Text(), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["api.users.id"], name=op.f("fk_operation_uses_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation_uses")),
        sa.UniqueConstraint(
            "user_id",
            "operation",
            "version",
            "parameter",
            name=op.f("uq_operation_uses_user_id_operation_version_parameter"),
            postgresql_nulls_not_distinct=True,
        ),
        schema="api",
    )
    op.execute("ALTER TABLE api.operation_uses ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON api.operation_uses USING ({SEEN})")
    op.execute("REVOKE SELECT ON api.operation_uses FROM scoring, notifier")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("operation_uses", schema="api")
