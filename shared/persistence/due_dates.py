"""Days that municipalities set for all of their schools, one in an academic year."""

from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from shared.persistence.tables.contact_confirmations import ContactConfirmationDateRow
from shared.persistence.tables.data_year_dates import DataYearDateRow
from shared.persistence.work import Work


async def replace_due_date(
    work: Work,
    row: type[DataYearDateRow | ContactConfirmationDateRow],
    municipality_id: int,
    academic_year: int,
    due_on: date | None,
    *,
    today: date,
) -> date | None:
    """Write the day, or none in its place, into that table; return what it was."""
    place = {"municipality_id": municipality_id, "academic_year": academic_year}
    before: date | None = await work.session.scalar(
        select(row.due_on).filter_by(**place).with_for_update()
    )
    if before == due_on:
        return before
    if due_on is None:
        await work.session.execute(delete(row).filter_by(**place))
        return before
    values = {"due_on": due_on, "set_by": work.user_id, "set_at": work.now}
    await work.session.execute(
        insert(row)
        .values(**place, **values, set_on=today)
        .on_conflict_do_update(
            index_elements=["municipality_id", "academic_year"], set_=values
        )
    )
    return before
