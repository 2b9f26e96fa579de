"""The offers and requests of the bank, as matching reads and writes them."""

from sqlalchemy import func, insert, select, update

from shared.domain.agreements import CLOSED_STATUSES
from shared.domain.errors import NotFoundError, Text
from shared.domain.mentor_bank import Bank, OfferStatus, RequestStatus
from shared.domain.mentor_matches import Offer, Request
from shared.persistence.tables.agreements import AgreementRow
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
    """Return the request that an agreement answers, if it came of the bank."""
    match = MentorMatchRow
    statement = select(match.request_id).where(match.agreement_id == agreement_id)
    return await work.session.scalar(statement)


def _unknown(number: int, what: Text) -> NotFoundError:
    return NotFoundError(
        Text(
            f"{what.ru} {number} нет или вам недоступно.",
            f"There is no {what.en} {number}, or it is not accessible to you.",
        )
    )
