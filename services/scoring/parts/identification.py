"""Which schools have low results by each rule in force, and how rules have done."""

import asyncio
from dataclasses import dataclass

import polars as pl

from services.scoring.engine.identification.checks import back_test
from services.scoring.engine.identification.identify import Identified, identify
from services.scoring.engine.identification.units import YEARLY_RESULT_SCHEMA
from services.scoring.engine.listing import ranked_schools
from services.scoring.repository import identifications
from services.scoring.repository.areas import Area
from services.scoring.repository.methods import methods_in_force
from services.scoring.repository.part import Part
from services.scoring.repository.results import read_results
from services.scoring.repository.runs import begin_runs, count_inputs
from services.scoring.repository.schools import read_absent, read_schools
from shared.contracts.events import LOOKS_BACK, Topic
from shared.domain.methods.identification import Identification
from shared.domain.methods.method import Method
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class Found:
    """What one rule comes to."""

    rule: Method[Identification]
    identified: Identified
    back_test: pl.DataFrame


async def compute(work: Work, municipality_id: int, part: Part) -> int:
    """Compute a run of identification and return its number."""
    runs = await compute_area(work, Area.of(municipality_id), part)
    return runs[municipality_id]


async def compute_area(work: Work, area: Area, part: Part) -> dict[int, int]:
    """Compute a run of identification for each municipality, by the same rules."""
    first = part.year - LOOKS_BACK[Topic.IDENTIFICATION]
    years = range(first, part.year + 1)
    results = await read_results(work, area, years, YEARLY_RESULT_SCHEMA)
    this_year = results.filter(academic_year=part.year)
    schools = await read_schools(work, area)
    absent = await read_absent(work, area, [part.year])
    ranked = pl.col("school_id").is_in(
        ranked_schools(schools, this_year, absent[part.year])
    )
    listed = schools.filter(ranked).select("municipality_id", "school_id")
    rules = await methods_in_force(work, area.first, part.year, Identification)
    counted = count_inputs(area, schools, this_year, listed)
    runs = await begin_runs(work, part, counted, methods=rules)
    for rule in rules:
        found = await asyncio.to_thread(_find, rule, results, listed, part.year)
        await _write(work, runs, found)
    return runs


def _find(
    rule: Method[Identification],
    results: pl.DataFrame,
    schools: pl.DataFrame,
    year: int,
) -> Found:
    identified = identify(results, schools, rule=rule.spec, year=year)
    return Found(rule, identified, back_test(identified.schools))


async def _write(work: Work, runs: dict[int, int], found: Found) -> None:
    code = pl.lit(found.rule.code).alias("rule_code")
    version = pl.lit(found.rule.version, dtype=pl.Int64).alias("rule_version")
    await identifications.write_identifications(
        work, runs, found.identified.schools.with_columns(code, version)
    )
    await identifications.write_evidence(
        work, runs, found.identified.evidence.with_columns(code)
    )
    await identifications.write_back_tests(
        work, runs, found.back_test.with_columns(code)
    )
