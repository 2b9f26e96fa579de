"""Messages in inboxes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from services.notifier.repository.owed import OwedMessage
from shared.persistence.tables.reminders import InboxMessageRow
from shared.persistence.work import Work

ONE_AT_A_TIME = select(func.pg_advisory_xact_lock(func.hashtext("podyom_inboxes")))


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """A message in words, for the inbox of its recipient.

    `deadline_id` is that of its one reminder; None where it carries several.
    """

    message: OwedMessage
    deadline_id: int | None
    subject: str
    body: str


async def insert_messages(work: Work, messages: Sequence[InboxMessage]) -> None:
    """Put messages into inboxes; the second time a message is ignored.

    One transaction does so at a time: numbers are then in the order of the commits, and
    whoever reads on after the last number misses nothing.
    """
    if not messages:
        return
    await work.session.execute(ONE_AT_A_TIME)
    await work.session.execute(
        insert(InboxMessageRow).on_conflict_do_nothing(),
        [
            {
                "message_id": each.message.id,
                "municipality_id": each.message.municipality_id,
                "school_id": each.message.school_id,
                "recipient_id": each.message.recipient_id,
                "deadline_id": each.deadline_id,
                "subject": each.subject,
                "body": each.body,
                "created_at": work.now,
            }
            for each in messages
        ],
    )
