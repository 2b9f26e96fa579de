"""Taking messages whose turn has come, and putting them into words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from services.notifier.channels.messages import (
    ReminderNotice,
    RenderedMessage,
    render_message,
)
from services.notifier.repository import deliveries as repository
from services.notifier.repository import standing as standing_repository
from services.notifier.repository.attempts import record_lost
from services.notifier.repository.deliveries import OwedMessage, OwedReminder
from services.notifier.repository.standing import Standing
from shared.domain.reminders.day import Effect
from shared.domain.reminders.recipients import MAIL
from shared.domain.reminders.rules import ReminderRules
from shared.domain.reminders.steps import StepKind
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message in its recipient's language, with the reminders that still stand.

    `notices` say the same as `message`, one for each of `reminders`. `dated_at` is the
    moment of taking, on the system's clock and in the municipality's time zone. `late`
    are the ids of the reminders that go out after their day.
    """

    owed: OwedMessage
    reminders: tuple[OwedReminder, ...]
    notices: tuple[ReminderNotice, ...]
    message: RenderedMessage
    dated_at: datetime
    late: tuple[int, ...]


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
) -> Taken:
    """Take messages for `channel`, and withdraw what no longer stands.

    Each reminder is checked against deadlines, rules and people as they are now, by
    what planned it; a message that has none left is not sent, and one whose recipient
    has begun to rest waits. `at` is machine time, and so is `until`, the end of the
    lease.
    """
    owed = await repository.lock_owed(work, channel, at=at, limit=limit)
    if not owed:
        return Taken([], is_full=False)
    await record_lost(work, owed, at=at)
    reminders = await repository.read_carried(work, owed)
    standing = await standing_repository.read_standing(work, owed, reminders, rules)
    awake = await _put_off_at_rest(work, owed, standing)
    carried = await _withdraw(work, awake, reminders, standing)
    if carried:
        await repository.hold(work, list(carried), until=until)
    letters = [
        _letter(message, carried[message.id], standing)
        for message in awake
        if message.id in carried
    ]
    return Taken(letters, is_full=len(owed) == limit)


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
) -> dict[int, list[OwedReminder]]:
    """Withdraw what is not owed; return the rest by message."""
    by_id = {message.id: message for message in messages}
    carried: defaultdict[int, list[OwedReminder]] = defaultdict(list)
    gone: defaultdict[str, list[int]] = defaultdict(list)
    for reminder in reminders:
        message = by_id.get(reminder.owed_message_id)
        if message is None:
            continue
        reason = standing.reason_against(message, reminder)
        if reason is None:
            carried[message.id].append(reminder)
        else:
            gone[reason].append(reminder.id)
    for reason, ids in gone.items():
        await repository.withdraw_reminders(work, ids, reason=reason)
    empty = [number for number in by_id if number not in carried]
    if empty:
        await repository.withdraw_messages(work, empty)
    return dict(carried)


def _letter(
    message: OwedMessage, reminders: Sequence[OwedReminder], standing: Standing
) -> Letter:
    dated_at = standing.now.astimezone(ZoneInfo(message.time_zone))
    effects = [standing.effect_of(message, each) for each in reminders]
    notices = [
        _notice(message, reminder, effect, standing, dated_at)
        for reminder, effect in zip(reminders, effects, strict=True)
        if effect is not None
    ]
    if message.recipient_id is None and message.channel == MAIL:
        message = replace(message, email=standing.address_of(message))
    return Letter(
        owed=message,
        reminders=tuple(reminders),
        notices=tuple(notices),
        message=render_message(
            notices, language=message.language or "ru", kind=message.kind
        ),
        dated_at=dated_at,
        late=tuple(
            reminder.id
            for reminder, effect in zip(reminders, effects, strict=True)
            if effect is not None and _is_late(message, reminder, effect)
        ),
    )


def _is_late(message: OwedMessage, reminder: OwedReminder, effect: Effect) -> bool:
    """Tell whether a reminder goes out too late; one in a digest had to wait."""
    return reminder.is_late if message.kind == "digest" else effect.is_late


def _notice(
    message: OwedMessage,
    reminder: OwedReminder,
    effect: Effect,
    standing: Standing,
    dated_at: datetime,
) -> ReminderNotice:
    is_of_a_day = effect.kind in {StepKind.BEFORE, StepKind.ON_DAY}
    return ReminderNotice(
        programme_title=reminder.programme_title or "",
        school_name=reminder.school_name,
        measure_code=reminder.measure_code or "",
        measure_title=reminder.measure_title or "",
        expected_result=reminder.expected_result,
        due_on=reminder.deadline_due_on or reminder.due_on,
        today=dated_at.date(),
        days_before=standing.lead_of(reminder),
        is_late=is_of_a_day and _is_late(message, reminder, effect),
        is_synthetic=message.is_synthetic,
    )
