"""Agreements out of the bank: an offer that answers a request."""

from dataclasses import dataclass
from datetime import date

from services.api.http.auth import Actor
from services.api.mentoring import bank, drafting
from services.api.mentoring.drafting import Draft
from services.api.mentoring.records import Content
from shared.contracts.events import EventKind
from shared.domain.agreements import AgreementStatus, Transition
from shared.domain.mentor_bank import RequestStatus
from shared.domain.mentor_matches import Request, check_match, require_open
from shared.persistence.audit import record_change
from shared.persistence.outbox import record
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedMatch:
    """Which offer shall answer which request, under which programme, and when."""

    offer_id: int
    request_id: int
    programme_id: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An offer that answers a request, and the agreement drafted of them."""

    id: int
    agreement_id: int
    offer_id: int
    request_id: int
    problem: str
    subject: str | None


async def match(work: Work, actor: Actor, wanted: WantedMatch) -> Match:
    """Draft an agreement of an offer and a request, which is matched from then on.

    The offer is locked first and the request second, in this order everywhere.

    Raises:
        NotFoundError: the caller sees no such offer, request or programme.
        ConflictError: see `check_match`.
        DomainError: as `drafting.create` says.
    """
    offer = await bank.lock_offer(work, wanted.offer_id)
    request = await bank.lock_request(work, wanted.request_id)
    starts_on, ends_on = wanted.starts_on, wanted.ends_on
    check_match(offer, request, starts_on=starts_on, ends_on=ends_on)
    content = Content(request.problem, starts_on, ends_on, (), (), ())
    draft = Draft(wanted.programme_id, offer.school_id, request.school_id, content)
    agreement_id = await drafting.create(work, actor, draft)
    subject = request.subject or offer.subject
    number = await bank.insert_match(
        work,
        municipality_id=request.municipality_id,
        agreement_id=agreement_id,
        offer_id=wanted.offer_id,
        request_id=wanted.request_id,
        subject=subject,
    )
    await move(work, wanted.request_id, request, RequestStatus.MATCHED, reason=None)
    return Match(
        id=number,
        agreement_id=agreement_id,
        offer_id=wanted.offer_id,
        request_id=wanted.request_id,
        problem=request.problem,
        subject=subject,
    )


async def close(work: Work, request_id: int, reason: str) -> RequestStatus:
    """Close an open request for which no mentor is needed any more.

    Raises:
        NotFoundError: the caller sees no such request.
        MentorRequestNotOpenError: it is matched or closed.
    """
    request = await bank.lock_request(work, request_id)
    require_open(request.status)
    await move(work, request_id, request, RequestStatus.CLOSED, reason=reason)
    return RequestStatus.CLOSED


async def settle(work: Work, agreement_id: int, transition: Transition) -> None:
    """Let the request follow its agreement: closed with it, or open again."""
    ends = {
        AgreementStatus.COMPLETED: RequestStatus.CLOSED,
        AgreementStatus.TERMINATED: RequestStatus.OPEN,
    }
    status = ends.get(transition.after)
    if status is None:
        return
    request_id = await bank.find_request_of(work, agreement_id)
    if request_id is not None:
        request = await bank.lock_request(work, request_id)
        reason = transition.reason or f"agreement {agreement_id} {transition.after}"
        await move(work, request_id, request, status, reason=reason)


async def move(
    work: Work,
    request_id: int,
    request: Request,
    status: RequestStatus,
    *,
    reason: str | None,
) -> None:
    """Write where a locked request stands, and tell of it."""
    await bank.set_status(work, request_id, status)
    await record_change(
        work,
        "mentor_request",
        status,
        {"status": [request.status, status]},
        municipality_id=request.municipality_id,
        entity_id=request_id,
        school_id=request.school_id,
        reason=reason,
    )
    await record(
        work,
        EventKind.RECORDS_CHANGED,
        municipality_id=request.municipality_id,
        school_id=request.school_id,
        payload={"dataset": "mentor-requests", "id": request_id, "action": status},
    )
