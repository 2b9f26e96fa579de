"""What the schools of a municipality are called."""

from sqlalchemy import select

from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work


async def read_school_names(work: Work, municipality_id: int) -> dict[int, str]:
    """Return the names of the schools by id."""
    rows = await work.session.execute(
        select(SchoolRow.id, SchoolRow.name).where(
            SchoolRow.municipality_id == municipality_id
        )
    )
    return {row.id: row.name for row in rows}
