"""Signs of non-objectivity, computed from what the database holds."""

from contextlib import AsyncExitStack
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from services.api.cli import DEPLOY
from services.api.methods.loading import load_method, read_method
from services.scoring.parts.objectivity import compute_area
from services.scoring.repository.areas import Area
from services.scoring.repository.part import Part
from services.scoring.usecases import ONE_SNAPSHOT
from shared.contracts.events import EventKind, Topic
from shared.persistence.outbox import record
from shared.persistence.tables.objectivity import MarkBoundaryRow, ObjectivityLimitRow
from shared.persistence.tables.objectivity_findings import ObjectivityFindingRow
from shared.persistence.work import begin_as_system
from tests.scoring.district import YEAR, District, new_district

PAPER = {
    "year": YEAR,
    "procedure": "vpr",
    "subject": "mathematics",
    "programme_grade": 5,
    "source": "Письмо",
    "provenance": "regional",
}


async def found(district: District, test: str) -> list[Any]:
    """Return the findings of the current run, by school and mark."""
    run = await district.current_run(Topic.OBJECTIVITY)
    async with begin_as_system(district.api, district.id) as work:
        row = ObjectivityFindingRow
        rows = await work.session.scalars(
            select(row)
            .where(row.run_id == run.id, row.test == test)
            .order_by(row.school_id, row.mark)
        )
        return list(rows)


async def add_row(district: District, table: Any, dataset: str, **values: Any) -> None:
    async with begin_as_system(district.api) as work:
        row = {"municipality_id": district.id, **PAPER, **values}
        await work.session.execute(insert(table).values(row))
        await record(
            work,
            EventKind.RECORDS_CHANGED,
            municipality_id=district.id,
            academic_year=YEAR,
            payload={"dataset": dataset},
        )


async def contents(district: District) -> list[tuple[Any, ...]]:
    """Return the findings of the current run without what differs between runs."""
    run = await district.current_run(Topic.OBJECTIVITY)
    table = ObjectivityFindingRow.__table__.c
    columns = [each for each in table if each.name not in {"id", "run_id"}]
    async with begin_as_system(district.api, district.id) as work:
        rows = await work.session.execute(
            select(*columns).where(table.run_id == run.id).order_by(table.id)
        )
        return [tuple(row) for row in rows]


async def load(district: District) -> None:
    """Load the method into a database without any."""
    async with begin_as_system(district.api) as work:
        content = read_method(DEPLOY / "methods" / "objectivity-signs.yaml")
        await load_method(work, content)


async def test_signs_are_found_in_results_boundaries_and_limits(
    database_url: str,
) -> None:
    async with new_district(database_url) as district:
        await district.add_school("north")
        await district.add_school("south")
        peak = {str(score): 3 for score in range(21)} | {"11": 20}
        journal = {"n_lower": 2, "n_equal": 58, "n_higher": 20, "n_gap_2": 9}
        await district.add_result(
            "north", 0, 20, 40, 20, score_counts=peak, max_primary_score=20, **journal
        )
        journal = {"n_lower": 5, "n_equal": 70, "n_higher": 5, "n_gap_2": 1}
        await district.add_result("south", 9, 31, 30, 10, **journal)
        await district.add_result(
            "south", 0, 40, 30, 10, academic_year=YEAR - 1, written_on=None
        )
        await district.recalculate()
        unknown = await found(district, "boundary_peak")
        assert [row.reason for row in unknown] == ["no_boundaries"]

        scores = {"from_3": 6, "from_4": 11, "from_5": 19, "maximum_score": 20}
        await add_row(district, MarkBoundaryRow, "mark-boundaries", **scores)
        limit = {"area": "region", "measure": "quality_rate", "low": 60, "high": 70}
        await add_row(district, ObjectivityLimitRow, "objectivity-limits", **limit)
        await district.recalculate()

        north, south = district.schools["north"], district.schools["south"]
        peaks = await found(district, "boundary_peak")
        assert [(row.mark, row.verdict) for row in peaks] == [
            (3, "no_sign"),
            (4, "sign"),
            (5, "no_sign"),
        ]
        assert peaks[1].detail["at_boundary"] == 20
        outside = await found(district, "outside_limits")
        assert [(row.school_id, row.figure, row.reference) for row in outside] == [
            (north, 75.0, 70.0),
            (south, 50.0, 60.0),
        ]
        (rise,) = await found(district, "low_share_rise")
        assert (rise.school_id, rise.figure, rise.verdict) == (south, 11.25, "sign")
        gaps = await found(district, "journal_gap")
        assert [(row.figure, row.verdict) for row in gaps] == [
            (11.25, "sign"),
            (1.25, "no_sign"),
        ]
        run = await district.current_run(Topic.OBJECTIVITY)
        assert run.method_code == "objectivity-signs"


async def test_a_municipal_limit_takes_the_place_of_the_region_s(
    database_url: str,
) -> None:
    async with new_district(database_url) as district:
        await district.add_school("north")
        await district.add_result("north", 0, 4, 4, 2)
        for area, low in (("region", 10), ("municipality", 61)):
            await add_row(
                district,
                ObjectivityLimitRow,
                "objectivity-limits",
                area=area,
                measure="quality_rate",
                low=low,
            )
        await district.recalculate()

        (outside,) = await found(district, "outside_limits")

        assert (outside.reference, outside.verdict) == (61.0, "sign")


async def test_a_change_two_years_before_makes_signs_stale(database_url: str) -> None:
    async with new_district(database_url) as district:
        await district.add_school("north")
        await district.add_result("north", 0, 4, 4, 2)
        await district.recalculate()
        assert not (await district.current_run(Topic.OBJECTIVITY)).is_stale

        await district.add_result("north", 0, 4, 4, 2, academic_year=YEAR - 3)
        assert not (await district.current_run(Topic.OBJECTIVITY)).is_stale
        await district.add_result("north", 0, 4, 4, 2, academic_year=YEAR - 2)
        assert (await district.current_run(Topic.OBJECTIVITY)).is_stale


async def test_the_database_keeps_gaps_within_what_was_compared(
    database_url: str,
) -> None:
    async with new_district(database_url) as district:
        await district.add_school("north")
        with pytest.raises(IntegrityError, match="journal_gap"):
            await district.add_result("north", 0, 4, 4, 2, n_gap_2=0)


async def test_together_municipalities_have_the_findings_that_each_has_alone(
    empty_database_url: str,
) -> None:
    async with AsyncExitStack() as stack:
        districts = [
            await stack.enter_async_context(new_district(empty_database_url, code))
            for code in ("lesnoy", "rechnoy")
        ]
        for number, district in enumerate(districts):
            await load(district)
            await district.add_school("north")
            await district.add_school("south")
            await district.add_result(
                "north",
                *(0, 20, 40, 20 + number),
                score_counts=dict.fromkeys(map(str, range(20)), 3 + number),
                n_lower=2,
                n_equal=58,
                n_higher=20,
                n_gap_2=9,
            )
            await district.add_result(
                "south", 9, 31, 30, 10, n_lower=5, n_equal=70, n_higher=5, n_gap_2=1
            )
            await district.add_result("south", 0, 40, 30, 10, academic_year=YEAR - 1)
            scores = {"from_3": 6, "from_4": 11, "from_5": 19, "maximum_score": 20}
            await add_row(district, MarkBoundaryRow, "mark-boundaries", **scores)
            limit = {"area": "region", "measure": "quality_rate", "low": 60}
            await add_row(district, ObjectivityLimitRow, "objectivity-limits", **limit)
            await district.recalculate()
        alone = [await contents(each) for each in districts]

        area = Area.of(*(each.id for each in districts))
        part = Part(Topic.OBJECTIVITY, YEAR)
        async with begin_as_system(
            districts[0].scoring, isolation=ONE_SNAPSHOT
        ) as work:
            runs = await compute_area(work, area, part)

        assert sorted(runs) == list(area.municipality_ids)
        assert all(alone)
        assert [await contents(each) for each in districts] == alone
