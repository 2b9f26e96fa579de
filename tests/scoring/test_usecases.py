"""A municipality brought up to date, in a real database."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import delete, text, update

from services.scoring.repository.lock import hold_municipality
from services.scoring.usecases import Outcome, pause_after
from shared.contracts.events import LOOKS_BACK, EventKind, Topic
from shared.persistence.outbox import record
from shared.persistence.tables.methods import MethodPeriodRow
from shared.persistence.tables.outbox import OutboxRow
from shared.persistence.tables.scoring import CurrentRunRow, RunRow
from shared.persistence.work import begin_as_system
from tests.scoring.district import YEAR, District, new_district
from tests.scoring.records import add_passport


async def test_equal_schools_share_a_place_and_no_data_is_outside(
    district: District,
) -> None:
    await district.add_school("d")
    await district.add_school("e")
    await district.add_result("a", 2, 3, 3, 2)
    await district.add_result("b", 4, 6, 6, 4)
    await district.add_result("c", 9, 1, 0, 0)
    await district.add_result("d", 0, 0, 2, 2)

    assert await district.recalculate() is Outcome.UP_TO_DATE

    assert await district.places() == {
        "a": (1, 2, None),
        "b": (1, 2, None),
        "c": (3, 3, None),
        "d": (None, None, "too_few_participants"),
        "e": (None, None, "no_data"),
    }
    run = await district.current_run()
    assert (run.results_count, run.schools_count, run.synthetic) == (4, 5, True)
    assert run.method_code == "quality-of-results"
    assert not run.is_stale


async def test_a_branch_is_listed_where_it_has_results_of_its_own(
    district: District,
) -> None:
    await district.add_school("with", kind="branch")
    await district.add_school("without", kind="branch")
    await district.add_result("with", 1, 2, 3, 4)
    await district.recalculate()

    places = await district.places()

    assert places["with"] == (1, 1, None)
    assert "without" not in places


async def test_what_is_up_to_date_is_not_computed_again(district: District) -> None:
    await district.add_result("a", 2, 3, 3, 2)
    await district.recalculate()
    before = await district.run_ids(), await district.run_ids(Topic.PROGRAMME)

    await district.recalculate()

    assert (await district.run_ids(), await district.run_ids(Topic.PROGRAMME)) == before
    assert [len(ids) for ids in before] == [1, 1]


async def test_a_change_makes_its_year_and_those_that_look_back_out_of_date(
    district: District,
) -> None:
    back = LOOKS_BACK[Topic.RESULTS]
    years = [YEAR - 1, YEAR, YEAR + back, YEAR + back + 1]
    for year in years:
        await district.add_result("a", 2, 3, 3, 2, academic_year=year)
    await district.recalculate()
    before = {year: await district.current_run(year=year) for year in years}

    await district.add_result("a", 0, 0, 0, 9)
    stale = {year: await district.current_run(year=year) for year in years}
    await district.recalculate()
    after = {year: await district.current_run(year=year) for year in years}

    assert not any(run.is_stale for run in (before | after).values())
    changed = [YEAR, YEAR + back]
    assert [year for year in years if stale[year].is_stale] == changed
    assert [year for year in years if after[year].id != before[year].id] == changed


@pytest.mark.parametrize("topic", [Topic.CONDITIONS, Topic.MATCHING])
async def test_a_passport_of_any_earlier_year_may_be_a_scale_of_shares(
    district: District, topic: Topic
) -> None:
    await district.add_result("a", 2, 3, 3, 2)
    await district.recalculate()
    before = await district.current_run(topic)

    await add_passport(district, "a", year=YEAR - 6, bussed=10.0)
    stale = await district.current_run(topic)

    assert (before.is_stale, stale.is_stale) == (False, True)


@pytest.mark.parametrize(
    ("payload", "is_stale"),
    [
        ({"dataset": "social-passports"}, True),
        ({"dataset": "school-contacts"}, False),
        ({}, True),
    ],
)
async def test_records_make_out_of_date_what_is_counted_from_them(
    district: District, payload: dict[str, Any], *, is_stale: bool
) -> None:
    await district.add_result("a", 2, 3, 3, 2)
    await district.recalculate()

    async with begin_as_system(district.api) as work:
        await record(
            work,
            EventKind.RECORDS_CHANGED,
            municipality_id=district.id,
            academic_year=YEAR,
            payload=payload,
        )

    assert (await district.current_run()).is_stale is is_stale


async def test_a_first_result_of_another_year_is_scored_too(
    district: District,
) -> None:
    await district.add_result("a", 2, 3, 3, 2)
    await district.recalculate()

    await district.add_result("a", 1, 1, 1, 7, academic_year=YEAR + 1)
    await district.recalculate()

    assert (await district.current_run(year=YEAR + 1)).results_count == 1


async def test_an_old_run_stays_as_it_was(district: District) -> None:
    await district.add_result("a", 2, 3, 3, 2)
    await district.add_result("b", 5, 3, 1, 1)
    await district.recalculate()
    old = await district.current_run()
    contents = await district.contents(old.id)

    await district.add_result("b", 0, 0, 0, 40)
    await district.recalculate()

    assert (await district.current_run()).id > old.id
    assert (await district.places())["b"] == (1, 1, None)
    assert (await district.places(old.id))["b"] == (2, 2, None)
    assert await district.contents(old.id) == contents


async def test_a_change_that_commits_late_is_not_missed(district: District) -> None:
    async with begin_as_system(district.api) as late:
        await district.write_result(late, "a", 0, 0, 0, 10)
        await district.add_result("b", 0, 0, 5, 5)
        await district.recalculate()
        early = await district.current_run()
        assert not early.is_stale

    run = await district.current_run()
    await district.recalculate()

    assert run.id == early.id
    assert run.is_stale
    assert await district.district_n() == 20


async def test_computing_step_by_step_equals_computing_once(district: District) -> None:
    for number in range(6):
        await district.add_result("abc"[number % 3], number, 3, 7 - number, 5)
        await district.add_result("a", 1, number, 4, 2, subject="russian")
        await district.recalculate()
    stepwise = [
        await district.contents((await district.current_run(topic, year)).id)
        for topic, year in ((Topic.RESULTS, YEAR), (Topic.PROGRAMME, 0))
    ]

    await district.forget_runs()
    await district.recalculate()

    assert [
        await district.contents((await district.current_run(topic, year)).id)
        for topic, year in ((Topic.RESULTS, YEAR), (Topic.PROGRAMME, 0))
    ] == stepwise
    assert stepwise[0][0]


async def test_a_year_whose_results_are_all_gone_has_no_data(
    district: District,
) -> None:
    await district.add_result("a", 2, 3, 3, 2)
    await district.recalculate()

    await district.delete_results()
    await district.recalculate()

    assert await district.district_n() == 0
    assert set((await district.places()).values()) == {(None, None, "no_data")}


async def test_a_new_school_is_listed_in_every_year(district: District) -> None:
    await district.add_result("a", 2, 3, 3, 2)
    await district.recalculate()

    await district.add_school("new")
    assert (await district.current_run()).is_stale
    await district.recalculate()

    assert (await district.places())["new"] == (None, None, "no_data")


async def test_without_a_method_there_are_figures_but_no_ranking(
    district: District,
) -> None:
    async with begin_as_system(district.api) as work:
        await work.session.execute(delete(MethodPeriodRow))
    await district.add_result("a", 2, 3, 3, 2)

    assert await district.recalculate() is Outcome.UP_TO_DATE

    assert (await district.current_run()).method_code is None
    assert await district.district_n() == 10
    assert await district.places() == {}


async def test_whoever_finds_the_municipality_held_leaves_it(
    district: District,
) -> None:
    await district.add_result("a", 2, 3, 3, 2)
    async with hold_municipality(district.scoring, district.id) as held:
        assert held
        assert await district.recalculate() is Outcome.BUSY
        assert await district.run_ids() == []

    assert await district.recalculate() is Outcome.UP_TO_DATE


async def test_a_block_that_fails_lets_the_municipality_go(district: District) -> None:
    async def fail() -> None:
        async with hold_municipality(district.scoring, district.id):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with hold_municipality(district.scoring, district.id) as held:
        assert held


async def test_changes_amid_recalculations_are_all_scored_by_few_runs(
    district: District,
) -> None:
    outcomes: list[Outcome] = []
    posted = asyncio.Event()

    async def keep_recalculating() -> None:
        while not posted.is_set():
            outcomes.append(await district.recalculate())

    recalculations = [asyncio.create_task(keep_recalculating()) for _ in range(2)]
    await asyncio.gather(*(district.add_result("a", 1, 1, 1, 1) for _ in range(50)))
    posted.set()
    await asyncio.gather(*recalculations)
    outcomes.append(await district.recalculate())

    # Two runs of one municipality at once would fail on the row of the current run.
    assert Outcome.FAILED not in outcomes
    assert await district.district_n() == 200
    assert not (await district.current_run()).is_stale
    assert len(await district.run_ids()) < 50


async def test_one_municipality_that_fails_does_not_stop_another(
    district: District,
) -> None:
    await district.add_result("a", 2, 3, 3, 2_999_999_999)
    async with new_district(district.url, "other") as other:
        await other.add_school("a")
        await other.add_result("a", 2, 3, 3, 2)

        assert await district.recalculate() is Outcome.FAILED
        assert await other.recalculate() is Outcome.UP_TO_DATE

        assert await other.district_n() == 10
    assert await district.run_ids() == []
    # What is not at fault is computed all the same.
    assert len(await district.run_ids(Topic.PROGRAMME)) == 1


async def test_what_a_restored_database_brings_along_does_not_mislead(
    district: District,
) -> None:
    await district.add_result("a", 2, 3, 3, 2)
    await district.recalculate()
    first = await district.current_run()
    # The numbers of the server from which the dump was taken were far ahead.
    async with begin_as_system(district.scoring) as work:
        for table in (RunRow, CurrentRunRow):
            await work.session.execute(
                update(table).values(input_snapshot="99999999:99999999:")
            )
    async with begin_as_system(district.api) as work:
        await work.session.execute(
            update(OutboxRow).values(txid=text("'99999998'::xid8"))
        )

    assert (await district.current_run()).is_stale
    assert await district.recalculate() is Outcome.UP_TO_DATE

    run = await district.current_run()
    assert run.id > first.id
    assert not run.is_stale
    await district.add_result("b", 2, 3, 3, 2)
    assert (await district.current_run()).is_stale


def test_one_change_is_computed_at_once_and_the_more_come_the_longer_they_gather() -> (
    None
):
    pauses = [pause_after(changes) for changes in (1, 2, 5, 50, 500, 10_000)]

    assert pauses[:2] == [0.0, 0.0]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 10.0
