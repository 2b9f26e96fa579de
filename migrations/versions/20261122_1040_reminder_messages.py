"""Let a message carry reminders, and key reminders by the day that they tell of."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_reminder_messages"
down_revision: str | None = "20261122_deadlines_of_every_kind"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
STATUSES = "'planned', 'sent', 'dead'"
DELIVERY = {
    "attempts": "BIGINT",
    "next_try_at": "TIMESTAMPTZ",
    "lease_until": "TIMESTAMPTZ",
    "last_error": "TEXT",
}
# Every reminder there is was a message of its own.
CARRY = (
    """
    INSERT INTO notifier.messages (municipality_id, school_id, recipient_id, channel,
      kind, message_id, status, attempts, planned_at, send_after, next_try_at,
      lease_until, sent_at, last_error)
    SELECT municipality_id, school_id, recipient_id, channel, 'reminder', header,
      status, attempts, planned_at, planned_at, next_try_at, lease_until, sent_at,
      last_error
    FROM notifier.reminders ORDER BY id
    """,
    """
    UPDATE notifier.reminders r SET message_id = m.id
    FROM notifier.messages m WHERE m.message_id = r.header
    """,
    """
    UPDATE notifier.reminders r SET due_on = coalesce(
      (SELECT d.due_on FROM api.deadlines d WHERE d.id = r.deadline_id),
      r.planned_at::date)
    """,
    """
    UPDATE notifier.inbox_messages i SET message_id = r.message_id
    FROM notifier.reminders r WHERE r.id = i.reminder_id
    """,
)
# Only the last of the reminders with one old key goes back, and of a merged message
# the first reminder keeps it.
UNLOAD = (
    "DELETE FROM notifier.inbox_messages WHERE deadline_id IS NULL",
    """
    DELETE FROM notifier.inbox_messages i WHERE NOT EXISTS (
      SELECT FROM notifier.reminders r WHERE r.message_id = i.message_id
        AND r.status <> 'withdrawn' AND r.recipient_id IS NOT NULL)
    """,
    "DELETE FROM notifier.reminders WHERE status = 'withdrawn' OR recipient_id IS NULL",
    """
    DELETE FROM notifier.reminders r USING notifier.reminders later
    WHERE later.id > r.id AND later.recipient_id = r.recipient_id
      AND later.deadline_id = r.deadline_id AND later.rule = r.rule
      AND later.channel = r.channel
      AND NOT EXISTS (SELECT FROM notifier.inbox_messages i
        WHERE i.message_id = r.message_id)
    """,
    """
    UPDATE notifier.reminders r SET attempts = m.attempts,
      next_try_at = m.next_try_at, lease_until = m.lease_until,
      last_error = m.last_error, header = m.message_id
    FROM notifier.messages m WHERE m.id = r.message_id
    """,
    """
    UPDATE notifier.inbox_messages i SET reminder_id = (
      SELECT min(r.id) FROM notifier.reminders r WHERE r.message_id = i.message_id)
    """,
    "DELETE FROM notifier.inbox_messages WHERE reminder_id IS NULL",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _create_messages()
    op.execute("ALTER TABLE notifier.reminders RENAME COLUMN message_id TO header")
    for column, kind in {
        "recipient_role": "TEXT",
        "due_on": "DATE",
        "message_id": "BIGINT",
        "reason": "TEXT",
    }.items():
        op.execute(f"ALTER TABLE notifier.reminders ADD COLUMN {column} {kind}")
    op.execute("ALTER TABLE notifier.inbox_messages ADD COLUMN message_id BIGINT")
    for statement in CARRY:
        op.execute(statement)
    _key_by_day()
    _put_into_inboxes()


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=True),
        sa.Column("recipient_id", sa.BigInteger(), nullable=True),
        sa.Column("recipient_role", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "channel in ('mail', 'inbox')", name=op.f("ck_messages_channel")
        ),
        sa.CheckConstraint(
            "kind in ('reminder', 'digest', 'late', 'escalation', 'alarm')",
            name=op.f("ck_messages_kind"),
        ),
        sa.CheckConstraint(
            f"status in ({STATUSES}, 'withdrawn')", name=op.f("ck_messages_status")
        ),
        sa.CheckConstraint(
            "(recipient_id is null) <> (recipient_role is null)",
            name=op.f("ck_messages_recipient"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("message_id", name=op.f("uq_messages_message_id")),
        schema="notifier",
    )
    op.create_index(
        "ix_messages_planned",
        "messages",
        ["channel", "next_try_at"],
        unique=False,
        schema="notifier",
        postgresql_where=sa.text("status = 'planned'"),
    )
    op.execute("ALTER TABLE notifier.messages ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant ON notifier.messages USING"
        f" ({IN_MUNICIPALITY} AND {OWN_SCHOOL})"
    )


def _key_by_day() -> None:
    """Take from the reminders what is the message's, and change their key."""
    op.drop_index("ix_reminders_planned", "reminders", schema="notifier")
    op.drop_constraint(
        op.f("uq_reminders_recipient_id_deadline_id_rule_channel"),
        "reminders",
        schema="notifier",
    )
    for column in ("header", *DELIVERY):
        op.drop_column("reminders", column, schema="notifier")
    for column in ("due_on", "message_id"):
        op.alter_column("reminders", column, nullable=False, schema="notifier")
    op.alter_column("reminders", "recipient_id", nullable=True, schema="notifier")
    op.create_unique_constraint(
        op.f("uq_reminders_key"),
        "reminders",
        [
            *("recipient_id", "recipient_role"),
            *("deadline_id", "due_on", "rule", "channel"),
        ],
        schema="notifier",
        postgresql_nulls_not_distinct=True,
    )
    op.create_foreign_key(
        op.f("fk_reminders_message_id_messages"),
        *("reminders", "messages"),
        *(["message_id"], ["id"]),
        source_schema="notifier",
        referent_schema="notifier",
    )
    _check("status", f"status in ({STATUSES}, 'withdrawn')", replaces=True)
    _check("reason", "(status = 'withdrawn') = (reason is not null)")
    _check("recipient", "(recipient_id is null) <> (recipient_role is null)")
    for column in ("message_id", "deadline_id"):
        op.create_index(
            f"ix_reminders_{column}", "reminders", [column], schema="notifier"
        )


def _put_into_inboxes() -> None:
    """Let a message, not a reminder, stand in an inbox."""
    table = "inbox_messages"
    op.drop_column(table, "reminder_id", schema="notifier")
    op.alter_column(table, "message_id", nullable=False, schema="notifier")
    op.alter_column(table, "deadline_id", nullable=True, schema="notifier")
    op.create_unique_constraint(
        op.f("uq_inbox_messages_message_id"), table, ["message_id"], schema="notifier"
    )
    op.create_foreign_key(
        op.f("fk_inbox_messages_message_id_messages"),
        *(table, "messages"),
        *(["message_id"], ["id"]),
        source_schema="notifier",
        referent_schema="notifier",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE notifier.reminders ADD COLUMN header TEXT")
    for column, kind in DELIVERY.items():
        op.execute(f"ALTER TABLE notifier.reminders ADD COLUMN {column} {kind}")
    op.execute("ALTER TABLE notifier.inbox_messages ADD COLUMN reminder_id BIGINT")
    for statement in UNLOAD:
        op.execute(statement)
    table = "reminders"
    for column in ("recipient_role", "due_on", "message_id", "reason"):
        op.execute(f"ALTER TABLE notifier.{table} DROP COLUMN {column} CASCADE")
    op.execute("ALTER TABLE notifier.reminders RENAME COLUMN header TO message_id")
    for column in ("recipient_id", "message_id", "attempts", "next_try_at"):
        op.alter_column(table, column, nullable=False, schema="notifier")
    op.drop_index("ix_reminders_deadline_id", table, schema="notifier")
    op.create_unique_constraint(
        op.f("uq_reminders_recipient_id_deadline_id_rule_channel"),
        table,
        ["recipient_id", "deadline_id", "rule", "channel"],
        schema="notifier",
    )
    _check("status", f"status in ({STATUSES})", replaces=True)
    op.create_index(
        "ix_reminders_planned",
        table,
        ["next_try_at"],
        schema="notifier",
        postgresql_where=sa.text("status = 'planned'"),
    )
    _take_out_of_inboxes()
    op.drop_table("messages", schema="notifier")


def _take_out_of_inboxes() -> None:
    table = "inbox_messages"
    op.drop_column(table, "message_id", schema="notifier")
    for column in ("reminder_id", "deadline_id"):
        op.alter_column(table, column, nullable=False, schema="notifier")
    op.create_unique_constraint(
        op.f("uq_inbox_messages_reminder_id"), table, ["reminder_id"], schema="notifier"
    )
    op.create_foreign_key(
        op.f("fk_inbox_messages_reminder_id_reminders"),
        *(table, "reminders"),
        *(["reminder_id"], ["id"]),
        source_schema="notifier",
        referent_schema="notifier",
    )


def _check(name: str, condition: str, *, replaces: bool = False) -> None:
    full = op.f(f"ck_reminders_{name}")
    if replaces:
        op.drop_constraint(full, "reminders", schema="notifier")
    op.create_check_constraint(full, "reminders", condition, schema="notifier")
