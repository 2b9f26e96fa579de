"""Objections of schools to the draft of a ranking, and answers to them."""

from services.api.http.auth import Actor
from services.api.rankings import publication_repository as repository
from services.api.rankings.publication_schemas import AnswerIn, ObjectionIn
from services.api.rankings.publication_usecases import unknown_publication
from shared.domain.errors import NotFoundError, Text
from shared.domain.ranking_publications import (
    ObjectionStatus,
    PublicationStatus,
    check_objecting,
    require_open,
)
from shared.persistence.audit import created, difference, record_change
from shared.persistence.local_dates import today_of
from shared.persistence.visibility import sees_school
from shared.persistence.work import Work

ENTITY = "ranking_objection"


async def object_to(work: Work, actor: Actor, number: int, body: ObjectionIn) -> int:
    """File an objection of a school to a draft.

    A draft cannot be published meanwhile: objections share it, publishing has it alone.

    Raises:
        NotFoundError: the caller sees no such publication, or speaks for no
            such school.
        PublicationWrongStateError: it is no draft any more.
        ObjectionWindowError: the window has not begun or has passed.
    """
    row = await repository.read_publication(work, number, share=True)
    if row is None:
        raise unknown_publication(number)
    speaks_for = actor.school_id in {None, body.school_id}
    if not speaks_for or not await sees_school(work, body.school_id):
        raise NotFoundError(
            Text(
                f"Школы с номером {body.school_id} нет.",
                f"There is no school {body.school_id}.",
            )
        )
    check_objecting(
        PublicationStatus(row.status),
        row.objections_from,
        row.objections_until,
        today=await today_of(work, row.municipality_id),
    )
    values = {
        **body.model_dump(),
        "municipality_id": row.municipality_id,
        "publication_id": number,
        "filed_at": work.now,
    }
    objection = await repository.insert_objection(work, values)
    await record_change(
        work,
        ENTITY,
        "create",
        created(values),
        municipality_id=row.municipality_id,
        entity_id=objection,
        school_id=body.school_id,
    )
    return objection


async def answer(work: Work, number: int, objection: int, body: AnswerIn) -> None:
    """Answer an objection, once.

    Raises:
        NotFoundError: the caller sees no such objection.
        PublicationWrongStateError: it has an answer.
    """
    row = await repository.read_objection(work, number, objection, lock=True)
    if row is None:
        raise unknown_objection(objection)
    require_open(ObjectionStatus(row.status))
    status = ObjectionStatus.ACCEPTED if body.is_accepted else ObjectionStatus.REJECTED
    values = {"status": status, "answer": body.answer, "answered_at": work.now}
    await repository.update_objection(work, objection, values)
    await record_change(
        work,
        ENTITY,
        "answer",
        difference(row._asdict(), values),
        municipality_id=row.municipality_id,
        entity_id=objection,
        school_id=row.school_id,
    )


def unknown_objection(number: int) -> NotFoundError:
    """Say that there is no such objection to the publication."""
    return NotFoundError(
        Text(
            f"Возражения с номером {number} на эту публикацию нет.",
            f"There is no objection {number} to this publication.",
        )
    )
