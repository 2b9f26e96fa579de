"""The offers and requests of the bank, as matching reads and writes them."""

from sqlalchemy import case, func, insert, select, union, update

from shared.domain.agreements import CLOSED_STATUSES
from shared.domain.errors import NotFoundError, Text
from shared.domain.mentor_bank import Bank, OfferStatus, RequestStatus
from shared.domain.mentor_matches import Offer, Request, problem_code
from shared.persistence.tables.agreements import AgreementRow
from shared.persistence.tables.matching import MentorSuggestionDecisionRow
from shared.persistence.tables.mentor_bank import (
    MentorMatchRow,
    MentorOfferRow,
    MentorRequestRow,
)
from shared.persistence.work import Work


async def lock_offer(work: Work, offer_id: int) -> Offer:
    """Return an offer whose places nobody else takes before the transaction ends.

    Raises:
        NotFoundError: the caller sees no such offer.
    """
    statement = select(*MentorOfferRow.__table__.c).where(MentorOfferRow.id == offer_id)
    row = (await work.session.execute(statement.with_for_update())).one_or_none()
    if row is None:
        raise _unknown(offer_id, Text("Предложения", "offer"))
    taken = (
        select(func.count())
        .select_from(MentorMatchRow)
        .join(AgreementRow, AgreementRow.id == MentorMatchRow.agreement_id)
        .where(
            MentorMatchRow.offer_id == offer_id,
            AgreementRow.status.not_in(CLOSED_STATUSES),
        )
    )
    return Offer(
        school_id=row.school_id,
        municipality_id=row.municipality_id,
        bank=Bank(row.bank),
        subject=row.subject,
        capacity=row.capacity,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        status=OfferStatus(row.status),
        taken=(await work.session.scalars(taken)).one(),
    )


async def lock_request(work: Work, request_id: int) -> Request:
    """Return a request that nobody else changes before the transaction ends.

    Raises:
        NotFoundError: the caller sees no such request, or may not write it.
    """
    row_class = MentorRequestRow
    statement = select(*row_class.__table__.c).where(row_class.id == request_id)
    row = (await work.session.execute(statement.with_for_update())).one_or_none()
    if row is None:
        raise _unknown(request_id, Text("Запроса", "request"))
    return Request(
        school_id=row.school_id,
        municipality_id=row.municipality_id,
        subject=row.subject,
        problem=row.problem,
        status=RequestStatus(row.status),
    )


async def set_status(work: Work, request_id: int, status: RequestStatus) -> None:
    """Write where a request stands, as its next version."""
    row = MentorRequestRow
    await work.session.execute(
        update(row)
        .where(row.id == request_id)
        .values(status=status, version=row.version + 1)
    )


async def insert_match(
    work: Work,
    *,
    municipality_id: int,
    agreement_id: int,
    offer_id: int,
    request_id: int,
    subject: str | None,
) -> int:
    """Write which offer answers which request, and return the match's number."""
    statement = insert(MentorMatchRow).values(
        municipality_id=municipality_id,
        agreement_id=agreement_id,
        offer_id=offer_id,
        request_id=request_id,
        subject=subject,
    )
    return (await work.session.scalars(statement.returning(MentorMatchRow.id))).one()


async def find_request_of(work: Work, agreement_id: int) -> int | None:
    """Return the request that an agreement answers.

    It came of the bank, or of an accepted suggestion to a school that had asked.
    """
    match, decision = MentorMatchRow, MentorSuggestionDecisionRow
    of_bank = select(match.request_id).where(match.agreement_id == agreement_id)
    suggested = select(decision.request_id).where(
        decision.agreement_id == agreement_id, decision.request_id.is_not(None)
    )
    found: int | None = await work.session.scalar(union(of_bank, suggested))
    return found


async def find_open_request(
    work: Work, school_id: int, *, kind: str, code: str
) -> int | None:
    """Return the open request of a school for a subject, or in words, if it has one.

    Of several it is the most urgent one, and of those the oldest.
    """
    row = MentorRequestRow
    urgency = case({"high": 0, "medium": 1}, value=row.urgency, else_=2)
    requests = await work.session.execute(
        select(row.id, row.subject, row.problem)
        .where(row.school_id == school_id, row.status == RequestStatus.OPEN)
        .order_by(urgency, row.asked_on, row.id)
    )
    for number, subject, problem in requests:
        asked = ("subject", subject) if subject else ("problem", problem_code(problem))
        if asked == (kind, code):
            return int(number)
    return None


def _unknown(number: int, what: Text) -> NotFoundError:
    return NotFoundError(
        Text(
            f"{what.ru} {number} нет или вам недоступно.",
            f"There is no {what.en} {number}, or it is not accessible to you.",
        )
    )
