"""Computing in the test's own process what the scoring worker would compute."""

from sqlalchemy import select

from services.scoring.usecases import Outcome, recalculate_municipality
from shared.persistence.engine import create_engine
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.work import begin_as_system


async def compute_all(database_url: str) -> None:
    """Bring every municipality up to date."""
    database = create_engine(database_url, "scoring")
    async with begin_as_system(database) as work:
        ids = list(await work.session.scalars(select(MunicipalityRow.id)))
    for municipality_id in ids:
        outcome = await recalculate_municipality(database, municipality_id)
        assert outcome is Outcome.UP_TO_DATE
    await database.dispose()
