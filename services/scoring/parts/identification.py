"""Which schools have low results by each rule in force, and how rules have done."""

import asyncio
from dataclasses import dataclass

import polars as pl

from services.scoring.engine.identification.checks import back_test
from services.scoring.engine.identification.identify import Identified, identify
from services.scoring.engine.listing import ranked_schools
from services.scoring.repository import book, identifications, inputs
from services.scoring.repository.book import Part
from services.scoring.repository.methods import methods_in_force
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
    first = part.year - LOOKS_BACK[Topic.IDENTIFICATION]
    results = await identifications.read_results_of_years(
        work, municipality_id, first, part.year
    )
    this_year = results.filter(academic_year=part.year)
    schools = ranked_schools(
        await inputs.read_schools(work, municipality_id), this_year
    )
    rules = await methods_in_force(work, municipality_id, part.year, Identification)
    run_id = await book.make_current(
        work,
        municipality_id,
        part,
        methods=rules,
        results_count=this_year.height,
        schools_count=len(schools),
    )
    for rule in rules:
        found = await asyncio.to_thread(
            _find, rule, results, _listed(municipality_id, schools), part.year
        )
        await _write(work, run_id, municipality_id, found)
    return run_id


def _listed(municipality_id: int, schools: list[int]) -> pl.DataFrame:
    return pl.DataFrame(
        {"municipality_id": [municipality_id] * len(schools), "school_id": schools},
        schema={"municipality_id": pl.Int64, "school_id": pl.Int64},
    )


def _find(
    rule: Method[Identification],
    results: pl.DataFrame,
    schools: pl.DataFrame,
    year: int,
) -> Found:
    identified = identify(results, schools, rule=rule.spec, year=year)
    return Found(rule, identified, back_test(identified.schools))


async def _write(work: Work, run_id: int, municipality_id: int, found: Found) -> None:
    code = pl.lit(found.rule.code).alias("rule_code")
    version = pl.lit(found.rule.version, dtype=pl.Int64).alias("rule_version")
    await identifications.write_identifications(
        work,
        run_id,
        municipality_id,
        found.identified.schools.with_columns(code, version),
    )
    await identifications.write_evidence(
        work, run_id, municipality_id, found.identified.evidence.with_columns(code)
    )
    await identifications.write_back_tests(
        work, run_id, municipality_id, found.back_test.with_columns(code)
    )
