"""Taking messages whose turn has come, and putting them into words."""

from collections import defaultdict
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
from services.notifier.repository import deliveries as repository
from services.notifier.repository import owed as owed_repository
from services.notifier.repository import standing as standing_repository
from services.notifier.repository.attempts import record_lost, record_unaddressed
from services.notifier.repository.owed import OwedMessage, OwedReminder
from services.notifier.repository.standing import BOUNCED, Standing
from shared.domain.deadline_titles import titles_of
from shared.domain.reminders.day import Effect
from shared.domain.reminders.recipients import MAIL
from shared.domain.reminders.rules import ReminderRules
from shared.domain.reminders.steps import StepKind
from shared.persistence.work import Work

MOST_ANSWERED = 10  # reminders of a message that have links; the others have none


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message in its recipient's language, with the reminders that still stand.

    `notices` say the same as `message`, one for each of `reminders`. `dated_at` is the
    moment of taking, on the system's clock and in the municipality's time zone. `late`
    are the ids of the reminders that go out after their day. `unsubscribe_url` is None
    unless all of it may be switched off.
    """

    owed: OwedMessage
    reminders: tuple[OwedReminder, ...]
    notices: tuple[ReminderNotice, ...]
    message: RenderedMessage
    dated_at: datetime
    late: tuple[int, ...]
    unsubscribe_url: str | None = None


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
    lease. Without `links` nobody can answer from the letters.
    """
    owed = await owed_repository.lock_owed(work, channel, at=at, limit=limit)
    if not owed:
        return Taken([], is_full=False)
    await record_lost(work, owed, at=at)
    reminders = await owed_repository.read_carried(work, owed)
    standing = await standing_repository.read_standing(work, owed, reminders, rules)
    awake = await _put_off_at_rest(work, owed, standing)
    carried = await _withdraw(work, awake, reminders, standing, at=at)
    if carried:
        await repository.hold(work, list(carried), until=until)
    letters = [
        _letter(message, carried[message.id], standing, links)
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


def _letter(
    message: OwedMessage,
    reminders: Sequence[OwedReminder],
    standing: Standing,
    links: LinkMaker | None,
) -> Letter:
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
