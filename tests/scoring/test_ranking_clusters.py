"""Places of schools within clusters of like conditions, in a real database."""

from contextlib import AsyncExitStack
from typing import Any

from sqlalchemy import select, update

from services.scoring.wide_usecases import recalculate_area
from shared.contracts.events import Topic
from shared.persistence.tables.school_conditions import SchoolConditionsRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.scoring import RankingPlaceRow, RunRow
from shared.persistence.tables.social_passports import SocialPassportRow
from shared.persistence.work import begin_as_system
from tests.scoring.district import YEAR, District, new_district
from tests.scoring.records import add_passport, tell_of_records, use_method

SHARES = ("bussed", "low_income", "school_register", "dangerous_situation")
CODES = "abcdefghijkl"
HARD = CODES[:5]
METHOD = "conditions-of-schools"
CLUSTERS = {
    "shares": [],
    "minimum_shares": 4,
    "fewest": 2,
    "most": 3,
    "minimum_size": 3,
    "minimum_schools": 8,
    "peers": 2,
}


async def describe(district: District, code: str, percent: float) -> None:
    await add_passport(district, code, year=YEAR, **dict.fromkeys(SHARES, percent))


async def describe_anew(district: District, code: str, percent: float) -> None:
    """Correct a passport."""
    async with begin_as_system(district.api) as work:
        await work.session.execute(
            update(SocialPassportRow)
            .where(SocialPassportRow.school_id == district.schools[code])
            .values(**{f"{name}_percent": percent for name in SHARES})
        )
        await tell_of_records(work, district, "social-passports", YEAR)


async def filled(district: District, extra: int = 0) -> None:
    """Give a district five schools in hard conditions, seven in easy ones, a branch."""
    for place, code in enumerate(CODES):
        if code not in district.schools:
            await district.add_school(code)
        await describe(district, code, place + (60 if code in HARD else 0))
        await district.add_result(code, 5, 5, place, 2 * (place % 5) + extra)
    await district.add_school("branch", kind="branch")
    await describe(district, "branch", 62.0)


async def ranked(district: District) -> dict[str, dict[str, Any]]:
    """Return value, cluster and places within it by code, as the ranking has them."""
    run = await district.current_run()
    place = RankingPlaceRow
    async with begin_as_system(district.api, district.id) as work:
        rows = await work.session.execute(
            select(
                SchoolRow.code,
                place.value,
                place.scope_group,
                place.place_from,
                place.place_to,
                place.ranked,
            )
            .join(SchoolRow, SchoolRow.id == place.school_id)
            .where(place.run_id == run.id, place.scope == "cluster")
        )
        return {row["code"]: dict(row) for row in rows.mappings()}


async def clusters(district: District) -> dict[str, str]:
    """Return the cluster of each school by code, as the conditions have it."""
    run = await district.current_run(Topic.CONDITIONS)
    async with begin_as_system(district.api, district.id) as work:
        rows = await work.session.execute(
            select(SchoolRow.code, SchoolConditionsRow.cluster)
            .join(SchoolRow, SchoolRow.id == SchoolConditionsRow.school_id)
            .where(SchoolConditionsRow.run_id == run.id)
        )
        return {code: str(cluster) for code, cluster in rows if cluster is not None}


def check_by_force(places: dict[str, dict[str, Any]]) -> None:
    """Count for each school those of its cluster that are better, and as good."""
    for each in places.values():
        own = [
            round(other["value"], 6)
            for other in places.values()
            if other["scope_group"] == each["scope_group"]
        ]
        value = round(each["value"], 6)
        better = sum(other > value for other in own)
        assert each["place_from"] == better + 1
        assert each["place_to"] == better + own.count(value)
        assert each["ranked"] == len(own)


async def contents(district: District) -> list[object]:
    run = await district.current_run()
    return [run.methods, await district.contents(run.id)]


async def test_schools_are_ranked_among_those_in_like_conditions(
    district: District,
) -> None:
    await use_method(district, METHOD, clusters=CLUSTERS)
    await filled(district)
    await district.recalculate()

    places, found = await ranked(district), await clusters(district)

    assert {code for code, cluster in found.items() if cluster == "1"} == {
        *HARD,
        "branch",
    }
    del found["branch"]  # which has no results of its own
    assert {code: each["scope_group"] for code, each in places.items()} == found
    check_by_force(places)
    run = await district.current_run()
    assert [each["kind"] for each in run.methods] == ["ranking", "conditions"]


async def test_a_changed_passport_moves_a_school_to_another_cluster_and_its_places(
    district: District,
) -> None:
    await use_method(district, METHOD, clusters=CLUSTERS)
    await filled(district)
    await district.recalculate()

    await describe_anew(district, "c", 9.0)
    assert (await district.current_run()).is_stale
    await district.recalculate()
    await district.add_result("branch", 1, 1, 5, 5)
    await district.recalculate()
    steps, places = await contents(district), await ranked(district)

    found = await clusters(district)
    assert (found["c"], found["branch"]) == ("2", "1")
    assert {code: each["scope_group"] for code, each in places.items()} == found
    check_by_force(places)
    await district.forget_runs()
    await district.recalculate()
    assert await contents(district) == steps


async def test_alone_and_together_clusters_give_the_same_places_to_the_byte(
    empty_database_url: str,
) -> None:
    async with AsyncExitStack() as stack:
        one, other = [
            await stack.enter_async_context(new_district(empty_database_url, code))
            for code in ("lesnoy", "rechnoy")
        ]
        await use_method(one, METHOD, clusters=CLUSTERS)
        await filled(one)
        await filled(other, extra=3)
        await one.recalculate()
        await other.recalculate()
        alone = [await contents(each) for each in (one, other)]
        await one.forget_runs()

        await recalculate_area(one.scoring, [one.id, other.id])

        assert [await contents(each) for each in (one, other)] == alone
        assert await ranked(one)
        async with begin_as_system(one.api) as work:
            order = list(
                await work.session.scalars(select(RunRow.topic).order_by(RunRow.id))
            )
    assert order.index(Topic.CONDITIONS) < order.index(Topic.RESULTS)
