"""Methods from the draft to the end, with who may take which step."""

import asyncio

import yaml

from tests.api.methods.steps import (
    ANY,
    PERIODS,
    URL,
    approved,
    drafted,
    enforced,
    local,
    order,
    shipped,
)
from tests.support.api import ClientAs


async def test_a_method_is_drafted_approved_put_into_force_and_withdrawn(
    client_as: ClientAs,
) -> None:
    office = await client_as("uzhur")
    draft = await drafted(office)
    assert (draft["state"], draft["version"], draft["revision"]) == ("draft", 1, 1)
    assert draft["municipality_id"] is not None
    thresholds = {each["path"]: each for each in draft["thresholds"]}
    assert thresholds["minimum_n"] == {
        "path": "minimum_n",
        "value": 5,
        "kind": "local",
        "source": "Приказ № 112",
    }
    assert all(each["value"] is not None for each in thresholds.values())
    address = f"{URL}/{draft['id']}"

    early = await office.post(f"{address}/periods", json=order() | {"valid_from": 2018})
    assert early.json()["code"] == "method_wrong_state"
    settled = await office.post(f"{address}/approve", json=order(), headers=ANY)
    assert settled.status_code == 200
    body = settled.json()
    assert (body["state"], body["order_number"]) == ("approved", "112")
    assert body["approved_by"] is not None
    assert body["hash"] == draft["hash"]
    changed = await office.put(address, json=local(minimum_n=9), headers=ANY)
    assert (changed.status_code, changed.json()["code"]) == (409, "method_wrong_state")
    assert (await office.delete(address, headers=ANY)).status_code == 409

    period = await enforced(office, draft["id"])
    refused = await office.post(f"{address}/withdraw", json=order(), headers=ANY)
    assert refused.json()["code"] == "method_in_force"
    ended = await office.post(
        f"{PERIODS}/{period['id']}/end",
        json=order(order_number="113") | {"valid_to": 2018},
        headers=ANY,
    )
    assert (ended.json()["valid_to"], ended.json()["ended_by_number"]) == (2018, "113")
    gone = await office.post(f"{address}/withdraw", json=order(), headers=ANY)
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
    again = await office.post(f"{address}/periods", json=order() | {"valid_from": 2020})
    assert again.json()["code"] == "method_wrong_state"


async def test_a_draft_is_changed_from_the_version_that_was_read(
    client_as: ClientAs,
) -> None:
    office = await client_as("uzhur")
    draft = await drafted(office)
    address = f"{URL}/{draft['id']}"
    tag = (await office.get(address)).headers["ETag"]

    blind = await office.put(address, json=local(minimum_n=7))
    assert (blind.status_code, blind.json()["code"]) == (428, "precondition_required")
    first = await office.put(
        address, json=local(minimum_n=7), headers={"If-Match": tag}
    )
    assert first.status_code == 200
    assert first.json()["content"]["minimum_n"] == 7
    assert first.json()["hash"] != draft["hash"]
    for stale in (
        await office.put(address, json=local(), headers={"If-Match": tag}),
        await office.post(
            f"{address}/approve", json=order(), headers={"If-Match": tag}
        ),
        await office.delete(address, headers={"If-Match": tag}),
    ):
        assert stale.status_code == 412
    other = await office.put(address, json=local(code="another"), headers=ANY)
    assert [fault["column"] for fault in other.json()["faults"]] == ["code"]

    assert (await office.delete(address, headers=ANY)).status_code == 204
    assert (await office.get(address)).status_code == 404


async def test_of_two_who_approve_at_once_one_does(client_as: ClientAs) -> None:
    one, two = await client_as("uzhur"), await client_as("uzhur")
    draft = await drafted(one)
    address = f"{URL}/{draft['id']}"
    tag = (await one.get(address)).headers["ETag"]
    answers = await asyncio.gather(
        *(
            each.post(
                f"{address}/approve",
                json=order(order_number=number),
                headers={"If-Match": tag},
            )
            for each, number in ((one, "1"), (two, "2"))
        )
    )
    assert sorted(each.status_code for each in answers) == [200, 412]
    winner = next(each.json() for each in answers if each.status_code == 200)
    found = (await one.get(address)).json()
    assert found["order_number"] == winner["order_number"]


async def test_of_two_overlapping_periods_at_once_one_comes_to_be(
    client_as: ClientAs,
) -> None:
    office = await client_as("uzhur")
    methods = [await approved(office, code=f"own-{number}") for number in range(2)]
    answers = await asyncio.gather(
        *(
            office.post(
                f"{URL}/{method['id']}/periods",
                json=order() | {"valid_from": 2018 + number},
            )
            for number, method in enumerate(methods)
        )
    )
    assert sorted(each.status_code for each in answers) == [201, 409]
    (refused,) = [each.json() for each in answers if each.status_code == 409]
    assert refused["code"] == "method_period_overlaps"
    assert "/v1/method-periods/" in refused["detail"]


async def test_a_method_is_copied_to_its_next_version_or_to_one_of_ones_own(
    client_as: ClientAs,
) -> None:
    office = await client_as("uzhur")
    own = await approved(office)
    second = await office.post(f"{URL}/{own['id']}/copy", json={})
    assert second.status_code == 201
    assert (second.json()["code"], second.json()["version"]) == ("own-ranking", 2)
    assert second.json()["state"] == "draft"
    assert second.json()["copied_from_id"] == own["id"]

    system = await shipped(office)
    unnamed = await office.post(f"{URL}/{system['id']}/copy", json={})
    assert unnamed.json()["faults"][0]["column"] == "body.code"
    taken = await office.post(URL, json=local(code="quality-of-results", version=2))
    assert (taken.status_code, taken.json()["code"]) == (409, "method_exists")
    copied = await office.post(f"{URL}/{system['id']}/copy", json={"code": "ours"})
    assert (copied.json()["code"], copied.json()["version"]) == ("ours", 1)
    skipped = await office.post(URL, json=local(version=4))
    assert [each["column"] for each in skipped.json()["faults"]] == ["version"]

    found = await office.get(
        f"{URL}/{second.json()['id']}/differences", params={"against_id": own["id"]}
    )
    assert found.json()["differences"] == [{"path": "version", "old": 1, "new": 2}]


async def test_what_is_exported_can_be_sent_again(client_as: ClientAs) -> None:
    office = await client_as("uzhur")
    own = await approved(office)
    file = await office.get(f"{URL}/{own['id']}/file")
    assert file.headers["content-type"].startswith("application/yaml")
    assert yaml.safe_load(file.text) == own["content"]
    again = file.text.replace("version: 1", "version: 2", 1)
    sent = await office.post(
        URL, content=again.encode(), headers={"Content-Type": "application/yaml"}
    )
    assert (sent.status_code, sent.json()["version"]) == (201, 2)


async def test_each_step_is_kept_in_the_audit_with_its_reason(
    client_as: ClientAs,
) -> None:
    office = await client_as("uzhur")
    draft = await office.post(URL, json=local(), params={"reason": "Новые пороги"})
    number = draft.json()["id"]
    await office.put(
        f"{URL}/{number}",
        json=local(minimum_n=8),
        headers=ANY,
        params={"reason": "Опечатка"},
    )
    await office.post(f"{URL}/{number}/approve", json=order(), headers=ANY)
    await enforced(office, number)
    entries = (await office.get("/v1/audit", params={"limit": 500})).json()["items"]
    kept = {
        (each["entity"], each["action"]): each
        for each in entries
        if each["entity"] in {"method", "method_period"}
    }
    reasons = {key: each["reason"] for key, each in kept.items()}
    assert reasons == {
        ("method", "create"): "Новые пороги",
        ("method", "replace"): "Опечатка",
        ("method", "approve"): "Решение методического совета",
        ("method_period", "create"): "Решение методического совета",
    }
    assert kept["method", "replace"]["changes"] == {"minimum_n": [5, 8]}
