"""Let the key of a reminder begin with its deadline, which it is looked up by.

One index serves both then, and a day's reminders are written into neighbouring pages.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_reminder_keys"
down_revision: str | None = "20261122_clients"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NEW = "deadline_id, due_on, rule, channel, recipient_id, recipient_role"
OLD = "recipient_id, recipient_role, deadline_id, due_on, rule, channel"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _key_by(NEW)
    op.drop_index("ix_reminders_deadline_id", "reminders", schema="notifier")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(
        "ix_reminders_deadline_id", "reminders", ["deadline_id"], schema="notifier"
    )
    _key_by(OLD)


def _key_by(columns: str) -> None:
    op.execute(
        "ALTER TABLE notifier.reminders DROP CONSTRAINT uq_reminders_key,"
        " ADD CONSTRAINT uq_reminders_key"
        f" UNIQUE NULLS NOT DISTINCT ({columns})"
    )
