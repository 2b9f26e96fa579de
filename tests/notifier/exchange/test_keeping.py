"""What systems get beside results, by which secrets, where to, and what is kept."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from standardwebhooks import Webhook, WebhookVerificationError

from services.notifier.exchange.usecases import ExchangeRoom
from shared.persistence.work import begin_as_system
from shared.runtime.file_store import FileStore, open_file_store
from tests.notifier.exchange.conftest import PUSHES, TARGETS, Exchange
from tests.notifier.exchange.regional_system import RegionalSystem
from tests.support.api import ClientAs
from tests.support.object_store import object_store, s3

OVERLAP_IS_OVER = "UPDATE api.exchange_targets SET former_until = now()"
CHANGE_ALL = "UPDATE api.assessment_results SET n_absent = n_absent + 1"
TWO_DAYS_LATER = """
UPDATE notifier.exchange_pushes SET ended_at = ended_at - interval '2 days'
"""
RECORDS: dict[str, dict[str, Any]] = {
    "list-memberships": {
        "list_kind": "low_results",
        "year": 2020,
        "act_body": "Министерство образования",
        "act_number": "12-П",
        "act_on": "2020-08-20",
    },
    "social-passports": {
        "academic_year": 2020,
        "low_income_percent": 41.5,
        "special_needs_count": 12,
        "bussed_localities": 2,
    },
}


async def change(engine: AsyncEngine, statement: str) -> None:
    async with begin_as_system(engine) as work:
        await work.session.execute(text(statement))


def verifies(secret: str, region: RegionalSystem) -> bool:
    call = region.calls[-1]
    try:
        Webhook(secret).verify(call.body, call.headers)
    except WebhookVerificationError:
        return False
    return True


async def rotated(exchange: Exchange, target_id: int, **body: Any) -> str:
    answer = await exchange.office.post(f"{TARGETS}/{target_id}/secrets", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return str(answer.json()["secret"])


async def test_two_secrets_sign_until_the_overlap_is_over(
    exchange: Exchange,
    region: RegionalSystem,
    engine: AsyncEngine,
    client_as: ClientAs,
) -> None:
    target = await exchange.target(url=region.url)
    number, first = target["id"], target["secret"]
    second = await rotated(exchange, number, overlap_hours=24)
    region.secret = first  # the receiver knows nothing of the new one yet
    await exchange.run(number)
    await exchange.settle()
    assert (verifies(first, region), verifies(second, region)) == (True, True)
    assert [each["status"] for each in await exchange.pushes()] == ["accepted"]

    await change(engine, OVERLAP_IS_OVER)
    await change(engine, CHANGE_ALL)
    region.secret = second
    await exchange.run(number)
    await exchange.settle()
    assert (verifies(first, region), verifies(second, region)) == (False, True)

    third = await rotated(exchange, number, overlap_hours=0)
    await change(engine, CHANGE_ALL)
    region.secret = third
    await exchange.run(number)
    await exchange.settle()
    assert (verifies(second, region), verifies(third, region)) == (False, True)

    shown = (await exchange.office.get(f"{TARGETS}/{number}")).text
    trace = await exchange.office.get(
        "/v1/audit", params={"entity": "exchange_target", "entity_id": number}
    )
    actions = [each["action"] for each in trace.json()["items"]]
    assert actions.count("rotate") == 2
    assert not any(each in shown + trace.text for each in (first, second, third))
    path = f"{TARGETS}/{number}/secrets"
    neighbour = await client_as("zhigalovo")
    assert (await neighbour.post(path, json={})).status_code == 404
    files = await exchange.target(kind="csv")
    refused = await exchange.office.post(f"{TARGETS}/{files['id']}/secrets", json={})
    assert refused.json()["code"] == "invalid_exchange_target"


async def test_bytes_are_kept_as_long_as_wanted_and_receipts_for_ever(
    exchange: Exchange, region: RegionalSystem
) -> None:
    short = await exchange.target(url=region.url, bytes_kept_days=1)
    region.secret = short["secret"]
    ever = await exchange.target(kind="csv")
    for target in (short, ever):
        await exchange.run(target["id"])
    await exchange.settle()
    await exchange.room().push_round()
    before = await exchange.pushes()
    assert [push["files"][0]["is_kept"] for push in before] == [True, True]

    await exchange.execute(TWO_DAYS_LATER)
    await exchange.room().push_round()
    kept = {
        push["target_id"]: push["files"][0]["is_kept"]
        for push in await exchange.pushes()
    }
    assert kept == {short["id"]: False, ever["id"]: True}
    for old, new in zip(before, await exchange.pushes(), strict=True):
        gone = {"files", "ended_at"}
        assert {k: v for k, v in old.items() if k not in gone} == {
            k: v for k, v in new.items() if k not in gone
        }
        assert old["files"][0]["sha256"] == new["files"][0]["sha256"]
        file = await exchange.office.get(f"{PUSHES}/{new['id']}/files/1")
        is_short = new["target_id"] == short["id"]
        assert file.status_code == (410 if is_short else 200)
    seen = await exchange.preview(short["id"])
    assert (seen["upserts"], seen["deletes"]) == (0, 0)


@pytest.mark.parametrize("dataset", RECORDS)
async def test_what_is_known_of_schools_goes_out_as_it_is_and_as_it_changes(
    exchange: Exchange, region: RegionalSystem, dataset: str
) -> None:
    office, path = exchange.office, f"/v1/{dataset}"
    school = (await office.get("/v1/schools")).json()["items"][0]
    made = await office.post(path, json=RECORDS[dataset] | {"school_id": school["id"]})
    assert made.status_code == 201, made.text
    target = await exchange.target(url=region.url, dataset=dataset)
    region.secret = target["secret"]
    await exchange.run(target["id"])
    await exchange.settle()
    listed = (await office.get(path, params={"limit": 500})).json()["items"]
    assert set(region.rows) == {f"{dataset}-{each['id']}" for each in listed}
    key = f"{dataset}-{made.json()['id']}"
    assert RECORDS[dataset].items() <= region.rows[key].items()
    assert region.rows[key]["school_code"] == school["code"]

    laid = await exchange.target(kind="csv", dataset=dataset)
    await exchange.run(laid["id"])
    await exchange.settle()
    push = (await exchange.pushes())[-1]
    content = (await office.get(f"{PUSHES}/{push['id']}/files/1")).content
    uploaded = await office.post(
        "/v1/imports",
        data={"file_format": dataset},
        files={"file": ("rows.csv", content)},
    )
    assert uploaded.status_code == 201, uploaded.text
    counts = uploaded.json()["counts"]
    assert counts["unchanged"] == len(listed), uploaded.text

    gone = await office.delete(f"{path}/{made.json()['id']}", headers={"If-Match": "*"})
    assert gone.status_code == 204, gone.text
    await exchange.run(target["id"])
    await exchange.settle()
    assert set(region.rows) == {f"{dataset}-{each['id']}" for each in listed} - {key}


async def content_of(files: FileStore, key: str) -> bytes:
    return b"".join([piece async for piece in await files.read(key)])


async def test_files_are_laid_down_in_a_bucket_and_wait_while_it_is_away(
    exchange: Exchange, tmp_path: Path
) -> None:
    target = await exchange.target(kind="csv")
    await exchange.run(target["id"])
    with object_store() as endpoint:
        files = open_file_store(tmp_path, s3("http://127.0.0.1:9"))
        away = ExchangeRoom(engine=exchange.engine, files=files, allows_private=True)
        await away.push_round()
        (push,) = await exchange.pushes()
        assert (push["status"], push["attempts"]) == ("sending", 1)
        assert push["next_try_at"] is not None

        await exchange.come_round()
        files = open_file_store(tmp_path, s3(endpoint))
        there = ExchangeRoom(engine=exchange.engine, files=files, allows_private=True)
        await there.push_round()
        (push,) = await exchange.pushes()
        assert (push["status"], push["attempts"]) == ("accepted", 2)
        folder = push["receipt"]
        complete = json.loads(await content_of(files, f"{folder}/complete.json"))
        (named,) = complete["files"]
        laid = await content_of(files, f"{folder}/{named['name']}")
    assert hashlib.sha256(laid).hexdigest() == named["sha256"]
    kept = await exchange.office.get(f"{PUSHES}/{push['id']}/files/1")
    assert kept.content == laid
