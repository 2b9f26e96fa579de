"""Runs of identification: written with their evidence, and never out of date unseen."""

from typing import Any

import pytest
from sqlalchemy import select

from services.api.cli import DEPLOY
from services.api.methods.loading import load_method, read_method
from shared.contracts.events import Topic
from shared.persistence.runs import find_current_run
from shared.persistence.tables.base import Base
from shared.persistence.tables.identification import (
    BackTestRow,
    IdentificationEvidenceRow,
    IdentificationRow,
)
from shared.persistence.work import begin_as_system
from tests.scoring.district import YEAR, District

RULES = ("federal-2020", "three-years-both-subjects")


@pytest.fixture
async def ruled(district: District) -> District:
    """The district with the rules that ship in force."""
    async with begin_as_system(district.api) as work:
        for code in RULES:
            await load_method(work, read_method(DEPLOY / "methods" / f"{code}.yaml"))
    return district


async def add_low(district: District, code: str, year: int = YEAR) -> None:
    for subject in ("mathematics", "russian"):
        await district.add_result(code, 4, 2, 2, 2, subject=subject, academic_year=year)


async def rows(
    district: District, table: type[Base], year: int = YEAR
) -> list[dict[str, Any]]:
    columns = table.__table__.c
    async with begin_as_system(district.api, district.id) as work:
        run = await find_current_run(work, Topic.IDENTIFICATION, district.id, year)
        assert run is not None
        found = await work.session.execute(
            select(*columns).where(columns.run_id == run.id).order_by(columns.id)
        )
        return [dict(row) for row in found.mappings()]


async def statuses(district: District, year: int = YEAR) -> dict[tuple[str, str], str]:
    codes = {number: code for code, number in district.schools.items()}
    return {
        (row["rule_code"], codes[row["school_id"]]): row["status"]
        for row in await rows(district, IdentificationRow, year)
    }


async def test_each_rule_in_force_says_what_it_finds_of_each_school(
    ruled: District,
) -> None:
    await add_low(ruled, "a")
    await ruled.add_result("b", 0, 4, 4, 2)

    await ruled.recalculate()

    assert await statuses(ruled) == {
        ("federal-2020", "a"): "on_list",
        ("federal-2020", "b"): "not_on_list",
        ("federal-2020", "c"): "not_assessable",
        **{("three-years-both-subjects", code): "not_assessable" for code in "abc"},
    }
    of_a = (await rows(ruled, IdentificationRow))[0]
    assert (of_a["direction"], of_a["pupils"]) == ("off_list", 2)
    assert of_a["changes"]["units"][0]["subject"] == "mathematics"
    evidence = await rows(ruled, IdentificationEvidenceRow)
    assert [row["n_low"] for row in evidence] == [4, 4, 0]


async def test_results_of_an_earlier_year_change_what_a_later_one_says(
    ruled: District,
) -> None:
    await ruled.add_result("a", 0, 4, 4, 2)
    await ruled.recalculate()
    before = await statuses(ruled)

    await add_low(ruled, "a", YEAR - 1)
    await ruled.recalculate()

    assert before["federal-2020", "a"] == "not_on_list"
    assert (await statuses(ruled))["federal-2020", "a"] == "leaving"
    [test] = [
        row
        for row in await rows(ruled, BackTestRow)
        if (row["rule_code"], row["flag"]) == ("federal-2020", "on_list")
    ]
    assert (test["flagged_not_low"], test["precision"]) == (1, 0.0)
    assert test["not_assessed"] == 2


async def test_a_run_names_the_rules_that_it_used(ruled: District) -> None:
    await add_low(ruled, "a")
    await ruled.recalculate()

    run = await ruled.current_run(Topic.IDENTIFICATION)

    assert (run.method_code, run.method_version) == ("federal-2020", 1)
    assert not run.is_stale
