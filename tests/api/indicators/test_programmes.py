"""Indicators of both programmes from records that districts and schools enter."""

from typing import Any

import httpx
import pytest

from tests.api.computing import compute_all
from tests.api.mentoring.conftest import Places
from tests.support.api import ClientAs

Json = dict[str, Any]
EXPERTISE = {
    "level": "municipal",
    "expert_position": "Методист управления образования",
    "reviewed_on": "2020-09-16",
    "remarks": ["Уточните исходные значения"],
}


RESULT = {
    "procedure": "vpr",
    "subject": "mathematics",
    "programme_grade": 5,
    "pupil_grade": 5,
    "academic_year": 2019,
    "written_on": "2020-04-20",
    "n": 20,
    "n2": 2,
    "n3": 8,
    "n4": 6,
    "n5": 4,
}


async def post(client: httpx.AsyncClient, path: str, **body: Any) -> Json:
    answer = await client.post(f"/v1/{path}", json=body)
    assert answer.status_code in {200, 201}, answer.text
    found: Json = answer.json()
    return found


async def answered(
    client: httpx.AsyncClient, year: int
) -> tuple[Json, dict[str, Json]]:
    """Return the answer, and each indicator's value of the year by its code."""
    answer = await client.get(f"/v1/programme-indicators?year={year}")
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body, {each["code"]: each["values"][0] for each in body["indicators"]}


def said(value: Json) -> dict[int, str]:
    """Return of each school on which side it is, with the reason."""
    return {
        school["id"]: side
        + (f": {school['reason']['code']}" if school["reason"] else "")
        for side in ("schools", "others", "undecided")
        for school in value[side]
    }


async def schools_of(client: httpx.AsyncClient) -> list[int]:
    items = (await client.get("/v1/schools?limit=100")).json()["items"]
    return [each["id"] for each in items if each["kind"] != "branch"]


async def write_programme(
    client: httpx.AsyncClient, school_id: int, programme_id: int
) -> str:
    """Write a school's programme and hand it in; return its address."""
    made = await post(
        client,
        "school-programmes",
        school_id=school_id,
        programme_id=programme_id,
        title="Программа перехода в эффективный режим",
        goal="Повысить качество обучения математике",
        tasks=["Восполнить дефициты учителей"],
        starts_on="2020-09-10",
        ends_on="2022-05-31",
    )
    owner = {"school_id": school_id, "school_programme_id": made["id"]}
    await post(
        client,
        "school-programme-indicators",
        **owner,
        title="Доля «4» и «5»",
        unit="%",
        target=40,
        target_on="2022-05-31",
    )
    await post(
        client,
        "school-programme-measures",
        **owner,
        title="Педсовет",
        starts_on="2020-09-14",
        due_on="2020-10-30",
    )
    path = f"school-programmes/{made['id']}"
    await post(client, f"{path}/submit")
    return path


async def test_a_year_of_zhigalovo_is_counted_from_its_own_records(
    client_as: ClientAs, places: Places, database_url: str
) -> None:
    client = await client_as("zhigalovo")
    schools = await schools_of(client)
    first, second, third, *rest = schools
    field = {"calendar_year": 2020, "quadrant": "strengths", "position": 1}
    await post(client, "results", school_id=first, **RESULT)
    await post(client, "swot-entries", school_id=first, **field, text="Коллектив")
    for school, satisfied in ((first, 14), (second, 9)):
        survey = {"school_id": school, "calendar_year": 2020, "respondents": 20}
        question = {"question": "municipal_management", "satisfied": satisfied}
        await post(client, "satisfaction-surveys", **survey, **question)
    for year, state in ((2019, "lacking"), (2020, "available")):
        resource = {"kind": "material", "title": "Кабинет физики", "state": state}
        await post(client, "resource-items", school_id=first, year=year, **resource)
    path = await write_programme(client, first, places.programmes["zhigalovo"])
    await write_programme(client, second, places.programmes["zhigalovo"])
    await post(client, f"{path}/review")
    await post(client, f"{path}/approve", **EXPERTISE)
    await compute_all(database_url)

    answer, found = await answered(client, 2020)

    everybody = len(schools)
    assert (answer["as_of"], answer["is_stale"]) == ("2020-09-16", False)
    analysed = found["analysed_by_method"]
    assert said(analysed)[first] == "schools"
    assert said(analysed)[second] == "others: no_swot"
    assert (analysed["numerator"], analysed["denominator"]) == (1, everybody)
    assert (analysed["status"], analysed["n_decided"]) == ("below", everybody)
    programmes = found["school_programmes"]
    assert [each["id"] for each in programmes["schools"]] == [first]
    assert said(programmes)[second] == "others: not_approved"
    assert said(programmes)[third] == "others: no_school_programme"
    assert programmes["projection"]["open_parts"] == 1
    assert programmes["projection"]["outlook"] == "missed"
    managed = found["satisfied_with_management"]
    assert (managed["numerator"], managed["denominator"]) == (1, 2)
    assert (managed["percent"], managed["status"]) == (50.0, "met")
    assert (managed["n_decided"], managed["n_schools"]) == (2, everybody)
    assert managed["is_settled"] is False
    assert {said(managed)[school] for school in rest} == {"undecided: no_survey"}
    assert managed["schools"][0]["evidence"]["respondents"] == 20
    assert [each["code"] for each in managed["thresholds"]] == [
        "satisfied_at_least",
        "minimum_respondents",
        "confidence",
        "prior",
    ]
    assert {each["kind"] for each in managed["thresholds"]} == {"unconfirmed"}
    helped = found["satisfied_with_support"]
    assert (helped["status"], helped["reason"]["code"]) == ("no_data", "no_survey")
    assert helped["reason"]["ru"]
    better = found["better_resources"]
    assert (better["numerator"], better["denominator"]) == (1, 1)
    assert better["status"] == "above"
    own = await client_as("zhigalovo." + await code_of(client, second))
    _, shown = await answered(own, 2020)
    assert said(shown["school_programmes"]) == {second: "others: not_approved"}
    assert shown["school_programmes"]["denominator"] == everybody


async def code_of(client: httpx.AsyncClient, school_id: int) -> str:
    code: str = (await client.get(f"/v1/schools/{school_id}")).json()["code"]
    return code


async def groups_of(client: httpx.AsyncClient) -> dict[str, int]:
    items = (await client.get("/v1/msoko-groups?limit=100")).json()["items"]
    return {each["code"]: each["id"] for each in items}


async def test_a_year_of_uzhur_is_counted_from_its_own_records(
    client_as: ClientAs, places: Places, database_url: str
) -> None:
    client = await client_as("uzhur")
    schools = await schools_of(client)
    first, second, third, *rest = schools
    group = (await groups_of(client)).get("1.1") or (
        await post(
            client,
            "msoko-groups",
            municipality_id=places.municipalities["uzhur"],
            code="1.1",
            title="Внешние результаты",
        )
    )["id"]
    points = {first: (5, 5, 6), second: (5, 4, 3), third: (4, 3, 5)}
    for school, of_years in points.items():
        for year, score in zip((2018, 2019, 2020), of_years, strict=True):
            of = {"school_id": school, "academic_year": year, "group_id": group}
            await post(client, "msoko-scores", **of, score=score, maximum=10)
    control = {"held_on": "2020-09-10", "topic": "Электронные журналы"}
    corrected = {"plan_corrected_on": "2020-09-14"}
    await post(client, "internal-controls", school_id=first, **control, **corrected)
    await post(client, "internal-controls", school_id=second, **control)
    survey = {"calendar_year": 2021, "question": "educational_results"}
    await post(
        client,
        "satisfaction-surveys",
        school_id=first,
        **survey,
        respondents=80,
        satisfied=60,
    )
    for school in (first, second):
        advised = await post(
            client,
            "recommendations",
            school_id=school,
            title="Математика, 5 класс",
            text="Провести диагностику",
            grounds="Рейтинг школ",
            ranking_run_id=1,
            issued_on="2020-09-15",
            due_on="2020-09-25",
        )
        if school == first:
            path = f"recommendations/{advised['id']}/answer"
            await post(client, path, answer="Проведена", done_on="2020-09-16")
    path = await write_programme(client, first, places.programmes["uzhur"])
    await write_programme(client, second, places.programmes["uzhur"])
    await post(client, f"{path}/review")
    await post(client, f"{path}/approve", **EXPERTISE)
    await compute_all(database_url)

    answer, found = await answered(client, 2020)

    assert answer["as_of"] == "2020-09-16"
    steady = found["group_1_1_dynamics"]
    assert (steady["numerator"], steady["denominator"]) == (2, 3)
    assert said(steady)[second] == "others: fell"
    assert {said(steady)[school] for school in rest} == {"undecided: no_score"}
    assert (steady["growth"]["status"], steady["growth"]["numerator"]) == ("grown", 1)
    assert steady["projection"]["denominator"] == len(schools)
    assert steady["projection"]["low"] < steady["projection"]["high"]
    plans = found["plan_corrected"]
    assert (plans["numerator"], plans["denominator"]) == (1, 2)
    assert said(plans)[second] == "others: plan_not_corrected"
    satisfied = found["satisfaction"]
    assert (satisfied["numerator"], satisfied["denominator"]) == (60, 80)
    assert satisfied["unprojected"]["code"] == "respondents_unknown"
    followed = found["recommendations_followed"]
    assert said(followed)[first] == "schools"
    assert said(followed)[second] == "undecided: not_due_yet"
    assert (followed["numerator"], followed["denominator"]) == (1, 1)
    passed = found["school_programmes_reviewed"]
    assert (passed["numerator"], passed["denominator"]) == (1, 2)
    assert found["group_2_3_dynamics"]["reason"]["code"] == "no_score"


async def test_another_day_makes_a_run_out_of_date_as_long_as_a_year_is_running(
    client_as: ClientAs, database_url: str
) -> None:
    client, admin = await client_as("zhigalovo"), await client_as("admin")
    await compute_all(database_url)
    before, found = await answered(client, 2020)
    assert found["network_mentoring"]["unprojected"] is None

    for now, phase in (
        ("2021-01-01T12:00:00+08:00", "year_is_over"),
        ("2023-01-01T12:00:00+08:00", "year_is_over"),
    ):
        moved = await admin.put("/v1/clock", json={"now": now})
        assert moved.status_code == 200, moved.text
        stale, _ = await answered(client, 2020)
        await compute_all(database_url)
        after, found = await answered(client, 2020)
        assert (stale["is_stale"], after["is_stale"]) == (True, False)
        assert after["as_of"] == now[:10]
        assert after["run_id"] > before["run_id"]
        assert found["network_mentoring"]["unprojected"]["code"] == phase

    await admin.put("/v1/clock", json={"now": "2023-05-01T12:00:00+08:00"})
    final, _ = await answered(client, 2022)
    assert final["is_stale"] is False


@pytest.mark.parametrize("body", [{"plan_corrected_on": "2020-09-09"}, {"topic": ""}])
async def test_a_control_is_refused_where_it_cannot_be_so(
    client_as: ClientAs, places: Places, body: Json
) -> None:
    client = await client_as("uzhur.ilinskaya")
    control = {
        "school_id": places.schools["uzhur.ilinskaya"],
        "held_on": "2020-09-10",
        "topic": "Журналы",
    }

    answer = await client.post("/v1/internal-controls", json=control | body)

    assert answer.status_code == 422
    assert (await client.get("/v1/internal-controls")).json()["items"] == []
