"""Rankings over HTTP, as each kind of account sees them."""

from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from statsmodels.stats.proportion import proportion_confint

from shared.contracts.events import EventKind
from shared.persistence.engine import create_engine
from shared.persistence.outbox import record
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import begin_as_system
from tests.api.computing import compute_all
from tests.support.api import ClientAs

Json = dict[str, Any]
YEAR = 2020  # an academic year without results in the demonstration


async def get(client: httpx.AsyncClient, path: str, status: int = 200) -> Json:
    answer = await client.get(path)
    assert answer.status_code == status, answer.text
    body: Json = answer.json()
    return body


async def schools_of(client: httpx.AsyncClient) -> dict[str, int]:
    listed = await get(client, "/v1/schools?limit=100")
    return {school["code"]: school["id"] for school in listed["items"]}


async def post_result(
    client: httpx.AsyncClient, school_id: int, *marks: int, wave: int = 1
) -> None:
    answer = await client.post(
        "/v1/results",
        json={
            "school_id": school_id,
            "procedure": "district_kim",
            "subject": "mathematics",
            "programme_grade": 5,
            "pupil_grade": 5,
            "academic_year": YEAR,
            "wave": wave,
            **dict(zip(("n2", "n3", "n4", "n5"), marks, strict=True)),
        },
    )
    assert answer.status_code == 201, answer.text


async def test_places_are_shared_and_no_data_is_outside(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    schools = await schools_of(client)
    first, second, third, small = list(schools.values())[:4]
    await post_result(client, third, 8, 1, 1, 0)
    await post_result(client, first, 2, 2, 3, 3)
    await post_result(client, second, 4, 4, 6, 6)
    await post_result(client, small, 0, 0, 1, 1)
    await compute_all(database_url)

    ranking = await get(client, f"/v1/rankings?academic_year={YEAR}")

    assert [
        (each["place"], each["place_from"], each["place_to"], each["value"], each["n"])
        for each in ranking["places"]
    ] == [
        ("1–2", 1, 2, 60.0, ranking["places"][0]["n"]),
        ("1–2", 1, 2, 60.0, ranking["places"][1]["n"]),
        ("3", 3, 3, 10.0, 10),
    ]
    assert {each["n"] for each in ranking["places"][:2]} == {10, 20}
    names = [each["school_name"] for each in ranking["places"][:2]]
    assert names == sorted(names)
    assert ranking["ranked"] == 3
    outside = {each["school_id"]: each["reason"] for each in ranking["outside"]}
    assert outside.pop(small) == "too_few_participants"
    assert set(outside.values()) == {"no_data"}
    assert len(outside) == ranking_size(ranking) - 4
    assert ranking["synthetic"] is True
    assert ranking["academic_year"] == YEAR


def ranking_size(ranking: Json) -> int:
    return len(ranking["places"]) + len(ranking["outside"])


async def test_the_method_stands_beside_the_figures_with_its_provenance(
    client_as: ClientAs, database_url: str
) -> None:
    await compute_all(database_url)

    ranking = await get(await client_as("uzhur"), "/v1/rankings")

    method = ranking["method"]
    assert (method["code"], method["version"]) == ("quality-of-results", 1)
    assert len(method["hash"]) == 64
    assert method["ranked_by"] == "quality_rate"
    assert method["provenance"]["minimum_n"]["kind"] == "unconfirmed"
    assert method["provenance"]["minimum_n"]["source"]


async def test_a_new_result_makes_a_new_run_and_the_old_one_can_be_read(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    first, second = list((await schools_of(client)).values())[:2]
    await post_result(client, first, 2, 2, 3, 3)
    await compute_all(database_url)
    old = await get(client, f"/v1/rankings?academic_year={YEAR}")
    assert (old["is_current"], old["is_stale"]) == (True, False)

    await post_result(client, second, 0, 0, 5, 5)
    behind = await get(client, f"/v1/rankings?academic_year={YEAR}")
    assert behind == old | {"is_stale": True}
    await compute_all(database_url)
    new = await get(client, f"/v1/rankings?academic_year={YEAR}")

    assert new["run_id"] > old["run_id"]
    assert (new["is_current"], new["is_stale"]) == (True, False)
    assert [each["school_id"] for each in new["places"]] == [second, first]
    again = await get(client, f"/v1/rankings/{old['run_id']}")
    assert again == old | {"is_current": False, "is_stale": True}


async def test_runs_are_listed_newest_first_in_pages(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    school = next(iter((await schools_of(client)).values()))
    for wave in (1, 2, 3):
        await post_result(client, school, 1, 2, 3, 4, wave=wave)
        await compute_all(database_url)

    path = f"/v1/ranking-runs?academic_year={YEAR}&limit=2"
    page = await get(client, path)
    rest = await get(client, f"{path}&after={page['next_after']}")

    runs = page["items"] + rest["items"]
    ids = [run["run_id"] for run in runs]
    assert len(page["items"]) == 2
    assert len(ids) == 3
    assert ids == sorted(ids, reverse=True)
    assert rest["next_after"] is None
    assert [run["is_current"] for run in runs] == [True, False, False]
    assert [run["results_count"] for run in runs] == [3, 2, 1]
    events = [run["input_event"] for run in runs]
    assert events == sorted(events, reverse=True)


async def test_a_school_sees_its_own_place_and_how_many_are_ranked(
    client_as: ClientAs, database_url: str
) -> None:
    await compute_all(database_url)
    whole = await get(await client_as("uzhur"), "/v1/rankings")
    school = await client_as("uzhur.ilinskaya")
    school_id = (await get(school, "/v1/me"))["school_id"]

    own = await get(school, "/v1/rankings")

    assert [each["school_id"] for each in own["places"] + own["outside"]] == [school_id]
    assert own["ranked"] == whole["ranked"] == len(whole["places"])
    old = await get(school, f"/v1/rankings/{whole['run_id']}")
    assert old == own


async def test_another_district_is_not_there(
    client_as: ClientAs, database_url: str
) -> None:
    await compute_all(database_url)
    mine = await client_as("uzhur")
    theirs = await get(await client_as("zhigalovo"), "/v1/rankings")

    for path in (
        f"/v1/rankings?municipality_id={theirs['municipality_id']}",
        f"/v1/rankings/{theirs['run_id']}",
        f"/v1/ranking-runs?municipality_id={theirs['municipality_id']}",
        "/v1/rankings?municipality_id=999999",
        "/v1/rankings/999999",
    ):
        assert (await get(mine, path, status=404))["code"] == "not_found", path


async def test_an_administrator_names_the_municipality(
    client_as: ClientAs, database_url: str
) -> None:
    await compute_all(database_url)
    admin = await client_as("admin")
    uzhur = await get(await client_as("uzhur"), "/v1/rankings")

    refused = await get(admin, "/v1/rankings", status=422)
    named = await get(admin, f"/v1/rankings?municipality_id={uzhur['municipality_id']}")

    assert refused["faults"][0]["column"] == "query.municipality_id"
    assert named == uzhur


async def test_what_is_not_computed_yet_says_so(client_as: ClientAs) -> None:
    answer = await get(await client_as("uzhur"), "/v1/rankings", status=404)

    assert answer["code"] == "not_computed_yet"
    assert answer["detail"]


async def test_an_impossible_year_or_number_is_refused(client_as: ClientAs) -> None:
    client = await client_as("uzhur")

    for path in (
        "/v1/rankings?academic_year=19",
        "/v1/rankings?municipality_id=99999999999999999999",
        "/v1/rankings/99999999999999999999",
    ):
        assert (await get(client, path, status=422))["code"] == "invalid_input"


async def test_each_place_has_its_interval_its_band_and_the_figure_over_years(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    best, middle, last = list((await schools_of(client)).values())[:3]
    await post_result(client, best, 0, 0, 5, 5)
    await post_result(client, middle, 4, 1, 3, 2)
    await post_result(client, last, 200, 150, 25, 25)
    await compute_all(database_url)

    ranking = await get(client, f"/v1/rankings?academic_year={YEAR}")
    places = {each["school_id"]: each for each in ranking["places"]}

    assert ranking["scope"] == "overall"
    assert [places[each]["plausible"] for each in (best, middle, last)] == [
        "1",
        "2",
        "3",
    ]
    assert [places[each]["band"] for each in (best, middle, last)] == [1, 2, 3]
    low, high = proportion_confint(50, 400, method="wilson")
    found = places[last]["value_low"], places[last]["value_high"]
    assert found == pytest.approx((100 * low, 100 * high))
    assert 12.5 < places[last]["shrunk"] < places[middle]["shrunk"] < 50
    assert places[last]["shrink_weight"] > places[best]["shrink_weight"]
    assert YEAR in places[last]["pooled_years"]
    assert places[last]["pooled_n"] >= 400


async def test_places_are_also_among_schools_of_a_kind(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    await compute_all(database_url)

    overall = await get(client, "/v1/rankings")
    kinds = await get(client, "/v1/rankings?scope=kind")

    of_kind = {
        group: [each for each in kinds["places"] if each["scope_group"] == group]
        for group in {each["scope_group"] for each in kinds["places"]}
    }
    assert len(of_kind) > 1
    assert kinds["ranked"] == overall["ranked"]
    order = [each["school_id"] for each in overall["places"]]
    for places in of_kind.values():
        assert places[0]["place_from"] == 1
        assert {each["ranked"] for each in places} == {len(places)}
        first = [each["place_from"] for each in places]
        assert first == sorted(first)
        values = [order.index(each["school_id"]) for each in places]
        ties = [each["value"] for each in places]
        assert values == sorted(values) or len(set(ties)) < len(ties)
    shown = {each["school_id"]: each["value_low"] for each in overall["places"]}
    assert {each["school_id"]: each["value_low"] for each in kinds["places"]} == shown


async def test_a_closed_school_is_told_of_apart_and_is_not_without_data(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    listed = (await get(client, "/v1/schools?limit=100"))["items"]
    parents = {each["parent_id"] for each in listed}
    whole = [
        each["id"]
        for each in listed
        if each["kind"] != "branch" and each["id"] not in parents
    ]
    closed, leaving, other = whole[:3]
    for school in (leaving, other):
        await post_result(client, school, 2, 2, 3, 3)
    database = create_engine(database_url, "api")
    async with begin_as_system(database) as work:
        for school, day in ((closed, date(2020, 9, 1)), (leaving, date(2021, 3, 1))):
            await work.session.execute(
                update(SchoolRow).where(SchoolRow.id == school).values(closed_on=day)
            )
        municipality_id = await work.session.scalar(
            select(SchoolRow.municipality_id).where(SchoolRow.id == closed)
        )
        assert municipality_id is not None
        await record(work, EventKind.SCHOOLS_CHANGED, municipality_id=municipality_id)
    await database.dispose()
    await compute_all(database_url)

    ranking = await get(client, f"/v1/rankings?academic_year={YEAR}")

    placed = {each["school_id"] for each in ranking["places"]}
    assert placed == {leaving, other}
    assert closed not in {each["school_id"] for each in ranking["outside"]}
    (absent,) = ranking["absent"]
    assert (absent["school_id"], absent["reason"]) == (closed, "closed")
    assert absent["closed_on"] == "2020-09-01"
