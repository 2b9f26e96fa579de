"""Let accounts have reminders by webhooks and messengers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_reminder_channels"
down_revision: str | None = "20261122_regional_audit"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OWN = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
    " AND ((SELECT tenancy.user_id()) IS NULL"
    " OR user_id = (SELECT tenancy.user_id()))"
)
BEFORE = "channel in ('mail', 'inbox')"
AFTER = "channel in ('mail', 'inbox', 'webhook', 'messenger')"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "reminder_channels",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("test_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "channel in ('webhook', 'messenger')",
            name=op.f("ck_reminder_channels_channel"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_reminder_channels_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["api.users.id"],
            name=op.f("fk_reminder_channels_user_id_users"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_channels")),
        sa.UniqueConstraint(
            "user_id", "channel", name=op.f("uq_reminder_channels_user_id_channel")
        ),
        schema="api",
    )
    op.create_table(
        "channel_states",
        sa.Column("channel_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("test_outcome", sa.Text(), nullable=True),
        sa.Column("test_reply", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("channel_id", name=op.f("pk_channel_states")),
        schema="notifier",
    )
    for table in ("api.reminder_channels", "notifier.channel_states"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} USING ({OWN})")
    _allow(AFTER)


def _allow(channels: str) -> None:
    for table in ("messages", "reminders"):
        name = op.f(f"ck_{table}_channel")
        op.drop_constraint(name, table, schema="notifier")
        op.create_check_constraint(name, table, channels, schema="notifier")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "DELETE FROM notifier.attempts WHERE channel IN ('webhook', 'messenger')"
    )
    for table in ("reminders", "messages"):
        op.execute(
            f"DELETE FROM notifier.{table} WHERE channel IN ('webhook', 'messenger')"
        )
    _allow(BEFORE)
    op.drop_table("channel_states", schema="notifier")
    op.drop_table("reminder_channels", schema="api")
