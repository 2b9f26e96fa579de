"""Academic sessions: years, half-years as terms, quarters as grading periods."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Text,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.api.oneroster.collections import Collection, Item, named_in, reference
from services.api.oneroster.moments import LONG_AGO, changed_at, shown_moment
from services.api.oneroster.orgs import ACTIVE, sourced_id_of
from shared.persistence.paging import AnyRow
from shared.persistence.tables.municipalities import CalendarPeriodRow, MunicipalityRow
from shared.persistence.tables.results import AssessmentResultRow

_MUNICIPALITY = MunicipalityRow.__table__.c
_PERIOD = CalendarPeriodRow.__table__.c
_RESULT = AssessmentResultRow.__table__.c
_HALF = CalendarPeriodRow.__table__.alias("half")

OF_CALENDARS: Final = ("school-calendar",)
TERM: Final = "term"
GRADING_PERIOD: Final = "gradingPeriod"
# The standard's days of ending are the first that no longer belong.
_NEXT_DAY: Final = timedelta(days=1)


def year_id(municipality: Any, year: Any) -> Any:
    """Return the sourcedId of an academic year: `year-1-2020`."""
    return func.concat("year-", municipality, "-", year, type_=Text)


def _outermost(choose: Any) -> Any:
    """Return the first, or the last, year of a municipality with terms or results."""
    of_terms = (
        select(choose(_PERIOD.academic_year))
        .where(_PERIOD.municipality_id == _MUNICIPALITY.id)
        .scalar_subquery()
    )
    of_results = (
        select(choose(_RESULT.academic_year))
        .where(_RESULT.municipality_id == _MUNICIPALITY.id)
        .scalar_subquery()
    )
    return of_terms, of_results


_YEARS: Final = select(
    _MUNICIPALITY.id.label("municipality_id"),
    cast(
        func.generate_series(
            func.least(*_outermost(func.min)),
            func.greatest(*_outermost(func.max)),
        ),
        Integer,
    ).label("year"),
).subquery("years")


def _label(year: Any) -> Any:
    return func.concat(year, "/", year + 1, type_=Text)


def _years() -> Any:
    year = _YEARS.c.year
    return select(
        _YEARS.c.municipality_id.label("municipality_id"),
        year.label("year"),
        literal(0, Integer).label("level"),
        literal(0, Integer).label("number"),
        year_id(_YEARS.c.municipality_id, year).label("sourcedId"),
        _label(year).label("title"),
        literal("schoolYear", Text).label("type"),
        cast(func.make_date(year, 9, 1), Date).label("startDate"),
        cast(func.make_date(year + 1, 9, 1), Date).label("endDate"),
        cast(null(), Text).label("parent"),
    )


def _half_id(table: Any) -> Any:
    return func.concat(
        "term-",
        table.municipality_id,
        "-",
        table.academic_year,
        "-",
        table.number,
        type_=Text,
    )


def _periods() -> Any:
    is_half = _PERIOD.kind == "half_year"
    in_half = (
        (_HALF.c.municipality_id == _PERIOD.municipality_id)
        & (_HALF.c.academic_year == _PERIOD.academic_year)
        & (_HALF.c.kind == "half_year")
        & (_PERIOD.kind == "quarter")
        & (_HALF.c.starts_on <= _PERIOD.starts_on)
        & (_HALF.c.ends_on >= _PERIOD.ends_on)
    )
    quarter_id = func.concat(
        "quarter-",
        _PERIOD.municipality_id,
        "-",
        _PERIOD.academic_year,
        "-",
        _PERIOD.number,
        type_=Text,
    )
    name = case((is_half, "-е полугодие "), else_="-я четверть ")
    return select(
        _PERIOD.municipality_id,
        cast(_PERIOD.academic_year, Integer),
        case((is_half, 1), else_=2),
        cast(_PERIOD.number, Integer),
        case((is_half, _half_id(_PERIOD)), else_=quarter_id),
        func.concat(_PERIOD.number, name, _label(_PERIOD.academic_year), type_=Text),
        case((is_half, TERM), else_=GRADING_PERIOD),
        _PERIOD.starts_on,
        cast(_PERIOD.ends_on + _NEXT_DAY, Date),
        case(
            (_HALF.c.id.is_not(None), _half_id(_HALF.c)),
            else_=year_id(_PERIOD.municipality_id, _PERIOD.academic_year),
        ),
    ).select_from(CalendarPeriodRow.__table__.outerjoin(_HALF, in_half))


_PLAIN = union_all(_years(), _periods()).cte("plain_sessions")
_CHILD = _PLAIN.alias("child")
_ROWS = select(
    *_PLAIN.c,
    literal(ACTIVE, Text).label("status"),
    func.coalesce(
        changed_at(OF_CALENDARS, None, _PLAIN.c.municipality_id), LONG_AGO
    ).label("dateLastModified"),
    cast(_PLAIN.c.year + 1, Text).label("schoolYear"),
    sourced_id_of("municipality", _PLAIN.c.municipality_id).label("org"),
    select(
        func.array_agg(
            aggregate_order_by(_CHILD.c.sourcedId, _CHILD.c.level, _CHILD.c.number)
        )
    )
    .where(_CHILD.c.parent == _PLAIN.c.sourcedId)
    .scalar_subquery()
    .label("children"),
).subquery("sessions")


def _shown(row: AnyRow, root: str) -> Item:
    def session(sourced_id: str) -> Item:
        return reference(root, "academicSessions", sourced_id, "academicSession")

    shown: Item = {
        "sourcedId": row.sourcedId,
        "status": row.status,
        "dateLastModified": shown_moment(row.dateLastModified),
        # The standard's sessions are of nobody; ours are each municipality's own.
        "metadata": {"org": reference(root, "orgs", row.org, "org")},
        "title": row.title,
        "startDate": row.startDate.isoformat(),
        "endDate": row.endDate.isoformat(),
        "type": row.type,
        "schoolYear": row.schoolYear,
        "children": [session(child) for child in row.children or ()],
    }
    return shown if row.parent is None else {**shown, "parent": session(row.parent)}


_COLUMNS: Final = (
    "sourcedId",
    "status",
    "dateLastModified",
    "title",
    "startDate",
    "endDate",
    "type",
    "schoolYear",
)
ACADEMIC_SESSIONS: Final = Collection(
    "academicSessions",
    "academicSession",
    _ROWS,
    named_in(_ROWS.c.sourcedId),
    (
        _ROWS.c.municipality_id,
        _ROWS.c.year,
        _ROWS.c.level,
        _ROWS.c.number,
    ),
    {name: _ROWS.c[name] for name in _COLUMNS}
    | {
        "parent.sourcedId": _ROWS.c.parent,
        "metadata.org.sourcedId": _ROWS.c.org,
    },
    (*_COLUMNS, "metadata", "parent", "children"),
    _shown,
)
IS_TERM: Final = _ROWS.c.type == TERM
IS_GRADING_PERIOD: Final = _ROWS.c.type == GRADING_PERIOD


def is_within(sourced_id: str) -> ColumnElement[bool]:
    """Return the condition that a session is a part of another."""
    within: ColumnElement[bool] = _ROWS.c.parent == sourced_id
    return within
