"""Keep each attempt to hand a message over."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_delivery_attempts"
down_revision: str | None = "20261122_inbox_notifications"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

VISIBLE = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
    " AND ((SELECT tenancy.school_id()) IS NULL"
    " OR school_id = (SELECT tenancy.school_id()))"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("code", sa.BigInteger(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "outcome in ('sent', 'put_off', 'refused', 'lost')",
            name=op.f("ck_attempts_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["notifier.messages.id"],
            name=op.f("fk_attempts_message_id_messages"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        schema="notifier",
    )
    op.create_index(
        "ix_attempts_message_id_id",
        "attempts",
        ["message_id", "id"],
        unique=False,
        schema="notifier",
    )
    op.execute("ALTER TABLE notifier.attempts ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON notifier.attempts USING ({VISIBLE})")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("attempts", schema="notifier")
