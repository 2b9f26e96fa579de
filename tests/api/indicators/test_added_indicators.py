"""An indicator that an order adds to a programme, and one that an order ends."""

from typing import Any

import httpx

from tests.api.computing import compute_all
from tests.api.indicators.test_own_shares import programme as own_programme
from tests.api.indicators.test_programmes import RESULT, answered, post, said
from tests.support.api import ClientAs

Json = dict[str, Any]
CODE = "low_share_under_20"
NEW = "few_low_results"
DEFINITION: Json = {
    "condition": {"text": "results.low_share < 20", "procedures": ["vpr"]},
    "minimum_n": 5,
    "missing": "exclude",
}
INDICATOR: Json = {
    "code": NEW,
    "task": 1,
    "title": "Двоек меньше 20 %",
    "direction": "more_is_better",
    "target_text": "не менее 60 %",
    "definition": DEFINITION,
    "targets": [{"year": 2021, "low": 60, "high": 100, "text": "60–100 %"}],
}


def order(*changes: Json, **fields: Any) -> Json:
    return {
        "order_number": "87-о",
        "order_on": "2020-09-10",
        "body": "Управление образования",
        "reason": "По итогам мониторинга",
        "changes": list(changes),
    } | fields


def added(**fields: Any) -> Json:
    return {"kind": "add_indicator", "indicator": INDICATOR | fields}


async def amended(client: httpx.AsyncClient, programme: int, body: Json) -> Json:
    return await post(client, f"programmes/{programme}/amendments", **body)


async def of_year(client: httpx.AsyncClient, programme: int, code: str) -> list[int]:
    answer = await client.get(f"/v1/programme-indicators?programme_id={programme}")
    assert answer.status_code == 200, answer.text
    return [
        value["year"]
        for indicator in answer.json()["indicators"]
        if indicator["code"] == code
        for value in indicator["values"]
    ]


async def programme(client: httpx.AsyncClient) -> int:
    """Enter a programme of 2019 to 2021, whose first year is over."""
    body = own_programme()
    body["period"] = body["period"] | {"starts_on": "2019-01-01"}
    created = await post(client, "programmes", **body)
    return int(created["id"])


async def ranges(client: httpx.AsyncClient, programme: int) -> dict[Any, Json]:
    """Return the values with a range, by indicator and year."""
    answer = await client.get(f"/v1/programme-indicators?programme_id={programme}")
    assert answer.status_code == 200, answer.text
    return {
        (indicator["code"], value["year"]): value
        for indicator in answer.json()["indicators"]
        for value in indicator["values"]
        if value["range_text"] is not None
    }


async def test_a_range_names_the_latest_order_that_set_it(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    number = await programme(client)
    first = await amended(client, number, order(added()))
    await compute_all(database_url)
    stated = await ranges(client, number)
    target = {"kind": "change_target", "low": 50, "high": 90, "text": "50–90 %"}
    second = await amended(
        client,
        number,
        order(
            target | {"indicator": NEW, "year": 2021},
            order_number="91-о",
            order_on="2020-09-15",
        ),
    )

    found = await ranges(client, number)

    papers = {"kind": "local", "body": "Управление образования"}
    assert stated[NEW, 2021]["range_provenance"] == papers | {
        "amendment_id": first["id"],
        "order_number": "87-о",
        "order_on": "2020-09-10",
    }
    assert found[NEW, 2021]["low"] == 50
    assert found[NEW, 2021]["range_provenance"] == papers | {
        "amendment_id": second["id"],
        "order_number": "91-о",
        "order_on": "2020-09-15",
    }
    others = [each["range_provenance"] for key, each in found.items() if key[0] == CODE]
    assert others
    assert {each["amendment_id"] for each in others} == {None}
    assert {each["order_number"] for each in others} == {None}


async def test_an_added_indicator_is_counted_from_the_year_of_its_order_on(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    number = await programme(client)
    schools = (await client.get("/v1/schools?limit=100")).json()["items"]
    good, bad, small = [each["id"] for each in schools if each["kind"] != "branch"][:3]
    for school, n2 in ((good, 2), (bad, 10)):
        result = RESULT | {"n": 20, "n2": n2, "n3": 18 - n2, "n4": 1, "n5": 1}
        await post(client, "results", **result | {"school_id": school})
    few = RESULT | {"n": 3, "n2": 0, "n3": 3, "n4": 0, "n5": 0}
    await post(client, "results", **few | {"school_id": small})

    made = await amended(client, number, order(added()))
    await compute_all(database_url)

    assert [each["kind"] for each in made["changes"]] == [
        "add_indicator",
        "change_target",
    ]
    told, target = made["changes"]
    assert told["changes"]["definition"][0] is None
    assert (
        told["changes"]["definition"][1]["condition"]["text"]
        == (DEFINITION["condition"]["text"])
    )
    assert told["words"]["ru"] == (
        "Добавлен показатель «Двоек меньше 20 %»: доля школ, где "
        "results.low_share < 20."
    )
    assert target["changes"]["low"] == [None, 60]
    assert await of_year(client, number, NEW) == [2020, 2021]
    assert await of_year(client, number, CODE) == [2019, 2020, 2021]
    _, values = await answered(client, 2020)
    value = values[NEW]
    sides = said(value)
    assert (sides[good], sides[bad], sides[small]) == (
        "schools",
        "others: condition_not_met",
        "undecided: too_few_participants",
    )
    assert (value["numerator"], value["denominator"]) == (1, 2)
    threshold = value["thresholds"][0]
    assert threshold == {
        "code": f"indicators.{NEW}",
        "value": "results.low_share < 20",
        "kind": "local",
        "source": "Приказ № 87-о от 2020-09-10, Управление образования",
    }
    listed = (await client.get(f"/v1/programmes/{number}/target-indicators")).json()
    last = listed[-1]
    assert (last["code"], last["added_on"]) == (NEW, "2020-09-10")
    assert last["definition"]["condition"]["text"] == "results.low_share < 20"
    assert [each["year"] for each in last["targets"]] == [2021]


async def test_an_ended_indicator_keeps_the_years_before_and_its_history(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    number = await programme(client)
    await amended(client, number, order(added(), order_on="2019-09-10"))
    await compute_all(database_url)
    before = await of_year(client, number, NEW)
    run = (await client.get("/v1/programme-indicators")).json()["run_id"]

    withdrawn = {"kind": "withdraw_indicator", "code": NEW}
    made = await amended(client, number, order(withdrawn, order_number="88-о"))
    await compute_all(database_url)

    assert before == [2019, 2020, 2021]
    assert (
        made["changes"][0]["words"]["ru"] == "Исключён показатель «Двоек меньше 20 %»."
    )
    assert await of_year(client, number, NEW) == [2019]
    assert (await client.get("/v1/programme-indicators")).json()["run_id"] > run
    url = f"/v1/programmes/{number}/in-force"
    days = ("2019-09-09", "2019-09-10", "2020-09-09", "2020-09-10")
    stood = [(await client.get(url, params={"on": day})).json() for day in days]
    assert [
        NEW in [each["code"] for each in answer["indicators"]] for answer in stood
    ] == [False, True, True, False]
    assert [
        NEW in [each["indicator"] for each in answer["targets"]] for answer in stood
    ] == [False, True, True, False]
    reports = [
        await client.get(f"/v1/programmes/{number}/report", params={"year": year})
        for year in (2019, 2020)
    ]
    assert [
        NEW in [each["code"] for each in report.json()["indicators"]]
        for report in reports
    ] == [True, False]
    listed = (await client.get(f"/v1/programmes/{number}/target-indicators")).json()
    last = listed[-1]
    assert (last["code"], last["withdrawn_on"]) == (NEW, "2020-09-10")
    change = {"low": 10.0, "high": 20.0, "text": "10–20 %", "reason": "Иначе"}
    dated = {"order_number": "88-о", "order_on": "2020-09-10"}
    refused = await client.put(
        f"/v1/target-ranges/{last['targets'][0]['id']}",
        json=change | dated,
        headers={"If-Match": "*"},
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "amendment_refused")
    again = await client.post(
        f"/v1/programmes/{number}/amendments",
        json=order(
            withdrawn,
            added(),
            {"kind": "change_indicator", "code": NEW, "indicator": {"title": "Иначе"}},
            order_number="89-о",
        ),
    )
    assert again.status_code == 422
    assert [fault["column"] for fault in again.json()["faults"]] == [
        "body.changes.0.code",
        "body.changes.1.indicator.code",
        "body.changes.2.code",
    ]


async def test_a_mistake_in_a_definition_is_named_with_its_place(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    number = await programme(client)
    url = f"/v1/programmes/{number}"
    before = (await client.get(f"{url}/target-indicators")).json()
    wrong = {"condition": {"text": "results.low_shar < 20"}, "minimum_n": 5}
    past = {"year": 2019, "low": 60, "high": 50, "text": "60"}

    answer = await client.post(
        f"{url}/amendments",
        json=order(
            added(definition=wrong | {"missing": "exclude"}, task=7, targets=[past]),
            added(code="network_mentoring", definition=DEFINITION),
            added(code="no_rule", definition=None),
            added(code="of_people", unit="percent_of_respondents"),
            added(code="network_mentoring", definition=None, targets=[]),
        ),
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "amendment_refused")
    faults = {fault["column"]: fault for fault in answer.json()["faults"]}
    assert set(faults) == {
        "body.changes.0.indicator.task",
        "body.changes.0.indicator.targets.0.year",
        "body.changes.0.indicator.targets.0.low",
        "body.changes.0.indicator.definition.condition.text",
        "body.changes.1.indicator.code",
        "body.changes.2.indicator.definition",
        "body.changes.3.indicator.unit",
    }
    formula = faults["body.changes.0.indicator.definition.condition.text"]
    assert formula["position"] == {"line": 1, "column": 1, "length": 16}
    assert (await client.get(f"{url}/target-indicators")).json() == before
