"""The indicators of a municipality's programmes, in all of their years."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.scoring.engine.programmes.needed_years import scored_years
from services.scoring.engine.programmes.period import next_turn
from services.scoring.engine.programmes.records import Records
from services.scoring.engine.programmes.values import (
    Target,
    Value,
    value_of,
    without_method,
)
from services.scoring.repository.methods import methods_in_force
from services.scoring.repository.part import Part
from services.scoring.repository.programme_inputs import read_own_inputs
from services.scoring.repository.programme_records import (
    read_records,
    read_time_zone,
)
from services.scoring.repository.programme_scores import read_scores
from services.scoring.repository.programme_targets import read_programmes
from services.scoring.repository.programme_values import write_values
from services.scoring.repository.runs import Day, begin_run
from shared.domain.methods.programme_shares import ProgrammeShares
from shared.domain.periods import AcademicYear
from shared.persistence.work import Work


async def compute(work: Work, municipality_id: int, part: Part) -> int:
    """Compute a run of programme indicators and return its number.

    The municipality's day is an input, and kept with the run: as long as a year is
    running or to come, the run is out of date once another day begins.
    """
    time_zone = await read_time_zone(work, municipality_id)
    as_of = work.today_in(time_zone)
    year = AcademicYear.of(as_of)
    own = (await methods_in_force(work, municipality_id, int(year), ProgrammeShares))[
        :1
    ]
    programmes = await read_programmes(work, municipality_id)
    targets = [target for each in programmes for target in each.targets]
    scores = await read_scores(work, municipality_id, scored_years(targets, as_of))
    spec = own[0].spec if own else None
    inputs = await read_own_inputs(work, municipality_id, targets, spec)
    values: dict[int, list[Value]] = {}
    schools = 0
    for programme in programmes:
        records = await read_records(
            work,
            municipality_id,
            programme.programme_id,
            as_of=as_of,
            scores=scores.by_year,
        )
        records = replace(records, inputs=inputs)
        schools = len(records.schools_on(as_of))
        values[programme.programme_id] = await asyncio.to_thread(
            _values_of, programme.targets, records, spec
        )
    run_id = await begin_run(
        work,
        municipality_id,
        part,
        methods=[*own, *scores.methods],
        schools_count=schools,
        day=Day(as_of=as_of, valid_until=_valid_until(targets, as_of, time_zone)),
    )
    method = own[0] if own else None
    await write_values(work, run_id, municipality_id, values, method)
    return run_id


def _values_of(
    targets: Sequence[Target], records: Records, spec: ProgrammeShares | None
) -> list[Value]:
    if spec is None:
        return [without_method(target) for target in targets]
    return [value_of(target, records, spec) for target in targets]


def _valid_until(
    targets: Sequence[Target], as_of: date, time_zone: str
) -> datetime | None:
    """Return the first moment of the day on which an answer may be another."""
    day = next_turn((target.period for target in targets), as_of)
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone))
