"""What the conditions of indicators are over that methods and orders define."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

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
    area: Area,
    targets: Mapping[int, Sequence[Target]],
    spec: ProgrammeShares | None,
) -> dict[int, Inputs]:
    """Return the figures of all years that each municipality needs.

    One that needs none is missing. Groups of МСОКО are among the facts here.
    """
    alike: defaultdict[frozenset[int], list[int]] = defaultdict(list)
    for municipality_id, own in targets.items():
        alike[frozenset(own_years(own, spec) if spec else ())].append(municipality_id)
    found: dict[int, Inputs] = {}
    for years, municipality_ids in alike.items():
        if spec is not None and years:
            defined = [
                defined_as
                for each in municipality_ids
                for target in targets[each]
                if (defined_as := target.own(spec)) is not None
            ]
            names = {name for each in defined for name in each.facts}
            found |= await _inputs(
                work, area.part(municipality_ids), sorted(years), sorted(names)
            )
    return found


async def _inputs(
    work: Work, area: Area, years: list[int], names: list[str]
) -> dict[int, Inputs]:
    schools = await read_schools(work, area)
    homes = schools.select("school_id", "municipality_id")
    papers = {
        year: area.split(frame.join(homes, on="school_id", maintain_order="left"))
        for year, frame in (await read_papers(work, area, years)).items()
    }
    of_schools = schools.partition_by("municipality_id", as_dict=True)
    facts = await read_facts(work, area, years, names)
    of_facts = facts.partition_by("municipality_id", as_dict=True)
    return {
        each: Inputs(
            schools=of_schools.get((each,), schools.clear()),
            results={year: of[each] for year, of in papers.items()},
            msoko=pl.DataFrame(schema=MSOKO_SCHEMA),
            facts=of_facts.get((each,), facts.clear()),
        )
        for each in area.municipality_ids
    }
