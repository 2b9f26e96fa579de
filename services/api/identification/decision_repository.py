"""Decisions on schools with low results, as they are kept."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from shared.persistence.tables.identification import IdentificationDecisionRow
from shared.persistence.work import Work


async def list_decisions(
    work: Work,
    *,
    municipality_id: int | None,
    school_id: int | None,
    academic_year: int | None,
    after: int,
    limit: int,
) -> Sequence[IdentificationDecisionRow]:
    """Return up to `limit + 1` decisions that the caller may see, oldest first."""
    row = IdentificationDecisionRow
    statement = select(row).where(row.id > after).order_by(row.id).limit(limit + 1)
    for column, value in (
        (row.municipality_id, municipality_id),
        (row.school_id, school_id),
        (row.academic_year, academic_year),
    ):
        if value is not None:
            statement = statement.where(column == value)
    return (await work.session.scalars(statement)).all()


async def write_decision(
    work: Work, values: dict[str, Any]
) -> IdentificationDecisionRow | None:
    """Write a decision; None if one stands already."""
    row: IdentificationDecisionRow | None = await work.session.scalar(
        insert(IdentificationDecisionRow)
        .values(values)
        .on_conflict_do_nothing()
        .returning(IdentificationDecisionRow)
    )
    return row


async def find_standing(
    work: Work, *, school_id: int, academic_year: int, rule_code: str
) -> int | None:
    """Return the number of the decision that stands, if there is one."""
    row = IdentificationDecisionRow
    number: int | None = await work.session.scalar(
        select(row.id).where(
            row.school_id == school_id,
            row.academic_year == academic_year,
            row.rule_code == rule_code,
            row.withdrawn_at.is_(None),
        )
    )
    return number


async def lock_decision(
    work: Work, decision_id: int
) -> IdentificationDecisionRow | None:
    """Return a decision, which nobody else changes until the transaction ends."""
    row: IdentificationDecisionRow | None = await work.session.scalar(
        select(IdentificationDecisionRow)
        .where(IdentificationDecisionRow.id == decision_id)
        .with_for_update()
    )
    return row


async def write_withdrawal(
    work: Work, decision_id: int, values: dict[str, Any]
) -> IdentificationDecisionRow:
    """Write that a decision is withdrawn, and return it."""
    row = IdentificationDecisionRow
    return (
        await work.session.scalars(
            update(row)
            .where(row.id == decision_id)
            .values(**values, version=row.version + 1)
            .returning(row)
            .execution_options(populate_existing=True)
        )
    ).one()
