"""A programme is entered and amended by orders; what was done stays."""

from typing import Any

import httpx
import pytest
import yaml

from services.api.cli import DEPLOY
from tests.api.exports.reading import listed
from tests.api.mentoring.conftest import Places
from tests.support.api import ClientAs

NETWORK = "network_mentoring"


def order(*changes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "order_number": "87-о",
        "order_on": "2020-09-10",
        "body": "Управление образования",
        "reason": "По итогам мониторинга",
        "changes": list(changes),
    } | fields


async def measures(client: httpx.AsyncClient, programme: int) -> dict[str, Any]:
    rows = await listed(client, f"programmes/{programme}/measures")
    return {row["key"]: row for row in rows}


async def deadlines(client: httpx.AsyncClient, measure: int) -> list[dict[str, Any]]:
    rows = await listed(client, "deadlines")
    return [row for row in rows if row["measure_id"] == measure]


async def late_and_open(client: httpx.AsyncClient) -> list[int]:
    rows = await listed(client, "deadlines", due_from="2022-06-01", state="open")
    return [row["id"] for row in rows]


async def test_an_order_changes_all_at_once_and_says_what_in_words(
    client_as: ClientAs, places: Places
) -> None:
    office, number = await client_as("zhigalovo"), places.programmes["zhigalovo"]
    before = await measures(office, number)
    ahead = {
        row["measure_id"]
        for row in await listed(office, "deadlines")
        if row["state"] == "open" and row["due_on"] > "2020-10-01"
    }
    leaf = next(row for row in before.values() if row["id"] in ahead)
    new = {
        "key": "added.1",
        "plan": leaf["plan"],
        "number": "99",
        "title": "Семинар наставников",
        "term_text": "Октябрь 2020 года",
        "parties": ["schools"],
    }
    made = await office.post(
        f"/v1/programmes/{number}/amendments",
        json=order(
            {"kind": "add_measure", "measure": new},
            {"kind": "withdraw_measure", "key": leaf["key"]},
            {
                "kind": "change_target",
                "indicator": NETWORK,
                "year": 2021,
                "low": 60,
                "high": 90,
                "text": "60-90%",
            },
        ),
    )
    assert made.status_code == 201, made.text
    amendment = made.json()
    added, withdrawn, target = amendment["changes"]
    assert added["words"]["ru"] == "Добавлено мероприятие «99 Семинар наставников»."
    assert withdrawn["changes"] == {"withdrawn_on": [None, "2020-09-10"]}
    assert (target["changes"]["low"], target["changes"]["high"]) == (
        [50, 60],
        [100, 90],
    )
    assert "от: 50 → 60; до: 100 → 90" in target["words"]["ru"]
    assert "from: 50 → 60" in target["words"]["en"]
    assert (await office.get(made.headers["Location"])).json() == amendment
    page = await office.get(f"/v1/programmes/{number}/amendments")
    assert page.json()["items"] == [amendment]

    after = await measures(office, number)
    assert leaf["key"] not in after
    owed = await deadlines(office, after["added.1"]["id"])
    assert {(each["due_on"], each["state"]) for each in owed} == {
        ("2020-10-30", "open")
    }
    assert len(owed) > 1
    kept = await deadlines(office, leaf["id"])
    assert {each["state"] for each in kept if each["due_on"] >= "2020-09-16"} == {
        "withdrawn"
    }

    then = await office.get(f"/v1/programmes/{number}/in-force?on=2020-09-09")
    now = await office.get(f"/v1/programmes/{number}/in-force?on=2020-09-10")
    keys = [
        {measure["key"] for measure in each.json()["measures"]} for each in (then, now)
    ]
    assert keys == [set(before), set(after)]
    lows = [
        target["low"]
        for each in (then, now)
        for target in each.json()["targets"]
        if (target["indicator"], target["year"]) == (NETWORK, 2021)
    ]
    assert lows == [50, 60]
    history = await office.get("/v1/audit", params={"entity": "programme"})
    assert [entry["action"] for entry in history.json()["items"]] == ["amend"]


async def test_an_order_with_one_unfit_change_changes_nothing_and_names_each(
    client_as: ClientAs, places: Places
) -> None:
    office, number = await client_as("uzhur"), places.programmes["uzhur"]
    before = await measures(office, number)
    key = next(iter(before))
    answer = await office.post(
        f"/v1/programmes/{number}/amendments",
        json=order(
            {"kind": "change_period", "ends_on": "2022-12-30"},
            {
                "kind": "replace_measure",
                "key": key,
                "measure": {"term_text": "На днях"},
            },
            {"kind": "withdraw_measure", "key": "nowhere"},
        ),
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "amendment_refused")
    faults = {fault["column"]: fault["value"] for fault in answer.json()["faults"]}
    assert faults == {
        "body.changes.1.measure.term_text": "На днях",
        "body.changes.2.key": "nowhere",
    }
    assert await measures(office, number) == before
    programme = await office.get(f"/v1/programmes/{number}")
    assert programme.json()["ends_on"] == "2022-08-31"


async def test_orders_come_once_and_by_their_dates(
    client_as: ClientAs, places: Places
) -> None:
    office, number = await client_as("uzhur"), places.programmes["uzhur"]
    url = f"/v1/programmes/{number}/amendments"
    shorter = {"kind": "change_period", "ends_on": "2022-05-31"}
    before = await late_and_open(office)
    first = await office.post(url, json=order(shorter))
    assert first.status_code == 201, first.text
    assert len(await late_and_open(office)) < len(before)
    longer = {"kind": "change_period", "ends_on": "2022-08-31"}
    answers = [
        await office.post(url, json=body)
        for body in (
            order(longer),
            order(longer, order_number="1", order_on="2020-09-09"),
            order(longer, order_number="2", order_on="2020-09-17"),
            order(longer, order_number="3", body="Начальник А. Б. Петрова"),
        )
    ]
    codes = [answer.json()["code"] for answer in answers]
    assert codes == [
        "amendment_exists",
        "amendment_out_of_order",
        "amendment_refused",
        "amendment_refused",
    ]
    abroad = await client_as("zhigalovo")
    school = await client_as("uzhur.ilinskaya")
    assert (await abroad.post(url, json=order(longer))).status_code == 404
    assert (await school.post(url, json=order(longer))).status_code == 403
    assert len((await school.get(url)).json()["items"]) == 1


@pytest.fixture
def document() -> dict[str, Any]:
    [path] = sorted((DEPLOY / "programmes").glob("*uzhur*.yaml"))
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    copy: dict[str, Any] = _as_json(content)
    return copy


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_json(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_as_json(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


async def test_a_programme_is_entered_whole_with_its_deadlines(
    client_as: ClientAs, places: Places, document: dict[str, Any]
) -> None:
    office = await client_as("uzhur")
    new = document | {"code": "uzhur-second", "title": "Вторая программа"}
    made = await office.post("/v1/programmes", json=new)
    assert made.status_code == 201, made.text
    programme = made.json()
    assert programme["measure_counts"] == {"roadmap": 47, "cyclogram": 11}
    owed = await listed(office, "deadlines", programme_id=programme["id"])
    first = await listed(office, "deadlines", programme_id=places.programmes["uzhur"])
    assert len(owed) == len(first) > 100
    again = await office.post("/v1/programmes", json=new)
    assert (again.status_code, again.json()["code"]) == (409, "programme_exists")
    abroad = await client_as("zhigalovo")
    foreign = await abroad.post("/v1/programmes", json=new)
    assert foreign.status_code == 404
    school = await client_as("uzhur.ilinskaya")
    assert (await school.post("/v1/programmes", json=new)).status_code == 403


async def test_a_term_that_cannot_be_read_is_shown(
    client_as: ClientAs, document: dict[str, Any]
) -> None:
    office = await client_as("uzhur")
    document["plans"][0]["measures"][2]["term"] = "когда-нибудь"
    answer = await office.post("/v1/programmes", json=document | {"code": "another"})
    assert answer.status_code == 422
    [fault] = answer.json()["faults"]
    assert (fault["column"], fault["value"]) == (
        "body.plans.0.measures.2.term",
        "когда-нибудь",
    )
