"""Setting by when the schools of a municipality submit the data of a year."""

from datetime import date

from services.api.scheduling.fan_out import read_calendar
from services.api.scheduling.following import follow_records
from shared.domain.deadlines import DeadlineKind
from shared.domain.errors import Fault, InvalidInputError, NotFoundError, Text
from shared.domain.periods import AcademicYear
from shared.persistence.audit import record_change
from shared.persistence.due_dates import replace_due_date
from shared.persistence.local_dates import today_of
from shared.persistence.tables.data_year_dates import DataYearDateRow
from shared.persistence.visibility import sees_municipality
from shared.persistence.work import Work

ENTITY = "data_year_date"


async def set_due_date(
    work: Work, municipality_id: int, year: AcademicYear, due_on: date | None
) -> date | None:
    """Set the day for all schools, or take it back; return it as a working day.

    Raises:
        NotFoundError: the municipality is unknown or not the caller's.
        InvalidInputError: the day has passed.
    """
    if not await sees_municipality(work, municipality_id):
        raise _unknown(municipality_id)
    today = await today_of(work, municipality_id)
    days = (await read_calendar(work, municipality_id)).work
    working = None if due_on is None else days.last_working_day_on_or_before(due_on)
    if working is not None and working < today:
        raise _passed(working)
    before = await replace_due_date(
        work, DataYearDateRow, municipality_id, year.start, due_on, today=today
    )
    if before == due_on:
        return working
    await record_change(
        work,
        ENTITY,
        "set",
        {"academic_year": [year.start] * 2, "due_on": [before, due_on]},
        municipality_id=municipality_id,
    )
    await follow_records(
        work,
        DeadlineKind.DATA_YEAR,
        municipality_id=municipality_id,
        sources=[year.start],
    )
    return working


def _passed(day: date) -> InvalidInputError:
    reason = Text(
        f"Срок {day:%d.%m.%Y} уже прошёл: назначьте сегодня или позже.",
        f"The deadline {day} has passed: set today or a later day.",
    )
    fault = Fault(reason=reason, column="body.due_on", value=str(day))
    return InvalidInputError(reason, faults=[fault])


def _unknown(municipality_id: int) -> NotFoundError:
    return NotFoundError(
        Text(
            f"Муниципалитета {municipality_id} нет или он вам недоступен.",
            f"There is no municipality {municipality_id}, or it is not accessible to "
            "you.",
        )
    )
