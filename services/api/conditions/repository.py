"""Reading what a run made of schools' conditions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from shared.contracts.events import Topic
from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.conditions import ConditionIndexRangeRow
from shared.persistence.tables.school_conditions import (
    ConditionModelRow,
    SchoolConditionsRow,
)
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.scoring import CurrentRunRow
from shared.persistence.work import Work

# What lists show; the shares and the peers belong to one school's answer.
LISTED = [
    column
    for column in SchoolConditionsRow.__table__.c
    if column.name not in {"municipality_id", "shares", "peers", "leverage"}
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolFilter:
    """What a list is narrowed to; None does not narrow."""

    status: str | None = None
    difficulty: str | None = None
    resilience: str | None = None
    cluster: int | None = None


async def find_model(work: Work, run_id: int) -> ConditionModelRow | None:
    """Return what a run rests on; None where no method was in force."""
    found: ConditionModelRow | None = await work.session.scalar(
        select(ConditionModelRow).where(ConditionModelRow.run_id == run_id)
    )
    return found


async def list_schools(
    work: Work, run_id: int, wanted: SchoolFilter, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` schools that the caller may see, as written."""
    statement = (
        select(*LISTED, SchoolRow.name.label("school_name"))
        .join(SchoolRow, SchoolRow.id == SchoolConditionsRow.school_id)
        .where(SchoolConditionsRow.run_id == run_id)
    )
    for name in ("status", "difficulty", "resilience", "cluster"):
        value = getattr(wanted, name)
        if value is not None:
            column = getattr(SchoolConditionsRow, name)
            statement = statement.where(column == value)
    return await read_page(
        work, statement, SchoolConditionsRow.id, after=after, limit=limit
    )


async def find_school(work: Work, run_id: int, school_id: int) -> AnyRow | None:
    """Return all that a run holds of a school that the caller may see."""
    statement = (
        select(*SchoolConditionsRow.__table__.c, SchoolRow.name.label("school_name"))
        .join(SchoolRow, SchoolRow.id == SchoolConditionsRow.school_id)
        .where(
            SchoolConditionsRow.run_id == run_id,
            SchoolConditionsRow.school_id == school_id,
        )
    )
    return (await work.session.execute(statement)).one_or_none()


async def read_figures_of(
    work: Work, run_id: int, school_ids: Sequence[int]
) -> dict[int, AnyRow]:
    """Return the figures of those of the schools that the caller may see."""
    rows = await work.session.execute(
        select(
            SchoolConditionsRow.school_id,
            SchoolConditionsRow.index,
            SchoolConditionsRow.shares_known,
            SchoolConditionsRow.outcome,
            SchoolConditionsRow.n,
            SchoolConditionsRow.status,
            SchoolConditionsRow.cluster,
        ).where(
            SchoolConditionsRow.run_id == run_id,
            SchoolConditionsRow.school_id.in_(school_ids),
        )
    )
    return {row.school_id: row for row in rows}


async def list_published_ranges(
    work: Work, municipality_id: int
) -> Sequence[ConditionIndexRangeRow]:
    """Return the published ranges of a municipality, of its region too, by year."""
    rows = await work.session.scalars(
        select(ConditionIndexRangeRow)
        .where(ConditionIndexRangeRow.municipality_id == municipality_id)
        .order_by(ConditionIndexRangeRow.year, ConditionIndexRangeRow.area)
    )
    return rows.all()


async def list_computed_ranges(
    work: Work, municipality_id: int
) -> dict[int, dict[str, Any]]:
    """Return the lowest and highest index of each year's current run."""
    rows = await work.session.execute(
        select(
            CurrentRunRow.year,
            CurrentRunRow.run_id,
            ConditionModelRow.index_low.label("lowest"),
            ConditionModelRow.index_high.label("highest"),
            ConditionModelRow.schools_with_index.label("schools"),
        )
        .join(ConditionModelRow, ConditionModelRow.run_id == CurrentRunRow.run_id)
        .where(
            CurrentRunRow.municipality_id == municipality_id,
            CurrentRunRow.topic == Topic.CONDITIONS,
            ConditionModelRow.index_low.is_not(None),
        )
    )
    return {
        row.year: {key: value for key, value in row.items() if key != "year"}
        for row in rows.mappings()
    }
