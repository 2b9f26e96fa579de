"""The sweep, which finds in PostgreSQL what is out of date, and rings."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from sqlalchemy import select

from services.scoring.entering import Entering
from services.scoring.jobs import (
    DATABASE,
    ENTERING,
    LONGEST_WAIT_SECONDS,
    Owed,
    Rings,
    Sweep,
    recalculate,
)
from services.scoring.repository.lock import hold_municipality
from shared.contracts.events import EventKind, Topic
from shared.persistence.tables.scoring import RunRow
from shared.persistence.work import begin_as_system
from tests.scoring.district import District, new_district


async def test_the_first_round_finds_all_and_a_later_one_what_changed(
    district: District,
) -> None:
    sweep = Sweep(district.scoring)
    await district.add_result("a", 2, 3, 3, 2)
    await sweep.round()
    first = await district.current_run()

    await sweep.round()
    assert (await district.current_run()).id == first.id

    await district.add_result("b", 2, 3, 3, 2)
    await sweep.round()
    assert (await district.current_run()).id > first.id
    assert sweep.owed == {}


async def test_a_municipality_that_another_worker_held_is_looked_at_again(
    district: District,
) -> None:
    sweep = Sweep(district.scoring)
    await sweep.round()
    await district.add_result("a", 2, 3, 3, 2)

    async with hold_municipality(district.scoring, district.id):
        await sweep.round()
        await sweep.round()
        assert await district.run_ids() == []
    await sweep.round()

    assert await district.district_n() == 10
    assert sweep.owed == {}


async def test_a_failing_municipality_waits_and_the_others_do_not(
    district: District,
) -> None:
    sweep = Sweep(district.scoring)
    await district.add_result("a", 2, 3, 3, 2_999_999_999)
    async with new_district(district.url, "other") as other:
        await other.add_school("a")
        await other.add_result("a", 2, 3, 3, 2)

        await sweep.round()

        assert await other.district_n() == 10
    assert list(sweep.owed) == [district.id]
    assert sweep.owed[district.id].failures == 1
    await sweep.round()
    assert sweep.owed[district.id].failures == 1

    await district.delete_results()
    sweep.owed[district.id].not_before = 0.0
    await sweep.round()
    assert sweep.owed == {}


def test_each_failure_doubles_the_wait_up_to_a_bound() -> None:
    owed = Owed()
    waits = []
    for _ in range(7):
        owed.postpone(100.0)
        waits.append(owed.not_before - 100.0)

    assert waits == [2, 4, 8, 16, *[LONGEST_WAIT_SECONDS] * 3]


@asynccontextmanager
async def answering(rings: Rings) -> AsyncIterator[None]:
    """Answer rings while the block runs."""
    task = asyncio.create_task(rings.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def run_of(district: District, *, pupils: int) -> None:
    """Wait until the current run counts so many pupils."""
    async with asyncio.timeout(30.0):
        while await counted(district) != pupils:  # noqa: ASYNC110 (a database tells nobody)
            await asyncio.sleep(0.02)


async def counted(district: District) -> int | None:
    return await district.district_n() if await district.run_ids() else None


async def test_an_event_that_concerns_figures_is_answered_at_once(
    district: District,
) -> None:
    rings = Rings(district.scoring)
    await district.add_result("a", 2, 3, 3, 2)
    async with answering(rings):
        rings.hear(EventKind.DEADLINES_CHANGED, district.id)
        await asyncio.sleep(0.3)
        assert await district.run_ids() == []

        rings.hear(EventKind.RESULTS_CHANGED, district.id)
        await run_of(district, pupils=10)


async def test_a_ring_during_the_computation_is_answered_after_it(
    district: District,
) -> None:
    rings = Rings(district.scoring)
    async with answering(rings):
        for number in range(1, 6):
            await district.add_result("a", 2, 3, 3, 2)
            rings.hear(EventKind.RESULTS_CHANGED, district.id)
            await asyncio.sleep(0.03 * number)
        await run_of(district, pupils=50)


async def test_a_failing_municipality_does_not_end_the_answering(
    district: District,
) -> None:
    rings = Rings(district.scoring)
    async with new_district(district.url, "other") as other, answering(rings):
        rings.hear(EventKind.RESULTS_CHANGED, 10**12)
        await other.add_school("a")
        await other.add_result("a", 2, 3, 3, 2)
        rings.hear(EventKind.RESULTS_CHANGED, other.id)
        await run_of(other, pupils=10)


async def test_a_burst_of_results_costs_a_few_runs_and_its_last_one_is_scored(
    district: District,
) -> None:
    rings = Rings(district.scoring)
    async with answering(rings):
        for _ in range(300):
            await district.add_result("a", 1, 1, 1, 1)
            rings.hear(EventKind.RESULTS_CHANGED, district.id)
        await run_of(district, pupils=1200)

    assert len(await district.run_ids()) <= 30


async def topics(district: District) -> list[str]:
    async with begin_as_system(district.scoring, district.id) as work:
        computed = select(RunRow.topic).order_by(RunRow.id)
        return list(await work.session.scalars(computed))


@pytest.mark.parametrize("by", ["sweep", "job"])
async def test_whoever_computes_lets_results_that_are_entered_go_first(
    district: District, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So long that a busy machine enters the next one meanwhile.
    monkeypatch.setattr("services.scoring.entering.QUIET_SECONDS", 8.0)
    monkeypatch.setattr("services.scoring.usecases.LONGEST_WAIT", 60.0)
    entering = Entering()
    await district.add_result("a", 2, 3, 3, 2)
    entering.hear(district.id)
    keys = {DATABASE: district.scoring, ENTERING: entering}
    async with asyncio.TaskGroup() as group:
        if by == "sweep":
            group.create_task(Sweep(district.scoring, entering).round())
        else:
            group.create_task(recalculate(keys, district.id))
        await run_of(district, pupils=10)
        await district.add_result("a", 2, 3, 3, 2)
        entering.hear(district.id)

    computed = await topics(district)
    assert computed[:2] == [Topic.RESULTS, Topic.RESULTS]
    assert Topic.MATCHING in computed
