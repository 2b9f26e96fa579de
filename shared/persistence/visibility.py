"""Whether a transaction may see a row, so that a hidden one is like a missing one."""

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import InstrumentedAttribute

from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import ProgrammeRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work


async def sees_municipality(work: Work, municipality_id: int) -> bool:
    """Tell whether there is such a municipality for the caller."""
    return await _sees(work, MunicipalityRow.id, municipality_id)


async def sees_school(work: Work, school_id: int) -> bool:
    """Tell whether there is such a school for the caller."""
    return await _sees(work, SchoolRow.id, school_id)


async def find_municipality_of_programme(work: Work, programme_id: int) -> int | None:
    """Return whose programme it is, if the caller may see it."""
    return await work.session.scalar(
        select(ProgrammeRow.municipality_id).where(ProgrammeRow.id == programme_id)
    )


async def _sees(work: Work, key: InstrumentedAttribute[Any], value: int) -> bool:
    return bool(await work.session.scalar(select(exists().where(key == value))))
