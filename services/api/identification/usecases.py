"""A municipality confirms or overrides what a rule says of a school, by an order."""

from datetime import date

from services.api.http.auth import Actor
from services.api.http.preconditions import Expected
from services.api.identification import decision_repository, repository
from services.api.identification.decision_schemas import DecisionIn, WithdrawalIn
from services.api.identification.errors import (
    AlreadyDecidedError,
    AlreadyWithdrawnError,
    OrderDateError,
    OutdatedIdentificationError,
    in_the_future,
    unknown_decision,
    unknown_identification,
)
from services.api.identification.records import Found
from shared.contracts.events import Topic
from shared.domain.errors import Fault, Text
from shared.persistence.audit import created, difference, record_change
from shared.persistence.local_dates import today_of
from shared.persistence.runs import find_run
from shared.persistence.tables.identification import IdentificationDecisionRow
from shared.persistence.work import Work

ENTITY = "identification_decision"


async def require_found(work: Work, identification_id: int) -> Found:
    """Return an answer that the caller may see.

    Raises:
        NotFoundError: there is none.
    """
    found = await repository.find_found(work, identification_id)
    if found is None:
        raise unknown_identification(identification_id)
    return found


async def decide(
    work: Work, actor: Actor, identification_id: int, body: DecisionIn
) -> IdentificationDecisionRow:
    """Keep a decision beside the computed status, which stays as it is.

    Raises:
        NotFoundError: there is no such answer for the caller.
        OutdatedIdentificationError: a newer run has taken its place.
        OrderDateError: the order is of a day to come.
        AlreadyDecidedError: there is a decision that has not been withdrawn.
    """
    found = await require_found(work, identification_id)
    run = await find_run(work, Topic.IDENTIFICATION, found.run_id)
    if run is None or not run.is_current:
        raise OutdatedIdentificationError.of(found.id)
    await _require_past(work, found.municipality_id, body.order_on)
    facts = {**body.model_dump(), "computed_status": found.status}
    decision = await decision_repository.write_decision(
        work,
        {
            **facts,
            "municipality_id": found.municipality_id,
            "school_id": found.school_id,
            "academic_year": found.academic_year,
            "rule_code": found.rule_code,
            "rule_version": found.rule_version,
            "run_id": found.run_id,
            "decided_at": work.now,
            "decided_by": actor.user_id,
        },
    )
    if decision is None:
        standing = await decision_repository.find_standing(
            work,
            school_id=found.school_id,
            academic_year=found.academic_year,
            rule_code=found.rule_code,
        )
        raise AlreadyDecidedError.of(found, standing)
    await record_change(
        work,
        ENTITY,
        "decide",
        created(facts),
        municipality_id=decision.municipality_id,
        entity_id=decision.id,
        school_id=decision.school_id,
        reason=body.reason,
    )
    return decision


async def withdraw(
    work: Work, actor: Actor, decision_id: int, body: WithdrawalIn, expected: Expected
) -> IdentificationDecisionRow:
    """Withdraw a decision by another order; it stays in the history.

    Raises:
        NotFoundError: there is no such decision for the caller.
        PreconditionFailedError: it has another version than expected.
        AlreadyWithdrawnError: it was withdrawn before.
        OrderDateError: the order is of a day to come, or before that of the decision.
    """
    decision = await decision_repository.lock_decision(work, decision_id)
    if decision is None:
        raise unknown_decision(decision_id)
    expected.check(decision.version)
    if decision.withdrawn_at is not None:
        raise AlreadyWithdrawnError.of(decision_id)
    await _require_past(work, decision.municipality_id, body.order_on)
    if body.order_on < decision.order_on:
        reason = Text(
            f"Приказ об отмене не раньше отменяемого ({decision.order_on}).",
            f"The order is not before the one that it withdraws ({decision.order_on}).",
        )
        fault = Fault(column="order_on", value=str(body.order_on), reason=reason)
        raise OrderDateError(reason, faults=[fault])
    facts = {
        "withdrawal_number": body.order_number,
        "withdrawal_on": body.order_on,
        "withdrawal_body": body.order_body,
        "withdrawal_reason": body.reason,
    }
    kept = {**facts, "withdrawn_at": work.now, "withdrawn_by": actor.user_id}
    changes = difference({}, facts)
    withdrawn = await decision_repository.write_withdrawal(work, decision_id, kept)
    await record_change(
        work,
        ENTITY,
        "withdraw",
        changes,
        municipality_id=withdrawn.municipality_id,
        entity_id=withdrawn.id,
        school_id=withdrawn.school_id,
        reason=body.reason,
    )
    return withdrawn


async def _require_past(work: Work, municipality_id: int, day: date) -> None:
    today = await today_of(work, municipality_id)
    if day > today:
        raise in_the_future(day, today)
