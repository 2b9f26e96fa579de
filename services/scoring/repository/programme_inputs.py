"""What the conditions of indicators are over that methods and orders define."""

from collections.abc import Sequence

import polars as pl

from services.scoring.engine.composite.figures import MSOKO_SCHEMA, Inputs
from services.scoring.engine.programmes.needed_years import own_years
from services.scoring.engine.programmes.values import Target
from services.scoring.repository.areas import Area
from services.scoring.repository.facts import read_facts
from services.scoring.repository.schools import read_schools
from services.scoring.repository.score_inputs import read_papers
from shared.domain.methods.programme_shares import ProgrammeShares
from shared.persistence.work import Work


async def read_own_inputs(
    work: Work,
    municipality_id: int,
    targets: Sequence[Target],
    spec: ProgrammeShares | None,
) -> Inputs | None:
    """Return the figures of all years that are needed; None where none are.

    Groups of МСОКО are among the facts here.
    """
    years = own_years(targets, spec) if spec else set()
    if spec is None or not years:
        return None
    area = Area.of(municipality_id)
    defined = [each for target in targets if (each := target.own(spec)) is not None]
    names = sorted({name for each in defined for name in each.facts})
    return Inputs(
        schools=await read_schools(work, area),
        results=await read_papers(work, area, sorted(years)),
        msoko=pl.DataFrame(schema=MSOKO_SCHEMA),
        facts=await read_facts(work, municipality_id, years, names),
    )
