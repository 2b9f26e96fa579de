"""The log of the meetings that two schools held under their agreement."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select

from services.api.http.auth import Actor
from services.api.mentoring.locking import lock_agreement, weigh
from services.api.mentoring.lookups import no_agreement
from services.api.mentoring.trace import leave_trace
from services.api.mentoring.usecases import places_of
from shared.domain.agreement_evaluation import MeetingForbiddenError, check_meeting
from shared.domain.errors import Text
from shared.persistence.audit import created
from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.agreements import AgreementMeetingRow, AgreementRow
from shared.persistence.work import Work

_MEETING = AgreementMeetingRow.__table__.c


async def note_meeting(
    work: Work,
    actor: Actor,
    agreement_id: int,
    *,
    held_on: date,
    topic: str,
    result: str,
) -> AnyRow:
    """Note a meeting of the two schools.

    Raises:
        NotFoundError: The caller sees no such agreement.
        MeetingForbiddenError: The caller is neither a party nor its coordinator.
        AgreementNotInForceError: The agreement is not active.
        MeetingOutsideAgreementError: The day is outside its period.
    """
    locked = await lock_agreement(work, agreement_id)
    if not places_of(actor, locked.agreement):
        raise MeetingForbiddenError(
            Text(
                "Встречи записывают школы договора и их координаторы.",
                "Meetings are noted by the schools of the agreement and by their "
                "coordinators.",
            )
        )
    circumstances = await weigh(work, locked)
    check_meeting(locked.agreement, held_on, today=circumstances.today)
    said = {"held_on": held_on, "topic": topic, "result": result}
    statement = (
        insert(AgreementMeetingRow)
        .values(
            **said,
            municipality_id=locked.municipality_id,
            agreement_id=agreement_id,
            noted_by=actor.user_id,
            noted_at=work.now,
        )
        .returning(*_MEETING)
    )
    row: AnyRow = (await work.session.execute(statement)).one()
    await leave_trace(
        work,
        agreement_id,
        "meet",
        created(said),
        municipality_id=locked.municipality_id,
        concerned=locked.concerned,
        status=locked.agreement.status,
        reason=None,
    )
    return row


async def list_meetings(
    work: Work, agreement_id: int, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` meetings of an agreement in the order of noting.

    Raises:
        NotFoundError: The caller sees no such agreement.
    """
    seen = select(AgreementRow.id).where(AgreementRow.id == agreement_id)
    if await work.session.scalar(seen) is None:
        raise no_agreement(agreement_id)
    statement = select(*_MEETING).where(_MEETING.agreement_id == agreement_id)
    key = AgreementMeetingRow.id
    return await read_page(work, statement, key, after=after, limit=limit)
