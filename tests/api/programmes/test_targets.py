"""Targets are changed by an order, from the version that was read."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.events import EventKind
from shared.persistence.tables.outbox import OutboxRow
from shared.persistence.work import begin_as_system
from tests.support.api import ClientAs

ORDER = {
    "low": 41.0,
    "high": 52.5,
    "text": "41–52,5 %",
    "order_number": "112-о",
    "order_on": "2020-09-10",
    "reason": "Показатель достигнут раньше срока",
}


async def a_target(client: httpx.AsyncClient) -> dict[str, Any]:
    programmes = (await client.get("/v1/programmes")).json()["items"]
    address = f"/v1/programmes/{programmes[0]['id']}/target-indicators"
    indicators = (await client.get(address)).json()
    target = next(each["targets"][0] for each in indicators if each["targets"])
    read = await client.get(f"/v1/target-ranges/{target['id']}")
    assert read.json().items() >= target.items()
    return {"etag": read.headers["etag"], **read.json()}


async def test_an_order_changes_a_target_with_its_reason_and_an_event(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    office, admin = await client_as("zhigalovo"), await client_as("admin")
    before = await a_target(office)
    address = f"/v1/target-ranges/{before['id']}"
    changed = await office.put(
        address, json=ORDER, headers={"If-Match": before["etag"]}
    )
    assert changed.status_code == 200, changed.text
    after = changed.json()
    assert (after["low"], after["high"], after["version"]) == (41.0, 52.5, 2)
    assert (await office.get(address)).headers["etag"] == changed.headers["etag"]
    wanted = {"entity": "target_range", "entity_id": before["id"]}
    (entry,) = (await admin.get("/v1/audit", params=wanted)).json()["items"]
    assert entry["reason"] == ORDER["reason"]
    assert entry["changes"]["low"] == [before["low"], 41.0]
    assert entry["changes"]["order_number"] == [None, "112-о"]
    async with begin_as_system(engine) as work:
        events = await work.session.scalars(
            select(OutboxRow.payload).where(
                OutboxRow.kind == EventKind.PROGRAMME_CHANGED,
                OutboxRow.payload["target_range_id"].as_integer() == before["id"],
            )
        )
        assert len(events.all()) == 1


async def test_a_change_says_which_version_it_was_made_from(
    client_as: ClientAs,
) -> None:
    office = await client_as("zhigalovo")
    before = await a_target(office)
    address = f"/v1/target-ranges/{before['id']}"
    assert (await office.put(address, json=ORDER)).status_code == 428
    fresh = {"If-Match": before["etag"]}
    assert (await office.put(address, json=ORDER, headers=fresh)).status_code == 200
    stale = await office.put(address, json={**ORDER, "low": 5.0}, headers=fresh)
    assert stale.status_code == 412
    assert (await office.get(address)).json()["low"] == 41.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"low": 60.0},
        {"high": 100.5},
        {"low": -1.0},
        {"order_number": " "},
        {"reason": ""},
        {"order_on": "0"},
        {"order_on": "2020-10-01"},
        {"body": "Начальник И. И. Иванов"},
        {"more": 1},
    ],
)
async def test_a_wrong_order_changes_nothing(
    client_as: ClientAs, wrong: dict[str, Any]
) -> None:
    office = await client_as("zhigalovo")
    before = await a_target(office)
    address = f"/v1/target-ranges/{before['id']}"
    refused = await office.put(address, json=ORDER | wrong, headers={"If-Match": "*"})
    assert refused.status_code == 422
    assert (await office.get(address)).json()["version"] == before["version"]


async def test_only_the_municipalitys_own_office_changes_its_targets(
    client_as: ClientAs,
) -> None:
    office = await client_as("zhigalovo")
    before = await a_target(office)
    address = f"/v1/target-ranges/{before['id']}"
    for login, status in (("uzhur", 404), ("uzhur.ilinskaya", 403)):
        other = await client_as(login)
        refused = await other.put(address, json=ORDER, headers={"If-Match": "*"})
        assert refused.status_code == status, login


async def put(
    client: httpx.AsyncClient, target_id: int, **changes: Any
) -> httpx.Response:
    return await client.put(
        f"/v1/target-ranges/{target_id}",
        json=ORDER | changes,
        headers={"If-Match": "*"},
    )


async def amendments(client: httpx.AsyncClient, programme_id: int) -> Any:
    answer = await client.get(f"/v1/programmes/{programme_id}/amendments")
    return answer.json()["items"]


async def test_targets_changed_by_one_order_are_one_amendment_with_old_and_new(
    client_as: ClientAs,
) -> None:
    office = await client_as("zhigalovo")
    before = await a_target(office)
    wanted = {"programme_id": before["programme_id"]}
    ranges = (await office.get("/v1/target-ranges", params=wanted)).json()["items"]
    other = next(each for each in ranges if each["id"] != before["id"])
    assert (await put(office, before["id"])).status_code == 200
    assert (await put(office, other["id"])).status_code == 200
    (made,) = await amendments(office, before["programme_id"])
    assert (made["order_number"], made["body"]) == ("112-о", "Жигаловский район")
    first, second = made["changes"]
    assert {first["kind"], second["kind"]} == {"change_target"}
    assert first["changes"]["low"] == [before["low"], 41.0]
    assert second["changes"]["low"] == [other["low"], 41.0]
    day = f"/v1/programmes/{before['programme_id']}/in-force"
    earlier = (await office.get(day, params={"on": "2020-09-09"})).json()
    lows = {
        (each["indicator"], each["year"]): each["low"] for each in earlier["targets"]
    }
    code, _, year = first["subject"].rpartition(":")
    assert lows[code, int(year)] == before["low"]


async def test_an_order_earlier_than_the_last_changes_no_target(
    client_as: ClientAs,
) -> None:
    office = await client_as("zhigalovo")
    before = await a_target(office)
    assert (await put(office, before["id"])).status_code == 200
    late = await put(
        office, before["id"], low=1.0, order_number="1", order_on="2020-09-01"
    )
    assert (late.status_code, late.json()["code"]) == (409, "amendment_out_of_order")
    next_one = await put(office, before["id"], low=2.0, order_number="113-о")
    assert next_one.status_code == 200
    orders = await amendments(office, before["programme_id"])
    assert [each["order_number"] for each in orders] == ["112-о", "113-о"]
    unchanged = await put(office, before["id"], low=2.0, order_number="114-о")
    assert unchanged.json()["version"] == next_one.json()["version"] == 3
    assert len(await amendments(office, before["programme_id"])) == 2


async def test_two_targets_changed_at_once_by_one_order_are_one_amendment(
    client_as: ClientAs,
) -> None:
    offices = [await client_as("zhigalovo"), await client_as("zhigalovo")]
    before = await a_target(offices[0])
    wanted = {"programme_id": before["programme_id"]}
    ranges = (await offices[0].get("/v1/target-ranges", params=wanted)).json()["items"]
    answers = await asyncio.gather(
        *(
            put(office, each["id"])
            for office, each in zip(offices, ranges[:2], strict=True)
        )
    )
    assert [each.status_code for each in answers] == [200, 200]
    (made,) = await amendments(offices[0], before["programme_id"])
    assert len(made["changes"]) == 2


async def test_an_order_and_a_changed_target_at_once_come_one_after_the_other(
    client_as: ClientAs,
) -> None:
    offices = [await client_as("zhigalovo"), await client_as("zhigalovo")]
    before = await a_target(offices[0])
    programme = before["programme_id"]
    indicators = f"/v1/programmes/{programme}/target-indicators"
    code = next(
        each["code"]
        for each in (await offices[0].get(indicators)).json()
        if before["id"] in {target["id"] for target in each["targets"]}
    )
    order = {
        "order_number": "87-о",
        "order_on": "2020-09-10",
        "body": "Управление образования",
        "reason": "По итогам мониторинга",
        "changes": [
            {
                "kind": "change_target",
                "indicator": code,
                "year": before["year"],
                "low": 33.0,
                "high": 60.0,
                "text": "33–60 %",
            }
        ],
    }
    answers = await asyncio.gather(
        put(offices[0], before["id"]),
        offices[1].post(f"/v1/programmes/{programme}/amendments", json=order),
        put(offices[0], before["id"], low=42.0, order_number="113-о"),
    )
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    made = await amendments(offices[0], programme)
    assert len(made) == sum(answer.is_success for answer in answers) >= 1
    lows = [change["changes"]["low"] for each in made for change in each["changes"]]
    after = await a_target(offices[0])
    # Each order changes what the one before it has left.
    assert [low[0] for low in lows] == [before["low"], *(low[1] for low in lows[:-1])]
    assert after["low"] == lows[-1][1]
    assert after["version"] == before["version"] + len(made)
