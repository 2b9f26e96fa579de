"""Conditions of schools in an academic year, and their results in the light of them."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace

import polars as pl

from services.scoring.engine.conditions.assessment import (
    LISTED_SCHEMA,
    Assessment,
    ConditionInputs,
    assess,
)
from services.scoring.engine.conditions.cluster_keys import cluster_keys
from services.scoring.engine.conditions.outcomes import outcomes_of
from services.scoring.engine.listing import ranked_schools
from services.scoring.repository import conditions
from services.scoring.repository.areas import Area
from services.scoring.repository.methods import methods_in_force
from services.scoring.repository.part import Part
from services.scoring.repository.runs import begin_runs, count_inputs
from services.scoring.repository.schools import read_absent
from shared.domain.methods.conditions import Conditions
from shared.domain.methods.method import Method
from shared.persistence.work import Work


async def compute(work: Work, municipality_id: int, part: Part) -> int:
    """Compute a run of conditions and return its number."""
    runs = await compute_area(work, Area.of(municipality_id), part)
    return runs[municipality_id]


async def compute_area(work: Work, area: Area, part: Part) -> dict[int, int]:
    """Compute a run of conditions for each municipality; they use the same method.

    The first method in force by its code is used; without one the runs say nothing.
    """
    year = part.year
    methods = (await methods_in_force(work, area.first, year, Conditions))[:1]
    results = await conditions.read_results_of_year(work, area, year)
    schools = await conditions.read_schools(work, area)
    passports = await conditions.read_passports(work, area, _years(year, methods))
    absent = await read_absent(work, area, [year])
    listed = _listed(schools, (results, passports), absent[year], year)
    counted = count_inputs(area, schools, results, listed)
    runs = await begin_runs(work, part, counted, methods=methods)
    for method in methods:
        published = await conditions.read_published_indices(work, area, year)
        found = await asyncio.to_thread(
            _assessment, listed, passports, published, results, method=method
        )
        await conditions.write_assessment(work, runs, found, schools)
    return runs


def _years(year: int, methods: Sequence[Method[Conditions]]) -> set[int]:
    """Clusters go on from those of the year before; a reference may fix a year."""
    fixed = {each.spec.reference.year or year for each in methods}
    return {year, year - 1, *fixed}


def _listed(
    schools: pl.DataFrame,
    data: tuple[pl.DataFrame, pl.DataFrame],
    absent: Collection[int],
    year: int,
) -> pl.DataFrame:
    """Return the schools that a ranking lists, and others with a passport."""
    results, passports = data
    of_year = passports.filter(pl.col("year") == year)
    known = pl.concat([results.select("school_id"), of_year.select("school_id")])
    listed = ranked_schools(schools, known, absent)
    return schools.filter(pl.col("school_id").is_in(listed)).select(
        "municipality_id", pl.lit(year, pl.Int64).alias("year"), "school_id"
    )


def _assessment(
    listed: pl.DataFrame,
    passports: pl.DataFrame,
    published: pl.DataFrame,
    results: pl.DataFrame,
    *,
    method: Method[Conditions],
) -> Assessment:
    found = assess(
        ConditionInputs(
            schools=listed.cast(LISTED_SCHEMA),
            passports=passports,
            published=published,
            outcomes=outcomes_of(results, method.spec.expected),
        ),
        method.spec,
    )
    keys = cluster_keys(passports, method.content_hash)
    models = found.models.join(
        keys, on=["municipality_id", "year"], how="left", maintain_order="left"
    )
    return replace(found, models=models)
