"""Turning a programme's measures into the deadlines that schools owe."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from shared.contracts.events import DeadlinesHappening, EventKind
from shared.domain.calendar import (
    ProgrammePeriod,
    SchoolCalendar,
    SchoolTermsMissingError,
    SchoolYear,
    Window,
)
from shared.domain.deadlines import DeadlineKind, DeadlineState
from shared.domain.errors import Fault, Text
from shared.domain.periods import AcademicYear
from shared.domain.schedule import Occurrence, occurrences, parse_term
from shared.persistence.outbox import record
from shared.persistence.tables.deadlines import DEADLINE_KEY, DeadlineRow
from shared.persistence.tables.municipalities import CalendarPeriodRow
from shared.persistence.tables.programmes import MeasureRow, ProgrammeRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.upsert import Written, upsert
from shared.persistence.work import Work
from shared.persistence.work_calendars import read_work_calendar

# The first day of a school and the day after its last; None where there is none.
Life: TypeAlias = tuple[date | None, date | None]
Owing: TypeAlias = Sequence[tuple[int | None, Life]]


async def fan_out(work: Work, programme_code: str) -> Written:
    """Write a deadline for each dated occurrence and each party that owes it.

    Headings have no deadlines of their own: what they cover is dated below them. A
    branch reports through its school. An occurrence that lies before the programme
    is kept as past. Dates that have moved are written, states are kept.
    """
    programme = (
        await work.session.scalars(
            select(ProgrammeRow).where(ProgrammeRow.code == programme_code)
        )
    ).one()
    rows = await due_deadlines(work, programme)
    written = await upsert(
        work,
        DeadlineRow,
        rows,
        key=DEADLINE_KEY,
        keep=["state", "created_at", "changed_at"],
    )
    if written:
        await record(
            work,
            EventKind.DEADLINES_CHANGED,
            municipality_id=programme.municipality_id,
            payload={
                "happened": DeadlinesHappening.REDATED,
                "programme": programme_code,
            },
        )
    return written


async def due_deadlines(work: Work, programme: ProgrammeRow) -> list[dict[str, Any]]:
    """Return the deadlines that the measures in force come to, written or not.

    Raises:
        SchoolTermsMissingError: the school calendar lacks terms that measures ask for;
            its faults name each measure.
    """
    calendar = await read_calendar(work, programme.municipality_id)
    period = ProgrammePeriod(
        programme.starts_on,
        programme.ends_on,
        "calendar" if programme.years == "calendar" else "academic",
    )
    schools = await _schools(work, programme.municipality_id)
    measures = await _leaves(work, programme.id)
    dated = _dated(measures, period, calendar)
    return [
        {
            "municipality_id": programme.municipality_id,
            "kind": DeadlineKind.MEASURE.value,
            "measure_id": measure.id,
            "created_at": work.now,
            "changed_at": work.now,
            **deadline,
        }
        for measure in measures
        for deadline in _deadlines(dated[measure.id], _owing(measure.parties, schools))
    ]


def _dated(
    measures: Iterable[Any], period: ProgrammePeriod, calendar: SchoolCalendar
) -> dict[int, tuple[Occurrence, ...]]:
    """Return the occurrences of each measure, or name every one that has no dates."""
    dated: dict[int, tuple[Occurrence, ...]] = {}
    faults: list[Fault] = []
    for measure in measures:
        schedule = parse_term(measure.term_text)
        try:
            dated[measure.id] = occurrences(schedule, period=period, calendar=calendar)
        except SchoolTermsMissingError as error:
            name = f"{measure.number} {measure.title}"
            reason = Text(
                f"Мероприятие «{name}» нельзя датировать. {error.detail.ru}",
                f"The measure “{name}” cannot be dated. {error.detail.en}",
            )
            column = f"measures.{measure.key}.term_text"
            faults.append(Fault(reason=reason, column=column, value=measure.term_text))
    if faults:
        raise SchoolTermsMissingError(faults[0].reason, faults=faults)
    return dated


async def read_calendar(work: Work, municipality_id: int) -> SchoolCalendar:
    """Return the municipality's school calendar with its working days."""
    rows = await work.session.execute(
        select(
            CalendarPeriodRow.academic_year,
            CalendarPeriodRow.kind,
            CalendarPeriodRow.starts_on,
            CalendarPeriodRow.ends_on,
        )
        .where(CalendarPeriodRow.municipality_id == municipality_id)
        .order_by(CalendarPeriodRow.academic_year, CalendarPeriodRow.starts_on)
    )
    terms: dict[int, dict[str, list[Window]]] = {}
    for year, kind, starts_on, ends_on in rows:
        of_year = terms.setdefault(year, {"quarter": [], "half_year": []})
        of_year[kind].append(Window(starts_on, ends_on))
    return SchoolCalendar(
        await read_work_calendar(work, municipality_id),
        tuple(
            SchoolYear(
                AcademicYear(year),
                quarters=tuple(of_year["quarter"]),
                half_years=tuple(of_year["half_year"]),
            )
            for year, of_year in terms.items()
        ),
    )


async def _leaves(
    work: Work, programme_id: int
) -> Sequence[Row[int, str, str, str, str, list[str]]]:
    child = aliased(MeasureRow)
    has_children = (
        select(child.id)
        .where(child.parent_id == MeasureRow.id, child.withdrawn_on.is_(None))
        .exists()
    )
    return (
        await work.session.execute(
            select(
                MeasureRow.id,
                MeasureRow.key,
                MeasureRow.number,
                MeasureRow.title,
                MeasureRow.term_text,
                MeasureRow.parties,
            )
            .where(
                MeasureRow.programme_id == programme_id,
                MeasureRow.is_datable,
                MeasureRow.withdrawn_on.is_(None),
                ~has_children,
            )
            .order_by(MeasureRow.plan, MeasureRow.position)
        )
    ).all()


async def _schools(work: Work, municipality_id: int) -> dict[int | None, Life]:
    rows = await work.session.execute(
        select(SchoolRow.id, SchoolRow.opened_on, SchoolRow.closed_on)
        .where(
            SchoolRow.municipality_id == municipality_id,
            SchoolRow.kind != "branch",
        )
        .order_by(SchoolRow.id)
    )
    return {row.id: (row.opened_on, row.closed_on) for row in rows}


def _owing(parties: Iterable[str], schools: Mapping[int | None, Life]) -> Owing:
    """Return who owes a measure and since and until when: None is the municipality."""
    owing: list[tuple[int | None, Life]] = []
    if "municipality" in parties:
        owing.append((None, (None, None)))
    if "schools" in parties:
        owing.extend(schools.items())
    return owing


def _exists(life: Life, day: date) -> bool:
    opened_on, closed_on = life
    return (opened_on is None or opened_on <= day) and (
        closed_on is None or day < closed_on
    )


def _deadlines(dated: Iterable[Occurrence], owing: Owing) -> Iterator[dict[str, Any]]:
    for occurrence in dated:
        for school_id, life in owing:
            if not _exists(life, occurrence.due_on):
                continue
            yield {
                "school_id": school_id,
                "occurrence": occurrence.number,
                "starts_on": occurrence.starts_on,
                "nominal_due_on": occurrence.nominal_due_on,
                "due_on": occurrence.due_on,
                "state": _first_state(occurrence).value,
            }


def _first_state(occurrence: Occurrence) -> DeadlineState:
    return DeadlineState.PAST if occurrence.before_programme else DeadlineState.OPEN
