"""Holding an agreement still, and weighing what its guards ask for.

A transition locks its agreement's row first and the mentor school's row second, in
this order everywhere, and reads what it decides by after that.
"""

from typing import Any

from sqlalchemy import Row, func, select

from services.api.mentoring.frames import read_frame
from services.api.mentoring.lookups import no_agreement
from services.api.mentoring.records import LockedAgreement, PlanMeasure
from shared.domain.agreement_terms import RegistryNumber, SharedDataset
from shared.domain.agreements import (
    CLOSED_STATUSES,
    OPEN_STATUSES,
    Agreement,
    AgreementStatus,
    Circumstances,
    Side,
    Signature,
)
from shared.persistence.tables.agreements import (
    AgreementConfirmationRow,
    AgreementMeasureRow,
    AgreementRow,
    AgreementSignatureRow,
)
from shared.persistence.work import Work


async def read_plan(work: Work, agreement_id: int) -> tuple[PlanMeasure, ...]:
    """Return the measures of an agreement's plan in their order."""
    rows = await work.session.execute(
        select(AgreementMeasureRow.title, AgreementMeasureRow.due_on)
        .where(AgreementMeasureRow.agreement_id == agreement_id)
        .order_by(AgreementMeasureRow.position)
    )
    return tuple(PlanMeasure(row.title, row.due_on) for row in rows)


async def lock_agreement(work: Work, agreement_id: int) -> LockedAgreement:
    """Return an agreement that nobody else changes before this transaction ends.

    Raises:
        NotFoundError: The caller sees no such agreement.
    """
    statement = (
        select(*AgreementRow.__table__.c)
        .where(AgreementRow.id == agreement_id)
        .with_for_update()
    )
    row = (await work.session.execute(statement)).one_or_none()
    if row is None:
        raise no_agreement(agreement_id)
    plan = await read_plan(work, agreement_id)
    agreement = Agreement(
        mentor_school_id=row.mentor_school_id,
        mentee_school_id=row.mentee_school_id,
        mentor_municipality_id=row.mentor_municipality_id,
        mentee_municipality_id=row.mentee_municipality_id,
        problem=row.problem,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        goals=tuple(row.goals),
        plan_measures=len(plan),
        signatures=await _signatures(work, agreement_id),
        confirmations=await _confirmations(work, agreement_id),
        status=AgreementStatus(row.status),
    )
    return LockedAgreement(
        row.id,
        registry_number_of(row),
        row.municipality_id,
        frozenset({row.mentor_municipality_id, row.mentee_municipality_id}),
        row.programme_id,
        agreement,
        plan,
        tuple(SharedDataset(each) for each in row.shared_datasets),
        row.version,
    )


def registry_number_of(row: Row[Any]) -> RegistryNumber | None:
    """Return the number of an agreement's row, or None before it was proposed."""
    if row.registry_number is None:
        return None
    return RegistryNumber(row.registry_year, row.registry_number)


async def _signatures(work: Work, agreement_id: int) -> tuple[Signature, ...]:
    row_class = AgreementSignatureRow
    rows = await work.session.execute(
        select(row_class.side, row_class.signed_by, row_class.signed_at)
        .where(row_class.agreement_id == agreement_id)
        .order_by(row_class.id)
    )
    return tuple(
        Signature(side=Side(row.side), actor=row.signed_by, at=row.signed_at)
        for row in rows
    )


async def _confirmations(work: Work, agreement_id: int) -> tuple[Signature, ...]:
    given = AgreementConfirmationRow
    rows = await work.session.execute(
        select(given.side, given.confirmed_by, given.confirmed_at)
        .where(given.agreement_id == agreement_id)
        .order_by(given.id)
    )
    return tuple(
        Signature(side=Side(row.side), actor=row.confirmed_by, at=row.confirmed_at)
        for row in rows
    )


async def weigh(work: Work, locked: LockedAgreement) -> Circumstances:
    """Lock the mentor and return what the guards have to know beside the agreement.

    The mentor's other agreements and its place on lists are hidden from the mentee
    by row-level security, so that a query of ours would count too few of them. The
    database's function `tenancy.mentor_load` locks the mentor school, counts with
    the owner's eyes, and answers with numbers only, for an agreement that the
    caller sees.

    An act puts a school on the list of low results as a whole and names no problem;
    hence a membership in any calendar year that the programme touches stands for
    every problem.
    """
    load = func.tenancy.mentor_load(
        locked.id, sorted(OPEN_STATUSES), sorted(CLOSED_STATUSES)
    ).table_valued("capacity", "open_agreements", "is_on_low_list", "has_duplicate")
    mentor = (await work.session.execute(select(load))).one()
    frame = await read_frame(work, locked.id)
    return Circumstances(
        today=frame.local_date(work.now),
        programme_starts_on=frame.programme_starts_on,
        programme_ends_on=frame.programme_ends_on,
        mentor_capacity=mentor.capacity,
        mentor_open_agreements=mentor.open_agreements,
        mentor_on_low_list=mentor.is_on_low_list,
        duplicate_open=mentor.has_duplicate,
    )
