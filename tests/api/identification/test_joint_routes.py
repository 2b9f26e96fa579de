"""Low results × difficult conditions × resilience, over HTTP."""

from itertools import product
from typing import Any

import httpx
import pytest

from tests.api.computing import compute_all
from tests.support.api import ClientAs

URL = "/v1/joint-identification"
YEAR = 2017  # of the results of the demonstration
AXES = ("low_results", "difficult", "resilient")


@pytest.fixture
async def office(client_as: ClientAs, database_url: str) -> httpx.AsyncClient:
    """The coordinator of a district whose figures are computed."""
    client = await client_as("uzhur")
    await compute_all(database_url)
    return client


async def joint(client: httpx.AsyncClient, **params: Any) -> dict[str, Any]:
    answer = await client.get(
        URL, params={"academic_year": YEAR, "limit": 500, **params}
    )
    assert answer.status_code == 200, answer.text
    view: dict[str, Any] = answer.json()
    return view


def answers(school: dict[str, Any]) -> tuple[str, ...]:
    return tuple(school[axis]["answer"] for axis in AXES)


async def test_the_three_answers_and_the_table_agree_with_each_answer_alone(
    office: httpx.AsyncClient,
) -> None:
    view = await joint(office, rule="federal-2020")

    schools = view["items"]
    assert len(schools) == view["schools"] > 10
    for cell in view["table"]:
        wanted = tuple("yes" if cell[axis] else "no" for axis in AXES)
        named = {each["school_id"] for each in cell["schools"]}
        own = {each["school_id"] for each in schools if answers(each) == wanted}
        assert (named, cell["count"]) == (own, len(own))
    assert len(view["table"]) == 8
    for part in ("identification", "conditions"):
        kinds = {each["kind"] for each in view[part]["provenance"].values()}
        assert "unconfirmed" in kinds
    cells = sum(cell["count"] for cell in view["table"])
    undecided = [each for each in schools if "unknown" in answers(each)]
    assert view["undecided"]["count"] == len(undecided) == len(schools) - cells
    listed = await office.get(
        "/v1/identifications",
        params={"rule": "federal-2020", "limit": 500, "academic_year": YEAR},
    )
    statuses = {
        each["school_id"]: each["standing_status"] for each in listed.json()["items"]
    }
    conditions = await office.get(
        f"/v1/conditions/{view['conditions']['run_id']}/schools?limit=500"
    )
    of_conditions = {each["school_id"]: each for each in conditions.json()["items"]}
    for each in schools:
        number = each["school_id"]
        assert each["low_results"]["status"] == statuses[number]
        assert each["difficult"]["status"] == of_conditions[number]["difficulty"]
        assert each["resilient"]["status"] == of_conditions[number]["resilience"]
        for axis in AXES:
            assert all(
                reason["ru"] and reason["en"] for reason in each[axis]["reasons"]
            )
            assert (await office.get(each[axis]["link"])).status_code == 200
    assert {answer for each in schools for answer in answers(each)} > {"yes", "no"}


async def test_filters_narrow_the_list_and_not_the_table(
    office: httpx.AsyncClient,
) -> None:
    whole = await joint(office)

    for low, difficult in product(("yes", "no", "unknown"), repeat=2):
        view = await joint(office, low_results=low, difficult=difficult)
        assert [each["school_id"] for each in view["items"]] == [
            each["school_id"]
            for each in whole["items"]
            if answers(each)[:2] == (low, difficult)
        ]
        assert view["table"] == whole["table"]
    first = await joint(office, limit=2)
    rest = await joint(office, after=first["next_after"])
    assert first["items"] + rest["items"] == whole["items"]
    wrong = await office.get(URL, params={"rule": "no-such-rule"})
    assert wrong.status_code == 422
    assert wrong.json()["faults"][0]["column"] == "query.rule"


async def test_a_decision_counts_and_a_school_sees_itself_only(
    office: httpx.AsyncClient, client_as: ClientAs
) -> None:
    before = await joint(office, rule="federal-2020", low_results="no")
    school = before["items"][0]
    decided = await office.post(
        f"{school['low_results']['link']}/decision",
        json={
            "status": "on_list",
            "order_number": "45-р",
            "order_on": "2020-09-10",
            "order_body": "Управление образования",
            "reason": "Низкие результаты одного класса",
        },
    )
    assert decided.status_code == 201, decided.text
    codes = (await office.get("/v1/schools?limit=100")).json()["items"]
    code = next(each["code"] for each in codes if each["id"] == school["school_id"])

    own = await joint(await client_as(f"uzhur.{code}"), rule="federal-2020")

    (itself,) = own["items"]
    assert itself["school_id"] == school["school_id"]
    low = itself["low_results"]
    assert (low["answer"], low["is_decided"]) == ("yes", True)
    assert low["computed_status"] == school["low_results"]["status"]
