"""The signs of non-objectivity in an academic year's results."""

import asyncio

import polars as pl

from services.scoring.engine.objectivity.signs import Evidence, find_signs
from services.scoring.repository.areas import Area, write_rows
from services.scoring.repository.evidence import read_evidence
from services.scoring.repository.methods import methods_in_force
from services.scoring.repository.part import Part
from services.scoring.repository.runs import Counted, begin_runs
from shared.domain.methods.objectivity import Objectivity
from shared.persistence.tables.objectivity_findings import ObjectivityFindingRow
from shared.persistence.work import Work


async def compute(work: Work, municipality_id: int, part: Part) -> int:
    """Compute a run of signs and return its number."""
    runs = await compute_area(work, Area.of(municipality_id), part)
    return runs[municipality_id]


async def compute_area(work: Work, area: Area, part: Part) -> dict[int, int]:
    """Compute a run of signs for each municipality; they use the same method.

    Without a method in force nothing is looked for; of several the first by code is
    used.
    """
    evidence = await read_evidence(work, area, part.year)
    methods = await methods_in_force(work, area.first, part.year, Objectivity)
    used = methods[:1]
    counted = _counted(area, evidence, part.year)
    runs = await begin_runs(work, part, counted, methods=used)
    for method in used:
        found = await asyncio.to_thread(
            find_signs, evidence, method.spec, year=part.year
        )
        await write_rows(work, ObjectivityFindingRow, runs, found)
    return runs


def _counted(area: Area, evidence: Evidence, year: int) -> dict[int, Counted]:
    """Count each municipality's results of the year, and the schools that have some."""
    counts = (
        evidence.results.filter(pl.col("academic_year") == year)
        .group_by("municipality_id")
        .agg(results=pl.len(), schools=pl.col("school_id").n_unique())
    )
    found = {row[0]: Counted(row[1], row[2]) for row in counts.iter_rows()}
    return {each: found.get(each, Counted(0, 0)) for each in area.municipality_ids}
