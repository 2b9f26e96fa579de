"""Indicators of results and of programmes over HTTP."""

from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.work import begin_as_system
from tests.api.computing import compute_all
from tests.support.api import ClientAs

Json = dict[str, Any]


async def get(client: httpx.AsyncClient, path: str, status: int = 200) -> Json:
    answer = await client.get(path)
    assert answer.status_code == status, answer.text
    body: Json = answer.json()
    return body


async def all_values(client: httpx.AsyncClient, query: str = "") -> list[Json]:
    values: list[Json] = []
    after: int | None = 0
    while after is not None:
        page = await get(client, f"/v1/indicators?limit=500&after={after}{query}")
        values += page["values"]
        after = page["next_after"]
    return values


@pytest.fixture
async def computed(database_url: str) -> None:
    """Compute the figures of the demonstration."""
    await compute_all(database_url)


@pytest.mark.usefixtures("computed")
async def test_the_districts_figures_come_first_and_are_those_of_all_its_pupils(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    client = await client_as("uzhur")

    answer = await get(client, "/v1/indicators?limit=6")

    async with begin_as_system(engine, answer["municipality_id"]) as work:
        rows = AssessmentResultRow
        statement = select(*(func.sum(c) for c in (rows.n2, rows.n3, rows.n4, rows.n5)))
        n2, n3, n4, n5 = map(int, (await work.session.execute(statement)).one())
        ungraded = int(
            (await work.session.scalar(select(func.sum(rows.n_ungraded)))) or 0
        )
    marked = n2 + n3 + n4 + n5 + ungraded
    expected = {
        "quality_rate": (100 * (n4 + n5) / marked, "percent"),
        "success_rate": (100 * (n3 + n4 + n5) / marked, "percent"),
        "sou": (
            (100 * n5 + 64 * n4 + 36 * n3 + 16 * n2 + 7 * ungraded) / marked,
            "percent",
        ),
        "mean_mark": (
            (5 * n5 + 4 * n4 + 3 * n3 + 2 * n2) / (n2 + n3 + n4 + n5),
            "mark",
        ),
        "low_share": (100 * n2 / marked, "percent"),
    }
    found = {each["measure"]: each for each in answer["values"]}
    assert found.keys() == expected.keys() | {"confirmed_marks"}
    compared = found.pop("confirmed_marks")
    assert (compared["value"], compared["n"]) == (None, 0)
    for measure, (value, unit) in expected.items():
        assert found[measure]["value"] == pytest.approx(value)
        assert found[measure]["unit"] == unit
    assert {each["scope"] for each in answer["values"]} == {"district"}
    assert all(each["n"] > 0 for each in found.values())
    assert all(each["procedure"] is None for each in answer["values"])
    assert answer["synthetic"] is True
    assert answer["is_stale"] is False
    assert answer["method"]["code"] == "quality-of-results"


@pytest.mark.usefixtures("computed")
async def test_filters_narrow_the_list(client_as: ClientAs) -> None:
    client = await client_as("uzhur")
    everything = await all_values(client)
    school_id = next(each["school_id"] for each in everything if each["school_id"])

    of_school = await all_values(client, f"&school_id={school_id}")
    of_subject = await all_values(client, "&scope=district&subject=mathematics")
    of_procedure = await all_values(client, "&procedure=vpr&scope=school")

    assert of_school == [each for each in everything if each["school_id"] == school_id]
    assert of_subject == [
        each
        for each in everything
        if each["scope"] == "district" and each["subject"] == "mathematics"
    ]
    assert of_procedure == [
        each
        for each in everything
        if each["scope"] == "school" and each["procedure"] == "vpr"
    ]
    assert of_school
    assert of_subject
    assert of_procedure


@pytest.mark.usefixtures("computed")
async def test_a_school_sees_the_districts_figures_and_its_own(
    client_as: ClientAs,
) -> None:
    coordinator = await client_as("uzhur")
    school = await client_as("uzhur.ilinskaya")
    own_id = (await get(school, "/v1/me"))["school_id"]
    other_id = next(
        each["school_id"]
        for each in await all_values(coordinator)
        if each["school_id"] not in {None, own_id}
    )

    seen = await all_values(school)

    assert {each["school_id"] for each in seen} == {None, own_id}
    await get(school, f"/v1/indicators?school_id={other_id}", status=404)


@pytest.mark.usefixtures("computed")
async def test_another_district_is_not_there(client_as: ClientAs) -> None:
    theirs = await get(await client_as("zhigalovo"), "/v1/indicators")
    client = await client_as("uzhur")

    for path in ("/v1/indicators", "/v1/programme-indicators"):
        query = f"{path}?municipality_id={theirs['municipality_id']}"
        assert (await get(client, query, status=404))["code"] == "not_found"


async def test_what_is_not_computed_yet_says_so(client_as: ClientAs) -> None:
    client = await client_as("uzhur")

    for path in ("/v1/indicators", "/v1/programme-indicators"):
        assert (await get(client, path, status=404))["code"] == "not_computed_yet"


@pytest.mark.usefixtures("computed")
async def test_an_administrator_names_a_municipality_or_a_programme(
    client_as: ClientAs,
) -> None:
    admin = await client_as("admin")
    programme_id = (await get(admin, "/v1/programmes"))["items"][0]["id"]

    await get(admin, "/v1/indicators", status=422)
    await get(admin, "/v1/programme-indicators", status=422)
    named = await get(admin, f"/v1/programme-indicators?programme_id={programme_id}")

    assert {each["programme_id"] for each in named["indicators"]} == {programme_id}
    await get(admin, "/v1/programme-indicators?programme_id=999999", status=404)


@pytest.mark.usefixtures("computed")
async def test_what_nothing_is_counted_for_has_no_data(client_as: ClientAs) -> None:
    answer = await get(await client_as("uzhur"), "/v1/programme-indicators")

    assert len(answer["indicators"]) == 13
    values = [value for each in answer["indicators"] for value in each["values"]]
    assert {value["year"] for value in values} == {2020, 2021}
    assert {value["status"] for value in values} == {"no_data"}
    assert {value["percent"] for value in values} == {None}


async def activate_agreement(client: httpx.AsyncClient) -> list[int]:
    """Bring an agreement of the first two schools into force; return the schools."""
    schools = await get(client, "/v1/schools?limit=100")
    programmes = await get(client, "/v1/programmes")
    chosen = [each["id"] for each in schools["items"] if each["kind"] != "branch"][:2]
    answer = await client.post(
        "/v1/mentoring-agreements",
        json={
            "programme_id": programmes["items"][0]["id"],
            "mentor_school_id": chosen[0],
            "mentee_school_id": chosen[1],
            "problem": "Математика в 5–6 классах",
            "starts_on": "2020-09-16",
            "ends_on": "2021-05-31",
            "goals": ["Снизить долю двоек"],
            "plan": [{"title": "Взаимные уроки", "due_on": "2020-11-20"}],
        },
    )
    assert answer.status_code == 201, answer.text
    path = f"/v1/mentoring-agreements/{answer.json()['id']}/transitions"
    for body in (
        {"action": "propose"},
        {"action": "sign", "side": "mentor"},
        {"action": "sign", "side": "mentee"},
        {"action": "activate"},
    ):
        answer = await client.post(path, json=body, headers={"If-Match": "*"})
        assert answer.status_code < 300, answer.text
    return chosen


async def test_an_agreement_raises_the_indicator_against_its_range(
    client_as: ClientAs, database_url: str
) -> None:
    await compute_all(database_url)
    client = await client_as("zhigalovo")
    before = await network_mentoring(client)
    assert (before["numerator"], before["percent"]) == (0, 0.0)
    assert (before["low"], before["high"], before["status"]) == (50, 100, "below")

    chosen = await activate_agreement(client)
    stale = await get(client, "/v1/programme-indicators?year=2021")
    await compute_all(database_url)

    assert stale["is_stale"] is True
    after = await network_mentoring(client)
    assert after["numerator"] == 2
    assert after["denominator"] == before["denominator"]
    assert after["percent"] == pytest.approx(200 / before["denominator"])
    assert [school["id"] for school in after["schools"]] == chosen
    assert all(school["name"] for school in after["schools"])


async def network_mentoring(client: httpx.AsyncClient) -> Json:
    answer = await get(client, "/v1/programme-indicators?year=2021")
    (found,) = [
        each for each in answer["indicators"] if each["code"] == "network_mentoring"
    ]
    assert found["title"]
    assert found["task_number"] == 2
    assert found["task_title"]
    (value,) = found["values"]
    body: Json = value
    return body


async def test_a_school_sees_of_the_schools_behind_a_figure_only_itself(
    client_as: ClientAs, database_url: str
) -> None:
    chosen = await activate_agreement(await client_as("zhigalovo"))
    await compute_all(database_url)
    schools = (await get(await client_as("zhigalovo"), "/v1/schools?limit=100"))[
        "items"
    ]
    codes = {school["id"]: school["code"] for school in schools}
    outsider = next(code for id_, code in codes.items() if id_ not in chosen)

    member = await network_mentoring(await client_as(f"zhigalovo.{codes[chosen[0]]}"))
    other = await network_mentoring(await client_as(f"zhigalovo.{outsider}"))

    assert [school["id"] for school in member["schools"]] == [chosen[0]]
    assert other["schools"] == []
    assert member["numerator"] == other["numerator"] == 2
