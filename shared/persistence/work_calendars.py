"""The working days of a municipality: the federal ones, with its own changes."""

from sqlalchemy import select

from shared.domain.calendar import WorkCalendar
from shared.persistence.tables.calendar_days import CalendarDayRow
from shared.persistence.work import Work


async def read_work_calendar(work: Work, municipality_id: int) -> WorkCalendar:
    """Return the working days of a municipality."""
    rows = await work.session.execute(
        select(CalendarDayRow.day, CalendarDayRow.is_working).where(
            CalendarDayRow.municipality_id == municipality_id
        )
    )
    days = [(row.day, row.is_working) for row in rows]
    return WorkCalendar(
        frozenset(day for day, is_working in days if is_working),
        frozenset(day for day, is_working in days if not is_working),
    )
