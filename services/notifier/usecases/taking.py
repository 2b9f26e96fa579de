"""Taking messages whose turn has come."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notifier.channels.links import LinkMaker
from services.notifier.repository import deliveries as repository
from services.notifier.repository import owed as owed_repository
from services.notifier.repository import standing as standing_repository
from services.notifier.repository.attempts import record_lost, record_unaddressed
from services.notifier.repository.owed import OwedMessage, OwedReminder
from services.notifier.repository.standing import BOUNCED, Standing
from services.notifier.usecases.letters import Letter, write_letter
from shared.domain.reminders.rules import ReminderRules
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class Taken:
    """Letters to be sent, and whether more messages may be waiting."""

    letters: Sequence[Letter]
    is_full: bool


async def take(
    work: Work,
    channel: str,
    rules: ReminderRules,
    *,
    at: datetime,
    limit: int,
    until: datetime | None,
    links: LinkMaker | None = None,
) -> Taken:
    """Take messages for `channel`, and withdraw what no longer stands.

    Each reminder is checked against deadlines, rules and people as they are now, by
    what planned it; a message that has none left is not sent, and one whose recipient
    has begun to rest waits. `at` is machine time, and so is `until`, the end of the
    lease. Without it the messages are sent with this transaction: whoever changes a
    deadline of theirs waits for it, and what is being changed is left for later.
    Without `links` nobody can answer from the letters.
    """
    owed = await owed_repository.lock_owed(work, channel, at=at, limit=limit)
    if not owed:
        return Taken([], is_full=False)
    is_full = len(owed) == limit
    reminders = await owed_repository.read_carried(work, owed)
    if until is None:
        owed = await _settled(work, owed, reminders)
        is_full = is_full and bool(owed)
    await record_lost(work, owed, at=at)
    standing = await standing_repository.read_standing(work, owed, reminders, rules)
    awake = await _put_off_at_rest(work, owed, standing)
    carried = await _withdraw(work, awake, reminders, standing, at=at)
    if carried:
        await repository.hold(work, list(carried), until=until)
    letters = [
        write_letter(message, carried[message.id], standing, links)
        for message in awake
        if message.id in carried
    ]
    return Taken(letters, is_full=is_full)


async def _settled(
    work: Work, owed: Sequence[OwedMessage], reminders: Sequence[OwedReminder]
) -> list[OwedMessage]:
    """Return the messages of deadlines that nobody is changing; nobody can, now."""
    told = {each.deadline_id for each in reminders}
    busy = await standing_repository.hold_deadlines(work, sorted(told))
    waiting = {each.owed_message_id for each in reminders if each.deadline_id in busy}
    return [each for each in owed if each.id not in waiting]


async def _put_off_at_rest(
    work: Work, owed: Sequence[OwedMessage], standing: Standing
) -> list[OwedMessage]:
    """Return the messages that may go out at this hour; let the others wait."""
    awake = []
    for message in owed:
        moment = standing.send_after(message)
        if moment > work.now:
            await repository.defer(work, message.id, send_after=moment)
        else:
            awake.append(message)
    return awake


async def _withdraw(
    work: Work,
    messages: Sequence[OwedMessage],
    reminders: Sequence[OwedReminder],
    standing: Standing,
    *,
    at: datetime,
) -> dict[int, list[OwedReminder]]:
    """Withdraw what is not owed; return the rest by message.

    What would be owed if mail did not come back from there is logged as not tried.
    """
    by_id = {message.id: message for message in messages}
    carried: defaultdict[int, list[OwedReminder]] = defaultdict(list)
    gone: defaultdict[str, list[int]] = defaultdict(list)
    unaddressed = set()
    for reminder in reminders:
        message = by_id.get(reminder.owed_message_id)
        if message is None:
            continue
        reason = standing.reason_against(message, reminder)
        if reason is None:
            carried[message.id].append(reminder)
        else:
            gone[reason].append(reminder.id)
            if reason == BOUNCED:
                unaddressed.add(message.id)
    for reason, ids in gone.items():
        await repository.withdraw_reminders(work, ids, reason=reason)
    empty = [number for number in by_id if number not in carried]
    if empty:
        await repository.withdraw_messages(work, empty)
    untried = sorted(unaddressed.intersection(empty))
    await record_unaddressed(work, untried, at=at, reason=BOUNCED)
    return dict(carried)
