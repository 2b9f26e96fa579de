"""Taking reminders whose turn has come, and putting them into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.notifier.channels.messages import (
    ReminderNotice,
    RenderedMessage,
    render_reminder,
)
from services.notifier.planning.rules import ReminderRules
from services.notifier.planning.standing import lead_of, still_stands
from services.notifier.repository import deliveries as repository
from services.notifier.repository.deliveries import OwedReminder
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A reminder that still stands, in its recipient's language.

    `dated_at` is the moment of taking, on the system's clock and in the
    municipality's time zone.
    """

    reminder: OwedReminder
    message: RenderedMessage
    dated_at: datetime
    is_late: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """Letters to be sent, and whether more reminders may be waiting."""

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
    """Take reminders for `channel`, and withdraw those that no longer stand.

    A reminder is checked against the deadline and the account as they are now. `at`
    is machine time, and so is `until`, the end of the lease.
    """
    owed = await repository.lock_owed(work, channel, at=at, limit=limit)
    letters = [
        letter
        for reminder in owed
        if (letter := _letter(reminder, channel, rules, work.now)) is not None
    ]
    standing = [letter.reminder.id for letter in letters]
    if letters:
        await repository.hold(work, standing, until=until)
    if len(letters) < len(owed):
        dropped = {reminder.id for reminder in owed}.difference(standing)
        await repository.withdraw(work, sorted(dropped))
    return Taken(letters, is_full=len(owed) == limit)


def _letter(
    reminder: OwedReminder, channel: str, rules: ReminderRules, now: datetime
) -> Letter | None:
    if (
        reminder.is_overtaken
        or reminder.due_on is None
        or reminder.language is None
        or (channel == "mail" and not reminder.email)
    ):
        return None
    dated_at = now.astimezone(ZoneInfo(reminder.time_zone))
    days_left = (reminder.due_on - dated_at.date()).days
    if not still_stands(
        rules, reminder.rule, state=reminder.state, days_left=days_left
    ):
        return None
    lead = lead_of(rules, reminder.rule) or 0
    notice = ReminderNotice(
        programme_title=reminder.programme_title or "",
        school_name=reminder.school_name,
        measure_code=reminder.measure_code or "",
        measure_title=reminder.measure_title or "",
        expected_result=reminder.expected_result,
        due_on=reminder.due_on,
        today=dated_at.date(),
        days_before=lead,
        is_late=days_left < lead,
        is_synthetic=reminder.is_synthetic,
    )
    return Letter(
        reminder=reminder,
        message=render_reminder(notice, language=reminder.language),
        dated_at=dated_at,
        is_late=days_left < lead,
    )
