"""Why a school stands where it stands, over HTTP."""

from typing import Any

import httpx
import pytest
from statsmodels.stats.proportion import proportion_confint

from services.api.cli import DEPLOY
from services.api.methods.loading import load_method, read_method
from shared.persistence.engine import create_engine
from shared.persistence.work import begin_as_system
from tests.api.computing import compute_all
from tests.api.rankings.test_routes import YEAR, get, post_result, schools_of
from tests.support.api import ClientAs

Json = dict[str, Any]
EXAMINATION: Json = {
    "procedure": "oge",
    "subject": "russian",
    "programme_grade": 9,
    "pupil_grade": 9,
    "academic_year": YEAR,
    "n2": 1,
    "n3": 4,
    "n4": 4,
}
IN_UZHUR = {"in_force": [{"from": 2016, "municipality": "uzhur"}]}


async def put_into_force(database_url: str, code: str) -> None:
    """Put a shipped method into force in Uzhur, and compute."""
    database = create_engine(database_url, "api")
    async with begin_as_system(database) as work:
        content = read_method(DEPLOY / "methods" / f"{code}.yaml")
        await load_method(work, content | IN_UZHUR)
    await database.dispose()
    await compute_all(database_url)


async def post_district(client: httpx.AsyncClient) -> list[int]:
    """Post results of five schools, the last of which took no examination."""
    schools = list((await schools_of(client)).values())[:5]
    for number, school_id in enumerate(schools):
        await post_result(client, school_id, number, 4, 3, 9 - number)
        if number < len(schools) - 1:
            answer = await client.post(
                "/v1/results", json=EXAMINATION | {"school_id": school_id, "n5": number}
            )
            assert answer.status_code == 201, answer.text
    return schools


async def explained(client: httpx.AsyncClient, run: int, school: int) -> Json:
    return await get(client, f"/v1/rankings/{run}/schools/{school}")


async def test_a_figure_comes_with_all_that_it_was_made_of(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    first, second = list((await schools_of(client)).values())[:2]
    await post_result(client, first, 2, 2, 3, 3)
    await post_result(client, first, 1, 1, 1, 1, wave=2)
    await post_result(client, second, 0, 0, 1, 1)
    await compute_all(database_url)
    run = (await get(client, f"/v1/rankings?academic_year={YEAR}"))["run_id"]

    answer = await explained(client, run, first)
    few = await explained(client, run, second)

    (score,) = answer["scores"]
    assert (score["value"], score["numerator"], score["n"]) == (100 * 8 / 14, 8, 14)
    ends = [100 * end for end in proportion_confint(8, 14, method="wilson")]
    assert [score["value_low"], score["value_high"]] == pytest.approx(ends)
    assert (score["n_results"], score["n_left_out"]) == (2, 0)
    assert (score["place_from"], score["ranked"], score["years"]) == (1, 1, [YEAR])
    assert score["change"]["dynamics"] == "incomparable"
    assert score["source"]["measure"] == "quality_rate"
    assert score["treatment"]["missing"] == "leave_out"
    assert score["provenance"]["minimum_n"]["kind"] == "unconfirmed"
    assert score["provenance"]["comparability.breaks"]["kind"] == "federal"
    assert answer["status_level"] == 4
    assert answer["sensitivity"] is None
    assert answer["method"]["hash"]
    assert few["scores"][0]["reason"] == "too_few_participants"
    assert few["status_level"] is None


async def test_the_parts_of_a_composite_add_up_to_it(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    schools = await post_district(client)
    await put_into_force(database_url, "zhigalovo")
    ranking = await get(client, f"/v1/rankings?academic_year={YEAR}")
    run, places = ranking["run_id"], ranking["places"]

    assert ranking["method"]["ranked_by"] == "composite"
    assert {each["school_id"] for each in places} == set(schools[:4])
    assert {each["reason"] for each in ranking["outside"]} == {
        "low_coverage",
        "no_data",
    }
    for place in places:
        answer = await explained(client, run, place["school_id"])
        scores = {(each["level"], each["code"]): each for each in answer["scores"]}
        whole = scores["composite", "composite"]
        assert whole["value"] == place["value"]
        for each in scores.values():
            there = [
                part["contribution"]
                for part in each["parts"]
                if part["contribution"] is not None
            ]
            if each["parts"] and each["value"] is not None:
                assert sum(there) == pytest.approx(each["value"])
                assert sum(part["used"] for part in each["parts"]) == pytest.approx(1)
        assert answer["sensitivity"]["band"] == answer["status_level"]
    assert {"groups.attainment", "ranked_by"} <= whole["provenance"].keys()


async def test_the_grid_and_the_weights_tell_of_every_ranked_school(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    schools = await post_district(client)
    await put_into_force(database_url, "zhigalovo")
    ranking = await get(client, f"/v1/rankings?academic_year={YEAR}")
    run = ranking["run_id"]
    assert len(ranking["places"]) == len(schools) - 1

    grid = await get(client, f"/v1/rankings/{run}/grid")
    sensitivity = await get(client, f"/v1/rankings/{run}/sensitivity")

    placed = [each["school_id"] for cell in grid["cells"] for each in cell["schools"]]
    assert sorted(placed) == sorted(each["school_id"] for each in ranking["places"])
    assert len(grid["outside"]) == len(ranking["outside"])
    cells = [(cell["status_level"], cell["change_level"]) for cell in grid["cells"]]
    assert len(set(cells)) == len(cells)
    assert sensitivity["bands"] == "grid"
    assert sensitivity["schools"] == len(ranking["places"])
    moved = {
        school["school_id"]
        for shift in sensitivity["shifts"]
        for school in shift["schools"]
    }
    assert sensitivity["moved_by_any"] == len(moved)
    assert 0 <= sensitivity["moved_share"] <= 1
    for shift in sensitivity["shifts"]:
        assert shift["moved"] == len(shift["schools"])
        assert shift["share"] == shift["moved"] / sensitivity["schools"]


async def test_a_school_is_explained_itself_and_nobody_else(
    client_as: ClientAs, database_url: str
) -> None:
    coordinator = await client_as("uzhur")
    await post_district(coordinator)
    await compute_all(database_url)
    client = await client_as("uzhur.ilinskaya")
    own = (await get(client, "/v1/me"))["school_id"]
    run = (await get(client, f"/v1/rankings?academic_year={YEAR}"))["run_id"]
    others = [
        school for school in (await schools_of(coordinator)).values() if school != own
    ]

    assert (await explained(client, run, own))["school_id"] == own
    await get(client, f"/v1/rankings/{run}/schools/{others[0]}", 404)
    grid = await get(client, f"/v1/rankings/{run}/grid")
    shown = [each["school_id"] for cell in grid["cells"] for each in cell["schools"]]
    assert {*shown, *(each["school_id"] for each in grid["outside"])} == {own}


async def test_a_run_that_is_not_there_is_not_found(client_as: ClientAs) -> None:
    client = await client_as("uzhur")

    for path in ("grid", "sensitivity", "schools/1"):
        await get(client, f"/v1/rankings/999999/{path}", 404)
