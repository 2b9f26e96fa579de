"""Schools with low results over HTTP: read, explained, decided, compared."""

from typing import Any

import httpx
import pytest

from tests.api.computing import compute_all
from tests.api.exports.reading import csv_rows
from tests.support.api import ClientAs

URL = "/v1/identifications"
DECISIONS = "/v1/identification-decisions"
YEAR = 2017  # of the results of the demonstration
RULE: dict[str, Any] = {"rule": "federal-2020", "limit": 500}
ORDER = {
    "order_number": "45-р",
    "order_on": "2020-09-10",
    "order_body": "Управление образования",
    "reason": "Низкие результаты одного класса",
}
RESULT: dict[str, Any] = {
    "procedure": "vpr",
    "subject": "mathematics",
    "programme_grade": 5,
    "pupil_grade": 5,
    "academic_year": YEAR + 1,
    "wave": 3,
    "n2": 3,
    "n3": 7,
    "n4": 0,
    "n5": 0,
}


@pytest.fixture
async def office(client_as: ClientAs, database_url: str) -> httpx.AsyncClient:
    """The coordinator of a district whose figures are computed."""
    client = await client_as("uzhur")
    await compute_all(database_url)
    return client


async def listed(client: httpx.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    answer = await client.get(URL, params={**RULE, **params})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_each_answer_names_its_rule_and_whose_word_its_thresholds_are(
    office: httpx.AsyncClient,
) -> None:
    answer = (await office.get(URL, params={"limit": 1})).json()

    rules = {rule["code"]: rule for rule in answer["rules"]}
    thresholds = {each["path"]: each for each in rules["federal-2020"]["thresholds"]}
    share = thresholds["low_share_at_least"]
    assert share["value"] == 30
    assert share["provenance"]["kind"] == "unconfirmed"
    assert (answer["is_current"], answer["is_stale"]) == (True, False)
    assert answer["next_after"] == answer["items"][0]["id"]


async def test_lists_are_narrowed_and_paged(office: httpx.AsyncClient) -> None:
    everyone = await listed(office)
    status = everyone[0]["status"]

    alike = await listed(office, status=status)
    rest = await listed(office, after=everyone[0]["id"])
    of_one = await listed(office, school_id=everyone[0]["school_id"])

    assert alike == [each for each in everyone if each["status"] == status]
    assert rest == everyone[1:]
    assert of_one == everyone[:1]


async def test_an_explanation_sets_out_each_result_in_both_languages(
    office: httpx.AsyncClient,
) -> None:
    school = (await listed(office, academic_year=YEAR, status="on_list"))[0]

    answer = (await office.get(f"{URL}/{school['id']}")).json()

    assert answer["identification"] == school
    assert answer["rule"]["code"] == "federal-2020"
    low = [row for row in answer["evidence"] if row["state"] == "low"]
    assert len(low) == school["low_units"] >= 2
    for row in low:
        assert 100 * row["n_low"] >= 30 * row["n"]
        assert row["share_from"] <= row["low_share"] <= row["share_to"]
        assert "результат низкий" in row["text"]["ru"]
    change = school["nearest_change"]
    assert sum(unit["pupils"] for unit in change["units"]) == change["pupils"]
    assert answer["summary"][0]["ru"].startswith("Школа в перечне: ")
    assert answer["summary"][1]["en"].startswith("Off the list with ")


async def test_a_school_sees_its_own_and_neither_checks_nor_decides(
    office: httpx.AsyncClient, client_as: ClientAs
) -> None:
    everyone = await listed(office)
    editor = await client_as("uzhur.ilinskaya")

    own = await listed(editor)

    assert len(own) == 1
    assert own[0] in everyone
    other = next(each for each in everyone if each != own[0])
    assert (await editor.get(f"{URL}/{other['id']}")).status_code == 404
    assert (await editor.get("/v1/identification-agreement")).status_code == 403
    assert (await editor.get("/v1/identification-back-test")).status_code == 403
    body = {**ORDER, "status": "not_on_list"}
    refused = await editor.post(f"{URL}/{own[0]['id']}/decision", json=body)
    assert refused.status_code == 403


async def test_rules_stand_beside_the_received_list_with_their_schools(
    office: httpx.AsyncClient,
) -> None:
    before = await listed(office, status="on_list")
    others = await listed(office, status="not_on_list")
    put_there = {before[0]["school_id"], others[0]["school_id"]}
    for school_id in put_there:
        act = {
            "school_id": school_id,
            "list_kind": "low_results",
            "year": YEAR + 1,
            "act_body": "Министерство",
        }
        made = await office.post("/v1/list-memberships", json=act)
        assert made.status_code == 201, made.text

    items = await listed(office)
    answer = await office.get("/v1/identification-agreement")

    matrix = next(
        each for each in answer.json()["rules"] if each["rule"]["code"] == RULE["rule"]
    )
    assert {each["school_id"] for each in items if each["received"]} == put_there
    assert {each["list_year"] for each in items} == {YEAR + 1}
    assert [each["school_id"] for each in matrix["both"]] == [before[0]["school_id"]]
    only_received = [each["school_id"] for each in matrix["only_received"]]
    assert only_received == [others[0]["school_id"]]
    differing = {each["school_id"] for each in items if each["differs_from_received"]}
    only_computed = {each["school_id"] for each in matrix["only_computed"]}
    assert differing == {*only_received, *only_computed}
    assert matrix["kappa"] is not None


async def test_flags_of_last_year_are_tested_on_this_one(
    office: httpx.AsyncClient, database_url: str
) -> None:
    flagged = (await listed(office, status="on_list"))[:2]
    for school, low in zip(flagged, (5, 0), strict=True):
        for subject in ("russian", "mathematics"):
            paper = {
                **RESULT,
                "school_id": school["school_id"],
                "subject": subject,
                "n2": low,
                "n3": 10 - low,
            }
            made = await office.post("/v1/results", json=paper)
            assert made.status_code == 201, made.text
    await compute_all(database_url)

    items = await listed(office)
    answer = (await office.get("/v1/identification-back-test")).json()

    assert answer["academic_year"] == YEAR + 1
    rule = next(
        each for each in answer["rules"] if each["rule"]["code"] == RULE["rule"]
    )
    forecast = next(each for each in rule["forecasts"] if each["flag"] == "on_list")
    assert [each["school_id"] for each in forecast["flagged_low"]] == [
        flagged[0]["school_id"]
    ]
    assert [each["school_id"] for each in forecast["flagged_not_low"]] == [
        flagged[1]["school_id"]
    ]
    assert (forecast["precision"]["value"], forecast["precision"]["n"]) == (50.0, 2)
    confidence = answer["confidence"]
    assert (confidence["value"], confidence["provenance"]["kind"]) == (
        95,
        "unconfirmed",
    )
    assert forecast["precision"]["low"] < 50 < forecast["precision"]["high"]
    statuses = {each["school_id"]: each["status"] for each in items}
    assert statuses[flagged[0]["school_id"]] == "on_list"
    assert statuses[flagged[1]["school_id"]] == "leaving"


async def test_a_decision_stands_beside_what_was_computed(
    office: httpx.AsyncClient,
) -> None:
    school = (await listed(office, academic_year=YEAR, status="on_list"))[0]
    address = f"{URL}/{school['id']}/decision"

    made = await office.post(address, json={**ORDER, "status": "not_on_list"})
    again = await office.post(address, json={**ORDER, "status": "on_list"})

    assert made.status_code == 201, made.text
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    assert f"identification-decisions/{made.json()['id']}/" in again.json()["detail"]
    after = (await office.get(f"{URL}/{school['id']}")).json()
    shown = after["identification"]
    assert (shown["status"], shown["standing_status"]) == ("on_list", "not_on_list")
    assert shown["decision"]["order_number"] == "45-р"
    assert "изменён приказом (45-р, 2020-09-10" in after["summary"][-1]["ru"]
    entries = await office.get(
        "/v1/audit", params={"entity": "identification_decision"}
    )
    [entry] = entries.json()["items"]
    assert (entry["action"], entry["reason"]) == ("decide", ORDER["reason"])


async def test_a_decision_is_withdrawn_by_another_order_and_kept(
    office: httpx.AsyncClient,
) -> None:
    school = (await listed(office, academic_year=YEAR))[0]
    address = f"{URL}/{school['id']}/decision"
    made = (await office.post(address, json={**ORDER, "status": "on_list"})).json()
    withdraw = f"{DECISIONS}/{made['id']}/withdraw"

    early = await office.post(withdraw, json={**ORDER, "order_on": "2020-09-09"})
    done = await office.post(
        withdraw,
        json={**ORDER, "order_number": "51-р", "order_on": "2020-09-15"},
        headers={"If-Match": '"1"'},
    )
    twice = await office.post(withdraw, json=ORDER)
    new = await office.post(address, json={**ORDER, "status": "risk_group"})

    assert (early.status_code, early.json()["code"]) == (422, "order_date")
    assert (done.status_code, done.json()["withdrawal_number"]) == (200, "51-р")
    assert (twice.status_code, twice.json()["code"]) == (409, "already_withdrawn")
    assert new.status_code == 201
    history = (await office.get(DECISIONS)).json()["items"]
    assert [each["withdrawal_number"] for each in history] == ["51-р", None]
    year = history[0]["academic_year"]
    rows = await csv_rows(office, "identification-decisions", academic_year=year)
    assert [(row["status"], row["withdrawal_number"]) for row in rows] == [
        ("on_list", "51-р"),
        ("risk_group", ""),
    ]
    other = {"academic_year": year + 1}
    assert await csv_rows(office, "identification-decisions", **other) == []


async def test_an_order_of_a_day_to_come_and_an_old_run_are_refused(
    office: httpx.AsyncClient, database_url: str
) -> None:
    school = (await listed(office, academic_year=YEAR))[0]
    address = f"{URL}/{school['id']}/decision"
    body = {**ORDER, "status": "on_list"}

    future = await office.post(address, json={**body, "order_on": "2020-12-31"})
    new = {**RESULT, "school_id": school["school_id"], "academic_year": YEAR}
    assert (await office.post("/v1/results", json=new)).status_code == 201
    await compute_all(database_url)
    outdated = await office.post(address, json=body)

    assert (future.status_code, future.json()["code"]) == (422, "order_date")
    assert outdated.status_code == 409
    assert outdated.json()["code"] == "identification_outdated"
