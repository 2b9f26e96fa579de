"""The indicators of a municipality's programmes, in all of their years."""

from services.scoring.engine.listing import counted_schools
from services.scoring.engine.programme import ProgrammeInputs
from services.scoring.engine.targets import TargetValue, value_of
from services.scoring.repository import inputs, outcomes
from services.scoring.repository.book import Part
from services.scoring.repository.inputs import ProgrammeTargets
from services.scoring.repository.runs import begin_run
from shared.persistence.work import Work


async def compute(work: Work, municipality_id: int, part: Part) -> int:
    """Compute a run of programme indicators and return its number."""
    schools = counted_schools(await inputs.read_schools(work, municipality_id))
    values = {
        programme.programme_id: _values_of(programme, schools)
        for programme in await inputs.read_programmes(work, municipality_id)
    }
    run_id = await begin_run(work, municipality_id, part, schools_count=len(schools))
    names = await inputs.read_school_names(work, municipality_id)
    await outcomes.write_programme_values(work, run_id, municipality_id, values, names)
    return run_id


def _values_of(programme: ProgrammeTargets, schools: list[int]) -> list[TargetValue]:
    return [
        value_of(
            target,
            ProgrammeInputs(
                year=target.year, schools=schools, agreements=programme.agreements
            ),
        )
        for target in programme.targets
    ]
