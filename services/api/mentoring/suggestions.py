"""Deciding of suggested mentors: an agreement is drafted, or the pair declined."""

from dataclasses import dataclass
from datetime import date

from services.api.http.auth import Actor
from services.api.mentoring import bank, drafting, matching, suggestion_bank
from services.api.mentoring.drafting import Draft
from services.api.mentoring.records import Content
from services.api.mentoring.suggestion_bank import SuggestedPair
from shared.contracts.events import EventKind
from shared.domain.mentor_bank import RequestStatus
from shared.domain.mentor_matches import require_open
from shared.domain.mentor_suggestions import SuggestionDecision, declined, outdated
from shared.persistence.audit import created, record_change
from shared.persistence.outbox import record
from shared.persistence.work import Work

DATASET = "mentor-suggestion-decisions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Which suggestion is accepted, and what its agreement is to be.

    Without a `problem` the agreement is about the need that the pair is suggested for.
    """

    suggestion_id: int
    programme_id: int
    starts_on: date
    ends_on: date
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision, and the agreement that came of it."""

    id: int
    suggestion_id: int
    mentor_id: int
    mentee_id: int
    decision: SuggestionDecision
    agreement_id: int | None


async def accept(work: Work, actor: Actor, wanted: Acceptance) -> Decision:
    """Draft an agreement of a suggested pair, or of an alternative to one.

    A request of the mentee for this help is matched from then on, and follows the
    agreement as one from the bank does.

    Raises:
        NotFoundError: the caller sees no such suggestion or programme.
        MentorSuggestionOutdatedError: there is a newer run.
        MentorSuggestionDeclinedError: the pair was declined.
        DomainError: as `drafting.create` says.
    """
    pair = await _open_pair(work, wanted.suggestion_id)
    problem = wanted.problem or await suggestion_bank.name_problem(work, pair)
    content = Content(problem, wanted.starts_on, wanted.ends_on, (), (), ())
    draft = Draft(wanted.programme_id, pair.mentor_id, pair.mentee_id, content)
    agreement_id = await drafting.create(work, actor, draft)
    request_id = await _match_request(work, pair)
    number = await _decide(
        work,
        actor,
        pair,
        SuggestionDecision.ACCEPTED,
        agreement_id=agreement_id,
        request_id=request_id,
    )
    return Decision(
        id=number,
        suggestion_id=wanted.suggestion_id,
        mentor_id=pair.mentor_id,
        mentee_id=pair.mentee_id,
        decision=SuggestionDecision.ACCEPTED,
        agreement_id=agreement_id,
    )


async def decline(
    work: Work, actor: Actor, suggestion_id: int, reason: str
) -> Decision:
    """Decline a pair, which is then not suggested again in its academic year.

    Raises:
        NotFoundError: the caller sees no such suggestion.
        MentorSuggestionOutdatedError: there is a newer run.
        MentorSuggestionDeclinedError: the pair was declined before.
    """
    pair = await _open_pair(work, suggestion_id)
    number = await _decide(
        work, actor, pair, SuggestionDecision.DECLINED, reason=reason
    )
    return Decision(
        id=number,
        suggestion_id=suggestion_id,
        mentor_id=pair.mentor_id,
        mentee_id=pair.mentee_id,
        decision=SuggestionDecision.DECLINED,
        agreement_id=None,
    )


async def _open_pair(work: Work, suggestion_id: int) -> SuggestedPair:
    pair = await suggestion_bank.find_pair(work, suggestion_id)
    if not pair.is_current:
        raise outdated()
    if await suggestion_bank.is_declined(work, pair):
        raise declined()
    return pair


async def _match_request(work: Work, pair: SuggestedPair) -> int | None:
    """Match the request that the suggestion answers, if the mentee has an open one."""
    request_id = await bank.find_open_request(
        work, pair.mentee_id, kind=pair.kind, code=pair.code
    )
    if request_id is not None:
        request = await bank.lock_request(work, request_id)
        require_open(request.status)
        await matching.move(
            work, request_id, request, RequestStatus.MATCHED, reason=None
        )
    return request_id


async def _decide(
    work: Work,
    actor: Actor,
    pair: SuggestedPair,
    decision: SuggestionDecision,
    *,
    reason: str | None = None,
    agreement_id: int | None = None,
    request_id: int | None = None,
) -> int:
    number = await suggestion_bank.insert_decision(
        work,
        pair,
        decision,
        decided_by=actor.user_id,
        reason=reason,
        agreement_id=agreement_id,
        request_id=request_id,
    )
    if number is None:
        raise declined()
    kept = {
        "mentor_id": pair.mentor_id,
        "mentee_id": pair.mentee_id,
        "academic_year": pair.academic_year,
        "agreement_id": agreement_id,
        "request_id": request_id,
    }
    await record_change(
        work,
        "mentor_suggestion",
        decision,
        created(kept),
        municipality_id=pair.municipality_id,
        entity_id=number,
        school_id=pair.mentee_id,
        reason=reason,
    )
    await record(
        work,
        EventKind.RECORDS_CHANGED,
        municipality_id=pair.municipality_id,
        academic_year=pair.academic_year,
        payload={"dataset": DATASET, "id": number, "action": decision},
    )
    return number
