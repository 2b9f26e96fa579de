"""What the statements of facts have in common."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Label,
    Select,
    case,
    func,
    literal,
    select,
)

from services.scoring.repository.areas import Area
from shared.domain.formulas.conditions import CONDITIONS
from shared.domain.periods import AcademicYear

Rows: TypeAlias = Select[*tuple[Any, ...]]
Reader: TypeAlias = Callable[[Area, Sequence[int]], Rows]


def as_they_are(
    rows: FromClause, prefix: str, area: Area, years: Sequence[int]
) -> Rows:
    """Select the rows of a table that has one for a school and an academic year."""
    return select(rows.c.school_id, rows.c.academic_year, *named(rows, prefix)).where(
        area.holds(rows.c.municipality_id), rows.c.academic_year.in_(years)
    )


def named(rows: FromClause, prefix: str) -> list[Label[Any]]:
    """Return the columns of a table that formulas name, under their names there."""
    names = [fact.name for fact in CONDITIONS if fact.name.startswith(f"{prefix}.")]
    return [rows.c[name.removeprefix(f"{prefix}.")].label(name) for name in names]


def year_of(day: ColumnElement[Any], years: Sequence[int]) -> ColumnElement[Any]:
    """Return which of the academic years a day falls in, or null."""
    periods = [
        (
            day.between(
                literal(AcademicYear(year).starts_on, Date),
                literal(AcademicYear(year).ends_on, Date),
            ),
            literal(year, Integer),
        )
        for year in years
    ]
    return case(*periods)


def whole_sum(figure: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the sum of a group, null where one of the figures is."""
    return case((func.count(figure) == func.count(), func.sum(figure)))
