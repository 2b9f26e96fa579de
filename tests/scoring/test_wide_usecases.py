"""Many municipalities computed together have the figures that each has alone."""

from contextlib import AsyncExitStack

import asyncpg

from services.scoring.repository.lock import hold_municipality
from services.scoring.wide_usecases import TOPICS, recalculate_area
from shared.contracts.events import Topic
from tests.scoring.district import YEAR, District, new_district
from tests.scoring.records import add_passport, use_method

SHARES = ("bussed", "low_income", "school_register", "dangerous_situation")
CODES = ("lesnoy", "rechnoy", "stepnoy")
YEARLY = [topic for topic in TOPICS if topic is not Topic.PROGRAMME]


async def filled(district: District, extra: int) -> None:
    """Give a district schools with results of two years, ties, and passports."""
    for code in "abcd":
        await district.add_school(code)
    await district.add_school("e", kind="branch")
    for year in (YEAR - 1, YEAR):
        await district.add_result("a", 2, 3, 3, 2 + extra, academic_year=year)
        await district.add_result("b", 4, 6, 6, 4, academic_year=year)
        await district.add_result("c", 1, 0, 1, 0, academic_year=year)
        await district.add_result("e", 0, 5, 5, 1, academic_year=year)
        for place, code in enumerate("abcd"):
            shares = dict.fromkeys(SHARES, 10.0 * place + extra / 7)
            await add_passport(district, code, year=year, **shares)


async def of_all_years(district: District) -> list[object]:
    return [
        await district.contents((await district.current_run(topic, year)).id)
        for topic in YEARLY
        for year in (YEAR - 1, YEAR)
    ]


async def test_together_they_have_what_each_has_alone_to_the_byte(
    empty_database_url: str,
) -> None:
    async with AsyncExitStack() as stack:
        districts = [
            await stack.enter_async_context(new_district(empty_database_url, code))
            for code in CODES
        ]
        await use_method(districts[0], "conditions-of-schools")
        for extra, district in enumerate(districts):
            await filled(district, extra)
            await district.recalculate()
        alone = [await of_all_years(each) for each in districts]
        await districts[0].forget_runs()

        runs = await recalculate_area(
            districts[0].scoring, [each.id for each in districts]
        )
        again = await recalculate_area(
            districts[0].scoring, [each.id for each in districts]
        )

        assert [await of_all_years(each) for each in districts] == alone
        assert (runs, again) == ((2 * len(YEARLY) + 1) * len(CODES), 0)
        assert not (await districts[0].current_run()).is_stale


async def test_only_what_is_out_of_date_is_computed_again(
    empty_database_url: str,
) -> None:
    async with AsyncExitStack() as stack:
        one, other = [
            await stack.enter_async_context(new_district(empty_database_url, code))
            for code in CODES[:2]
        ]
        for district in (one, other):
            await filled(district, 0)
        await recalculate_area(one.scoring, [one.id, other.id])
        before = await other.run_ids(Topic.RESULTS)

        await one.add_result("d", 1, 1, 1, 1)
        runs = await recalculate_area(one.scoring, [one.id, other.id])

        assert runs == len(TOPICS)
        assert await other.run_ids(Topic.RESULTS) == before


async def test_a_municipality_that_another_worker_holds_is_left_to_it(
    empty_database_url: str,
) -> None:
    async with AsyncExitStack() as stack:
        one, other = [
            await stack.enter_async_context(new_district(empty_database_url, code))
            for code in CODES[:2]
        ]
        for district in (one, other):
            await filled(district, 0)

        async with hold_municipality(one.scoring, one.id):
            await recalculate_area(one.scoring, [one.id, other.id])
        held = await one.run_ids(Topic.RESULTS)
        await recalculate_area(one.scoring, [one.id, other.id])

        assert held == []
        assert len(await one.run_ids(Topic.RESULTS)) == 2


async def test_a_topic_that_fails_leaves_the_others_of_its_piece(
    district: District,
) -> None:
    for year in (YEAR - 1, YEAR):
        await district.add_result("a", 2, 3, 3, 2, academic_year=year)
    admin = await asyncpg.connect(district.url)
    try:
        await admin.execute("REVOKE INSERT ON scoring.figures FROM scoring")
        failed = await recalculate_area(district.scoring, [district.id])
        missing = await district.run_ids(Topic.RESULTS)
        await admin.execute("GRANT INSERT ON scoring.figures TO scoring")
    finally:
        await admin.close()
    others = [topic for topic in TOPICS if topic is not Topic.RESULTS]
    computed = [await district.run_ids(topic) for topic in others]

    mended = await recalculate_area(district.scoring, [district.id])

    assert missing == []
    assert failed == sum(len(ids) for ids in computed)
    assert all(computed)
    assert mended == len(await district.run_ids(Topic.RESULTS)) > 0
