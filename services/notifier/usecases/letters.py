"""Putting messages into words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from services.notifier.channels.links import LinkMaker
from services.notifier.channels.messages import (
    AnswerLinks,
    ReminderNotice,
    RenderedMessage,
    render_message,
)
from services.notifier.repository.changes import Written
from services.notifier.repository.owed import OwedMessage, OwedReminder
from services.notifier.repository.standing import Standing
from shared.domain.deadline_titles import titles_of
from shared.domain.reminders.day import Effect
from shared.domain.reminders.recipients import MAIL
from shared.domain.reminders.steps import StepKind

MOST_ANSWERED = 10  # reminders of a message that have links; the others have none


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message in its recipient's language, with the reminders that still stand.

    `notices` say the same as `message`, one for each of `reminders`. `dated_at` is the
    moment of taking, on the system's clock and in the municipality's time zone. `late`
    are the ids of the reminders that go out after their day, and `written` is what has
    to be as it was when it leaves. `unsubscribe_url` is None unless all of it may be
    switched off.
    """

    owed: OwedMessage
    reminders: tuple[OwedReminder, ...]
    notices: tuple[ReminderNotice, ...]
    message: RenderedMessage
    dated_at: datetime
    late: tuple[int, ...]
    written: Written
    unsubscribe_url: str | None = None


def write_letter(
    message: OwedMessage,
    reminders: Sequence[OwedReminder],
    standing: Standing,
    links: LinkMaker | None,
) -> Letter:
    """Return the message in words, as everything stands now."""
    dated_at = standing.now.astimezone(ZoneInfo(message.time_zone))
    told = [
        (reminder, effect)
        for reminder in reminders
        if (effect := standing.effect_of(message, reminder)) is not None
    ]
    effects = [effect for _, effect in told]
    answers = _answers(effects, links, standing.now)
    notices = [
        _notice(message, reminder, effect, standing, each)
        for (reminder, effect), each in zip(told, answers, strict=True)
    ]
    if message.recipient_id is None and message.channel == MAIL:
        message = replace(message, email=standing.address_of(message))
    ended_by = None if links is None else links.unsubscribe(effects, standing.now)
    return Letter(
        owed=message,
        reminders=tuple(reminders),
        notices=tuple(notices),
        message=render_message(
            notices,
            language=message.language or "ru",
            kind=message.kind,
            unsubscribe_url=ended_by,
        ),
        dated_at=dated_at,
        late=tuple(
            reminder.id
            for reminder, effect in told
            if _is_late(message, reminder, effect)
        ),
        written=Written(
            message, [standing.told(reminder, effect) for reminder, effect in told]
        ),
        unsubscribe_url=ended_by,
    )


def _title(reminder: OwedReminder, language: str) -> str:
    """Return what the deadline is called, in the recipient's language if it can be."""
    if reminder.deadline_kind is None:
        return ""
    titles = titles_of(reminder.deadline_kind, reminder.measure_title or "")
    return titles.in_language(language)


def _answers(
    effects: Sequence[Effect], links: LinkMaker | None, now: datetime
) -> list[AnswerLinks | None]:
    """Return the links of each reminder; a long letter has some for the first ones."""
    return [
        links.answers(effect, now) if links and place < MOST_ANSWERED else None
        for place, effect in enumerate(effects)
    ]


def _is_late(message: OwedMessage, reminder: OwedReminder, effect: Effect) -> bool:
    """Tell whether a reminder goes out too late; one in a digest had to wait."""
    return reminder.is_late if message.kind == "digest" else effect.is_late


def _notice(
    message: OwedMessage,
    reminder: OwedReminder,
    effect: Effect,
    standing: Standing,
    answers: AnswerLinks | None,
) -> ReminderNotice:
    is_of_a_day = effect.kind in {StepKind.BEFORE, StepKind.ON_DAY}
    return ReminderNotice(
        programme_title=reminder.programme_title or "",
        school_name=reminder.school_name,
        measure_code=reminder.measure_code or "",
        measure_title=_title(reminder, message.language or "ru"),
        expected_result=reminder.expected_result,
        due_on=reminder.deadline_due_on or reminder.due_on,
        today=standing.now.astimezone(ZoneInfo(message.time_zone)).date(),
        days_before=standing.lead_of(reminder),
        is_late=is_of_a_day and _is_late(message, reminder, effect),
        is_synthetic=message.is_synthetic,
        answers=answers,
    )
