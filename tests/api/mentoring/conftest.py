"""What agreements refer to in the demonstration."""

from dataclasses import dataclass

import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import ProgrammeRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import begin_as_system


@dataclass(frozen=True, slots=True)
class Places:
    """Ids of the demonstration's municipalities, programmes and schools.

    Schools have keys like ``uzhur.ilinskaya``, as the log-ins of their editors.
    """

    municipalities: dict[str, int]
    programmes: dict[str, int]
    schools: dict[str, int]


@pytest_asyncio.fixture
async def places(engine: AsyncEngine) -> Places:
    """Return the ids in the test's database."""
    async with begin_as_system(engine) as work:
        municipalities = await work.session.execute(
            select(MunicipalityRow.code, MunicipalityRow.id)
        )
        by_code = {row.code: row.id for row in municipalities}
        codes = {number: code for code, number in by_code.items()}
        programmes = await work.session.execute(
            select(ProgrammeRow.municipality_id, ProgrammeRow.id)
        )
        schools = await work.session.execute(
            select(SchoolRow.municipality_id, SchoolRow.code, SchoolRow.id)
        )
        return Places(
            by_code,
            {codes[row.municipality_id]: row.id for row in programmes},
            {f"{codes[row.municipality_id]}.{row.code}": row.id for row in schools},
        )
