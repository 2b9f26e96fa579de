"""The sweep, which finds in PostgreSQL what is out of date."""

from services.scoring.jobs import LONGEST_WAIT_SECONDS, Owed, Sweep
from services.scoring.repository.lock import hold_municipality
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
