"""Taking messages whose turn has come, and putting them into words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.notifier.channels.messages import (
    ReminderNotice,
    RenderedMessage,
    render_message,
)
from services.notifier.planning.rules import ReminderRules
from services.notifier.planning.standing import lead_of, still_stands
from services.notifier.repository import deliveries as repository
from services.notifier.repository.attempts import record_lost
from services.notifier.repository.deliveries import OwedMessage, OwedReminder
from shared.domain.deadlines import OWED
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

    Each reminder is checked against the deadline and the account as they are now, and
    a message that has none left is not sent. `at` is machine time, and so is `until`,
    the end of the lease.
    """
    owed = await repository.lock_owed(work, channel, at=at, limit=limit)
    if not owed:
        return Taken([], is_full=False)
    await record_lost(work, owed, at=at)
    carried = defaultdict(list)
    gone = defaultdict(list)
    messages = {message.id: message for message in owed}
    for reminder in await repository.read_carried(work, owed):
        message = messages[reminder.owed_message_id]
        reason = _reason_against(message, reminder, rules, work.now)
        if reason is None:
            carried[message.id].append(reminder)
        else:
            gone[reason].append(reminder.id)
    for reason, ids in gone.items():
        await repository.withdraw_reminders(work, ids, reason=reason)
    empty = [message.id for message in owed if message.id not in carried]
    if empty:
        await repository.withdraw_messages(work, empty)
    if carried:
        await repository.hold(work, list(carried), until=until)
    letters = [
        _letter(message, carried[message.id], rules, work.now)
        for message in owed
        if message.id in carried
    ]
    return Taken(letters, is_full=len(owed) == limit)


def _reason_against(
    message: OwedMessage, reminder: OwedReminder, rules: ReminderRules, now: datetime
) -> str | None:
    """Return why the reminder is not sent: a word for the log; None to send it."""
    if message.language is None:
        return "no_account"
    if message.channel == "mail" and (not message.email or message.has_bounced):
        return "address_bounced" if message.email else "no_address"
    if reminder.deadline_due_on is None:
        return "deadline_gone"
    if reminder.deadline_due_on != reminder.due_on:
        return "deadline_moved"
    days_left = (reminder.due_on - _dated_at(message, now).date()).days
    if not still_stands(
        rules, reminder.rule, state=reminder.state, days_left=days_left
    ):
        return "overtaken" if reminder.state in OWED else "not_owed"
    return None


def _letter(
    message: OwedMessage,
    reminders: Sequence[OwedReminder],
    rules: ReminderRules,
    now: datetime,
) -> Letter:
    dated_at = _dated_at(message, now)
    notices = [_notice(message, each, rules, dated_at) for each in reminders]
    return Letter(
        owed=message,
        reminders=tuple(reminders),
        notices=tuple(notices),
        message=render_message(notices, language=message.language or "ru"),
        dated_at=dated_at,
        late=tuple(
            reminder.id
            for reminder, notice in zip(reminders, notices, strict=True)
            if notice.is_late
        ),
    )


def _notice(
    message: OwedMessage,
    reminder: OwedReminder,
    rules: ReminderRules,
    dated_at: datetime,
) -> ReminderNotice:
    lead = lead_of(rules, reminder.rule) or 0
    return ReminderNotice(
        programme_title=reminder.programme_title or "",
        school_name=reminder.school_name,
        measure_code=reminder.measure_code or "",
        measure_title=reminder.measure_title or "",
        expected_result=reminder.expected_result,
        due_on=reminder.due_on,
        today=dated_at.date(),
        days_before=lead,
        is_late=(reminder.due_on - dated_at.date()).days < lead,
        is_synthetic=message.is_synthetic,
    )


def _dated_at(message: OwedMessage, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(message.time_zone))
