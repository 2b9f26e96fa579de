"""Delivering reminders to inboxes."""

from services.notifier.channels.links import LinkMaker
from services.notifier.repository import deliveries as repository
from services.notifier.repository.attempts import record_posted
from services.notifier.repository.inboxes import InboxMessage, insert_messages
from services.notifier.usecases.letters import Letter
from services.notifier.usecases.taking import take
from shared.domain.reminders.rules import ReminderRules
from shared.persistence.engine import Database
from shared.persistence.work import Work, begin_as_system
from shared.runtime.clock import system_now

BATCH = 500


async def post_batch(
    work: Work, rules: ReminderRules, links: LinkMaker | None = None
) -> bool:
    """Put reminders into inboxes; return whether more may be waiting.

    The message and the mark that it was sent are one transaction, so that there is
    exactly one message, whatever dies.
    """
    started_at = system_now()
    taken = await take(
        work, "inbox", rules, at=started_at, limit=BATCH, until=None, links=links
    )
    if taken.letters:
        await insert_messages(
            work,
            [_inbox_message(letter) for letter in taken.letters],
        )
        await repository.mark_sent(
            work,
            [letter.owed.id for letter in taken.letters],
            late=[each for letter in taken.letters for each in letter.late],
        )
        await record_posted(
            work,
            [letter.owed for letter in taken.letters],
            started_at=started_at,
            at=system_now(),
        )
    return taken.is_full


def _inbox_message(letter: Letter) -> InboxMessage:
    is_of_one = len(letter.reminders) == 1
    return InboxMessage(
        letter.owed,
        letter.reminders[0].deadline_id if is_of_one else None,
        letter.message.subject,
        letter.message.text,
    )


async def post_all(
    engine: Database, rules: ReminderRules, links: LinkMaker | None = None
) -> None:
    """Put all reminders whose turn has come into inboxes, batch by batch."""
    is_full = True
    while is_full:
        async with begin_as_system(engine) as work:
            is_full = await post_batch(work, rules, links)
