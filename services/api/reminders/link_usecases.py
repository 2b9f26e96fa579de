"""Answering by a signed link: on behalf of the recipient that it was sent to."""

from services.api.reminders import answer_repository as repository
from services.api.reminders.answer_repository import Subject
from services.api.reminders.answer_schemas import AnswerOut
from services.api.reminders.answer_usecases import acknowledge_as, snooze_as
from shared.domain.reminders.answers import check_is_owed, latest_snooze
from shared.domain.reminders.links import (
    SNOOZE,
    Act,
    Answering,
    digest_of,
    read_token,
    refusal,
)
from shared.persistence.work import EVERYTHING, Work


async def read(work: Work, token: str, key: bytes) -> tuple[Subject, Answering]:
    """Return what a link would answer; nothing is written.

    Raises:
        LinkInvalidError: it is not ours, has expired, was used, or the deadline moved.
        NothingToAnswerError: nothing is owed for the deadline.
    """
    await work.enter_as_system(EVERYTHING)
    answering = read_token(token, key, now=work.now)
    subject = await repository.read_subject(work, answering.deadline_id)
    if subject is None or subject.deadline.due_on != answering.due_on:
        raise refusal()
    await work.enter_as_system(subject.municipality_id)
    if await repository.is_used(work, digest_of(token)):
        raise refusal()
    check_is_owed(subject.deadline)
    return subject, answering


async def use(work: Work, token: str, key: bytes) -> AnswerOut:
    """Answer as the link says, once.

    Raises:
        LinkInvalidError: it is not ours, has expired, was used, or the deadline moved.
        NothingToAnswerError: nothing is owed for the deadline.
    """
    subject, answering = await read(work, token, key)
    if not await repository.use_link(work, digest_of(token), subject.municipality_id):
        raise refusal()
    if answering.act is Act.ACKNOWLEDGE:
        return await acknowledge_as(work, subject, answering.recipient)
    until = min(subject.today + SNOOZE, latest_snooze(subject.deadline, subject.today))
    return await snooze_as(work, subject, answering.recipient, until=until)
