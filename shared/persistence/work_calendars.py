"""The working days of a municipality: the federal ones, with its own changes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from shared.domain.calendar import WorkCalendar
from shared.persistence.tables.calendar_days import CalendarDayRow
from shared.persistence.work import Work


async def read_work_calendar(work: Work, municipality_id: int) -> WorkCalendar:
    """Return the working days of a municipality."""
    calendars = await read_work_calendars(work, [municipality_id])
    return calendars[municipality_id]


async def read_work_calendars(
    work: Work, municipality_ids: Sequence[int]
) -> dict[int, WorkCalendar]:
    """Return the working days of each of the municipalities."""
    rows = await work.session.execute(
        select(
            CalendarDayRow.municipality_id,
            CalendarDayRow.day,
            CalendarDayRow.is_working,
        ).where(CalendarDayRow.municipality_id.in_(municipality_ids))
    )
    days: defaultdict[tuple[int, bool], set[date]] = defaultdict(set)
    for row in rows:
        days[row.municipality_id, row.is_working].add(row.day)
    return {
        place: WorkCalendar(frozenset(days[place, True]), frozenset(days[place, False]))
        for place in municipality_ids
    }
