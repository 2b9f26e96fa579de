"""Acknowledging a deadline, and putting its reminders off."""

from datetime import date

from services.api.http.auth import Actor
from services.api.reminders import answer_repository as repository
from services.api.reminders.answer_repository import Subject
from services.api.reminders.answer_schemas import AnswerOut
from shared.domain.errors import NotFoundError, Text
from shared.domain.reminders.answers import check_is_owed, check_snooze
from shared.domain.reminders.recipients import Recipient
from shared.persistence.audit import created, record_change
from shared.persistence.work import Work


async def acknowledge(work: Work, actor: Actor, deadline_id: int) -> AnswerOut:
    """Keep that the actor has taken notice; again changes nothing.

    Raises:
        NotFoundError: the actor sees no such deadline.
        NothingToAnswerError: nothing is owed for it.
    """
    return await acknowledge_as(work, await _subject(work, deadline_id), _who(actor))


async def snooze(
    work: Work, actor: Actor, deadline_id: int, *, until: date
) -> AnswerOut:
    """Put the actor's own reminders of a deadline off.

    Raises:
        NotFoundError: the actor sees no such deadline.
        NothingToAnswerError: nothing is owed for it.
        SnoozeTooLongError: the day is past or too late.
    """
    subject = await _subject(work, deadline_id)
    return await snooze_as(work, subject, _who(actor), until=until)


async def acknowledge_as(work: Work, subject: Subject, whom: Recipient) -> AnswerOut:
    """Keep that a recipient has taken notice.

    Raises:
        NothingToAnswerError: nothing is owed for the deadline.
    """
    deadline = subject.deadline
    check_is_owed(deadline)
    if await repository.acknowledge(work, subject, whom):
        await _record(work, subject, "acknowledge", {"due_on": deadline.due_on})
    return AnswerOut(
        deadline_id=deadline.id, due_on=deadline.due_on, act="acknowledge", until=None
    )


async def snooze_as(
    work: Work, subject: Subject, whom: Recipient, *, until: date
) -> AnswerOut:
    """Put a recipient's reminders of a deadline off.

    Raises:
        NothingToAnswerError: nothing is owed for the deadline.
        SnoozeTooLongError: the day is past or too late.
    """
    deadline = subject.deadline
    check_is_owed(deadline)
    check_snooze(deadline, until, subject.today)
    await repository.snooze(work, subject, whom, until=until)
    await _record(work, subject, "snooze", {"due_on": deadline.due_on, "until": until})
    return AnswerOut(
        deadline_id=deadline.id, due_on=deadline.due_on, act="snooze", until=until
    )


async def _subject(work: Work, deadline_id: int) -> Subject:
    subject = await repository.read_subject(work, deadline_id)
    if subject is None:
        raise NotFoundError(
            Text(
                f"Срока {deadline_id} нет или он вам не виден.",
                f"There is no deadline {deadline_id}, or you may not see it.",
            )
        )
    return subject


def _who(actor: Actor) -> Recipient:
    return Recipient(actor.user_id, None, actor.school_id)


async def _record(
    work: Work, subject: Subject, action: str, values: dict[str, date]
) -> None:
    await record_change(
        work,
        "deadline",
        action,
        created(values),
        municipality_id=subject.municipality_id,
        school_id=subject.deadline.school_id,
        entity_id=subject.deadline.id,
    )
