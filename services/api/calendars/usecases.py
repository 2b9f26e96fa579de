"""Replacing a municipality's calendar, and what becomes of its deadlines."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from services.api.calendars import repository
from services.api.http.preconditions import Expected
from services.api.scheduling.redating import redate_municipality
from shared.contracts.events import EventKind
from shared.domain.errors import NotFoundError, Text
from shared.domain.followed_records import RecordMove
from shared.domain.municipal_calendar import MunicipalCalendar, check_calendar
from shared.domain.periods import AcademicYear
from shared.domain.redating import Move
from shared.persistence.audit import difference, record_change
from shared.persistence.outbox import record
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDeadlines:
    """The deadlines of one occurrence of a measure, which moved alike.

    `due_on` is None where they are withdrawn. Of the schools, None is the
    municipality's own.
    """

    programme_id: int
    measure_id: int
    number: str
    title: str
    occurrence: int
    due_before: date
    due_on: date | None
    deadlines: list[int]
    schools: list[int | None]


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """What a calendar came to: deadlines that moved or were withdrawn, and opened.

    `moved` are those of measures, `records` those that records ask for.
    """

    calendar: MunicipalCalendar
    moved: list[MovedDeadlines]
    records: list[RecordMove]
    opened: int


async def read(work: Work, municipality_id: int, year: int) -> MunicipalCalendar:
    """Return the calendar of an academic year.

    Raises:
        NotFoundError: the caller sees no such municipality.
    """
    await _municipality(work, municipality_id)
    return await repository.read_calendar(work, municipality_id, AcademicYear(year))


async def replace(
    work: Work,
    municipality_id: int,
    wanted: MunicipalCalendar,
    *,
    expected: Expected,
    reason: str | None,
    is_dry: bool,
) -> CalendarChange:
    """Replace a calendar and move the deadlines that are owed; with `is_dry`, say how.

    What is done, submitted or past stays.

    Raises:
        NotFoundError: the caller sees no such municipality.
        PreconditionFailedError: somebody has changed the calendar meanwhile.
        InvalidInputError: it contradicts itself, or lacks terms that measures ask for.
    """
    municipality = await _municipality(work, municipality_id)
    check_calendar(wanted)
    await repository.lock_calendar(work, municipality_id)
    before = await repository.read_calendar(work, municipality_id, wanted.academic_year)
    expected.check(before.version)
    trial = await work.session.begin_nested()
    change = await _replace(work, municipality, before, wanted, reason)
    if is_dry:
        await trial.rollback()
    else:
        await trial.commit()
    return change


async def _replace(
    work: Work,
    municipality: AnyRow,
    before: MunicipalCalendar,
    wanted: MunicipalCalendar,
    reason: str | None,
) -> CalendarChange:
    changes = difference(_fields(before), _fields(wanted))
    if not changes:
        return CalendarChange(before, [], [], 0)
    await repository.replace_calendar(work, municipality.id, wanted)
    await record_change(
        work,
        "calendar",
        "replace",
        {**changes, "academic_year": [None, wanted.academic_year.start]},
        municipality_id=municipality.id,
        reason=reason,
    )
    await record(
        work,
        EventKind.RECORDS_CHANGED,
        municipality_id=municipality.id,
        academic_year=wanted.academic_year.start,
        payload={"dataset": "school-calendar", "action": "replace"},
    )
    redated = await redate_municipality(
        work,
        municipality.id,
        today=work.today_in(municipality.time_zone),
        reason=reason,
    )
    moves = [move for each in redated.programmes for move in each.moves]
    opened = sum(len(each.opened) for each in redated.programmes)
    return CalendarChange(wanted, await _named(work, moves), redated.records, opened)


async def _named(work: Work, moves: Sequence[Move]) -> list[MovedDeadlines]:
    alike: defaultdict[tuple[Any, ...], list[Move]] = defaultdict(list)
    for move in moves:
        key = move.measure_id, move.occurrence, move.due_before, move.due_on
        alike[key].append(move)
    measures = await repository.read_measures(work, {key[0] for key in alike})
    places = {measure.id: place for place, measure in enumerate(measures)}
    named = [
        MovedDeadlines(
            programme_id=measures[places[measure_id]].programme_id,
            measure_id=measure_id,
            number=measures[places[measure_id]].number,
            title=measures[places[measure_id]].title,
            occurrence=occurrence,
            due_before=due_before,
            due_on=due_on,
            deadlines=[move.deadline_id for move in of_schools],
            schools=[move.school_id for move in of_schools],
        )
        for (measure_id, occurrence, due_before, due_on), of_schools in alike.items()
    ]
    return sorted(named, key=lambda each: (places[each.measure_id], each.occurrence))


def _fields(calendar: MunicipalCalendar) -> dict[str, Any]:
    fields = asdict(calendar)
    return {name: fields[name] for name in ("quarters", "half_years", "days")}


async def _municipality(work: Work, municipality_id: int) -> AnyRow:
    row = await repository.find_municipality(work, municipality_id)
    if row is None:
        raise NotFoundError(
            Text(
                f"Муниципалитета {municipality_id} нет или он вам недоступен.",
                f"There is no municipality {municipality_id}, or it is not accessible "
                "to you.",
            )
        )
    return row
