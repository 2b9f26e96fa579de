"""Writing agreements, their plans, signatures and history."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import date
from typing import Any

from asyncpg import UniqueViolationError
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from services.api.mentoring.records import Content, LockedAgreement, PlanMeasure
from shared.domain.agreement_errors import DuplicateAgreementError
from shared.domain.agreement_evaluation import Evaluation
from shared.domain.agreement_terms import Identifier, RegistryNumber, SharedDataset
from shared.domain.agreements import (
    CLOSED_STATUSES,
    Action,
    Agreement,
    AgreementStatus,
    Side,
    Transition,
)
from shared.persistence.tables.agreements import (
    AgreementConfirmationRow,
    AgreementEventRow,
    AgreementMeasureRow,
    AgreementRow,
    AgreementSignatureRow,
)
from shared.persistence.work import Work

ONE_OPEN = "uq_mentoring_agreements_open_pair"


@asynccontextmanager
async def _one_open(problem: str) -> AsyncIterator[None]:
    """Translate the refusal of a second open agreement by the unique index."""
    try:
        yield
    except IntegrityError as error:
        cause = getattr(error.orig, "__cause__", None)
        if (
            isinstance(cause, UniqueViolationError)
            and cause.constraint_name == ONE_OPEN
        ):
            raise DuplicateAgreementError(problem) from error
        raise


async def insert_draft(
    work: Work,
    draft: Agreement,
    *,
    home: int,
    programme_id: int,
    shared_datasets: Sequence[SharedDataset],
    author: int,
) -> int:
    """Write a new agreement without its plan and return its id.

    `home` is the municipality that keeps it.

    Raises:
        DuplicateAgreementError: One is open for the same pair and problem.
    """
    statement = (
        insert(AgreementRow)
        .values(
            municipality_id=home,
            programme_id=programme_id,
            mentor_municipality_id=draft.mentor_municipality_id,
            mentor_school_id=draft.mentor_school_id,
            mentee_municipality_id=draft.mentee_municipality_id,
            mentee_school_id=draft.mentee_school_id,
            problem=draft.problem,
            starts_on=draft.starts_on,
            ends_on=draft.ends_on,
            goals=list(draft.goals),
            shared_datasets=list(shared_datasets),
            status=draft.status,
            version=1,
            created_by=author,
            created_at=work.now,
        )
        .returning(AgreementRow.id)
    )
    async with _one_open(draft.problem):
        return (await work.session.execute(statement)).scalar_one()


async def update_content(work: Work, agreement_id: int, content: Content) -> None:
    """Write a draft's content without its plan.

    Raises:
        DuplicateAgreementError: One is open for the same pair and problem.
    """
    async with _one_open(content.problem):
        await _update(
            work,
            agreement_id,
            problem=content.problem,
            starts_on=content.starts_on,
            ends_on=content.ends_on,
            goals=list(content.goals),
            shared_datasets=list(content.shared_datasets),
        )


async def replace_plan(
    work: Work,
    agreement_id: int,
    plan: tuple[PlanMeasure, ...],
    *,
    municipality_id: int,
) -> None:
    """Write the measures of a draft's plan in place of those that were there."""
    await work.session.execute(
        delete(AgreementMeasureRow).where(
            AgreementMeasureRow.agreement_id == agreement_id
        )
    )
    rows = [
        {
            "municipality_id": municipality_id,
            "agreement_id": agreement_id,
            "position": position,
            "title": measure.title,
            "due_on": measure.due_on,
        }
        for position, measure in enumerate(plan, start=1)
    ]
    if rows:
        await work.session.execute(insert(AgreementMeasureRow).values(rows))


async def give_number(work: Work, agreement_id: int, *, year: int) -> RegistryNumber:
    """Return the next number of the register, which nobody else gets.

    The register stays locked until the transaction ends: it comes after the locks of
    the agreement and of the mentor.
    """
    number = await work.session.scalar(
        select(func.tenancy.next_registry_number(agreement_id, year))
    )
    if number is None:
        raise LookupError(agreement_id)
    return RegistryNumber(year, number)


async def save_transition(
    work: Work,
    locked: LockedAgreement,
    transition: Transition,
    *,
    today: date,
    registry_number: RegistryNumber | None,
    evaluation: Evaluation | None,
) -> None:
    """Write the new status, what was signed or confirmed, and the step itself."""
    values: dict[str, Any] = {"status": transition.after}
    if transition.after in CLOSED_STATUSES:
        values["ended_on"] = today
    if registry_number is not None:
        values["registry_year"] = registry_number.year
        values["registry_number"] = registry_number.number
    if evaluation is not None:
        values["evaluation"] = asdict(evaluation)
    await _update(work, locked.id, **values)
    if transition.action is Action.SIGN:
        await work.session.execute(
            insert(AgreementSignatureRow).values(
                municipality_id=locked.municipality_id,
                agreement_id=locked.id,
                side=transition.side,
                signed_by=transition.actor,
                signed_at=transition.at,
            )
        )
    if transition.action is Action.CONFIRM:
        await work.session.execute(
            insert(AgreementConfirmationRow).values(
                municipality_id=locked.municipality_id,
                agreement_id=locked.id,
                side=transition.side,
                confirmed_by=transition.actor,
                confirmed_at=transition.at,
            )
        )
    await insert_event(
        work,
        locked.id,
        municipality_id=locked.municipality_id,
        action=transition.action,
        author=transition.actor,
        before=transition.before,
        after=transition.after,
        side=transition.side,
        reason=transition.reason,
    )


async def insert_event(
    work: Work,
    agreement_id: int,
    *,
    municipality_id: int,
    action: str,
    author: Identifier,
    before: AgreementStatus | None,
    after: AgreementStatus,
    side: Side | None = None,
    reason: str | None = None,
) -> None:
    """Write a step of the history, at the transaction's moment."""
    await work.session.execute(
        insert(AgreementEventRow).values(
            municipality_id=municipality_id,
            agreement_id=agreement_id,
            action=action,
            side=side,
            from_status=before,
            to_status=after,
            reason=reason,
            by_user=author,
            at=work.now,
        )
    )


async def _update(work: Work, agreement_id: int, **values: Any) -> None:
    await work.session.execute(
        update(AgreementRow)
        .where(AgreementRow.id == agreement_id)
        .values(version=AgreementRow.version + 1, **values)
    )
