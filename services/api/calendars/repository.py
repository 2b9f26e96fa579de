"""Reading and writing the calendars of municipalities."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, func, select

from shared.domain.calendar import Window
from shared.domain.municipal_calendar import MunicipalCalendar, OwnDay
from shared.domain.periods import AcademicYear
from shared.domain.provenance import ProvenanceKind
from shared.persistence.paging import AnyRow
from shared.persistence.tables.calendar_days import CalendarDayRow
from shared.persistence.tables.municipalities import CalendarPeriodRow, MunicipalityRow
from shared.persistence.tables.programmes import MeasureRow
from shared.persistence.upsert import upsert
from shared.persistence.work import Work

_PERIOD, _DAY = CalendarPeriodRow.__table__.c, CalendarDayRow.__table__.c


async def find_municipality(work: Work, municipality_id: int) -> AnyRow | None:
    """Return id and time zone of a municipality that the caller may see."""
    found = await work.session.execute(
        select(MunicipalityRow.id, MunicipalityRow.time_zone).where(
            MunicipalityRow.id == municipality_id
        )
    )
    return found.one_or_none()


async def lock_calendar(work: Work, municipality_id: int) -> None:
    """Let nobody else change the municipality's calendar until the transaction ends."""
    name = func.hashtextextended(f"calendar of {municipality_id}", 0)
    await work.session.execute(select(func.pg_advisory_xact_lock(name)))


async def read_calendar(
    work: Work, municipality_id: int, year: AcademicYear
) -> MunicipalCalendar:
    """Return the calendar of an academic year; empty if nobody has entered it."""
    periods = (
        await work.session.execute(
            select(_PERIOD.kind, _PERIOD.starts_on, _PERIOD.ends_on)
            .where(
                _PERIOD.municipality_id == municipality_id,
                _PERIOD.academic_year == year.start,
            )
            .order_by(_PERIOD.number)
        )
    ).all()
    days = await work.session.execute(
        select(_DAY.day, _DAY.is_working, _DAY.document_number, _DAY.reason)
        .where(
            _DAY.municipality_id == municipality_id,
            _DAY.day.between(year.starts_on, year.ends_on),
        )
        .order_by(_DAY.day)
    )
    return MunicipalCalendar(
        year,
        tuple(Window(row[1], row[2]) for row in periods if row.kind == "quarter"),
        tuple(Window(row[1], row[2]) for row in periods if row.kind == "half_year"),
        tuple(OwnDay(*row) for row in days),
    )


async def replace_calendar(
    work: Work, municipality_id: int, wanted: MunicipalCalendar
) -> None:
    """Write the calendar of an academic year in place of what there is.

    Terms that stay as they are keep where they come from.
    """
    owner = {"municipality_id": municipality_id}
    year = wanted.academic_year
    for kind, terms in (("quarter", wanted.quarters), ("half_year", wanted.half_years)):
        await work.session.execute(
            delete(CalendarPeriodRow).where(
                _PERIOD.municipality_id == municipality_id,
                _PERIOD.academic_year == year.start,
                _PERIOD.kind == kind,
                _PERIOD.number > len(terms),
            )
        )
        same = await _unchanged(work, municipality_id, year, kind)
        rows = [
            owner
            | {
                "academic_year": year.start,
                "kind": kind,
                "number": number,
                "starts_on": term.starts_on,
                "ends_on": term.ends_on,
                "provenance": ProvenanceKind.LOCAL.value,
            }
            for number, term in enumerate(terms, start=1)
            if same.get(number) != term
        ]
        key = ["municipality_id", "academic_year", "kind", "number"]
        await upsert(work, CalendarPeriodRow, rows, key=key)
    await _replace_days(work, municipality_id, wanted)


async def _unchanged(
    work: Work, municipality_id: int, year: AcademicYear, kind: str
) -> dict[int, Window]:
    rows = await work.session.execute(
        select(_PERIOD.number, _PERIOD.starts_on, _PERIOD.ends_on).where(
            _PERIOD.municipality_id == municipality_id,
            _PERIOD.academic_year == year.start,
            _PERIOD.kind == kind,
        )
    )
    return {row[0]: Window(row[1], row[2]) for row in rows}


async def _replace_days(
    work: Work, municipality_id: int, wanted: MunicipalCalendar
) -> None:
    year = wanted.academic_year
    await work.session.execute(
        delete(CalendarDayRow).where(
            _DAY.municipality_id == municipality_id,
            _DAY.day.between(year.starts_on, year.ends_on),
            _DAY.day.not_in([own.day for own in wanted.days]),
        )
    )
    rows = [
        {
            "municipality_id": municipality_id,
            "day": own.day,
            "is_working": own.is_working,
            "document_number": own.document_number,
            "reason": own.reason,
        }
        for own in wanted.days
    ]
    await upsert(work, CalendarDayRow, rows, key=["municipality_id", "day"])


async def read_measures(work: Work, ids: Collection[int]) -> Sequence[AnyRow]:
    """Return what these measures are called."""
    rows = await work.session.execute(
        select(
            MeasureRow.id, MeasureRow.programme_id, MeasureRow.number, MeasureRow.title
        )
        .where(MeasureRow.id.in_(ids))
        .order_by(MeasureRow.programme_id, MeasureRow.position)
    )
    return rows.all()
