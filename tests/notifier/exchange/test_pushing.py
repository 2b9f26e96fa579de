"""What a regional system ends up with, whatever happens on the way."""

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.work import begin_as_system
from tests.notifier.exchange.conftest import PUSHES, TARGETS, WEEKLY, Exchange
from tests.notifier.exchange.regional_system import RegionalSystem
from tests.support.api import ClientAs

# Rows of the district that the tests are about; there are others of other districts.
DELETE_ONE = """
DELETE FROM api.assessment_results WHERE id =
  (SELECT min(id) FROM api.assessment_results WHERE municipality_id = 1)
"""
DELETE_THREE = """
DELETE FROM api.assessment_results WHERE id IN (SELECT id FROM api.assessment_results
  WHERE municipality_id = 1 ORDER BY id LIMIT 3)
"""
CHANGE_NINE = """
UPDATE api.assessment_results SET n_absent = n_absent + 1 WHERE id IN (
  SELECT id FROM api.assessment_results WHERE municipality_id = 1 ORDER BY id LIMIT 9)
"""
CHANGE_ALL = "UPDATE api.assessment_results SET n_absent = n_absent + 1"
END_A_LOGIN = """
UPDATE api.school_identifiers SET valid_to = '2019-08-31'
WHERE kind = 'fis_oko_login' AND school_id =
  (SELECT min(school_id) FROM api.assessment_results WHERE municipality_id = 1)
"""


async def change(engine: AsyncEngine, *statements: str) -> None:
    """Change rows in the role of the api."""
    async with begin_as_system(engine) as work:
        for statement in statements:
            await work.session.execute(text(statement))


async def present(exchange: Exchange) -> dict[str, tuple[Any, ...]]:
    """Return what the export has of the district's results, by the keys of pushes."""
    rows: list[dict[str, Any]] = []
    after: Any = 0
    while after is not None:
        page = await exchange.office.get(
            "/v1/results", params={"limit": 500, "after": after}
        )
        rows += page.json()["items"]
        after = page.json()["next_after"]
    return {f"results-{row['id']}": told(row) for row in rows}


def told(row: dict[str, Any]) -> tuple[Any, ...]:
    names = ("school_id", "procedure", "subject", "academic_year", "n", "n5")
    return (*(row[name] for name in names), row["n_absent"], row["written_on"])


def kept(region: RegionalSystem) -> dict[str, tuple[Any, ...]]:
    return {key: told(row) for key, row in region.rows.items()}


async def test_after_changes_deletions_and_failures_it_has_what_is_here(
    exchange: Exchange, region: RegionalSystem, engine: AsyncEngine
) -> None:
    target = await exchange.target(url=region.url)
    region.secret = target["secret"]
    seen = await exchange.preview(target["id"])
    assert (seen["upserts"], seen["deletes"]) == (len(await present(exchange)), 0)
    await exchange.run(target["id"])
    region.troubles.extend([500, "hangs_up", "forgets_to_answer"])
    await exchange.settle()
    assert kept(region) == await present(exchange)
    (first,) = await exchange.pushes()
    assert (first["status"], first["sequence"], first["attempts"]) == ("accepted", 1, 4)
    assert (first["receipt"], first["cause"]) == ("№ 1", "asked")
    assert len({call.headers["idempotency-key"] for call in region.calls}) == 1
    assert len({call.body for call in region.calls}) == 1

    await change(engine, DELETE_THREE, CHANGE_NINE)
    await exchange.run(target["id"])
    region.most_rows = 5
    region.troubles.extend(["forgets_to_answer", 503])
    calls = len(region.calls)
    await exchange.settle()
    assert kept(region) == await present(exchange)
    later = (await exchange.pushes())[1:]
    assert {each["status"] for each in later} == {"accepted", "refused"}
    accepted = [each for each in later if each["status"] == "accepted"]
    assert sum(each["upserts"] for each in accepted) == 9
    assert sum(each["deletes"] for each in accepted) == 3
    assert {each["code"] for each in later if each not in accepted} == {413}
    assert len(region.calls) > calls

    await exchange.run(target["id"])
    calls = len(region.calls)
    await exchange.settle()
    assert len(region.calls) == calls
    seen = await exchange.preview(target["id"])
    assert (seen["upserts"], seen["deletes"]) == (0, 0)
    assert seen["unchanged"] == len(region.rows)


async def test_a_push_that_is_cut_off_goes_once_and_is_not_lost(
    exchange: Exchange, region: RegionalSystem
) -> None:
    target = await exchange.target(url=region.url, dataset="schools")
    region.secret = target["secret"]
    await exchange.run(target["id"])
    region.release = asyncio.Event()
    dying = asyncio.create_task(exchange.room().push_round())
    await region.reached.wait()  # it has all of it, and has not answered yet
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    region.release.set()
    had = dict(region.rows)
    await exchange.room().push_round()
    assert len(region.calls) == 1  # leased to the process that died
    await exchange.settle()
    assert len(region.calls) == 2
    assert region.rows == had
    assert region.calls[0].body == region.calls[1].body
    (push,) = await exchange.pushes()
    assert (push["status"], push["attempts"], push["receipt"]) == ("accepted", 2, "№ 1")
    file = push["files"][0]
    sent = await exchange.office.get(f"{PUSHES}/{push['id']}/files/{file['number']}")
    assert sent.content == region.calls[0].body
    assert file["sha256"] == region.calls[0].headers["x-content-sha256"]


async def test_two_notifiers_push_once_and_on_every_change(
    exchange: Exchange, region: RegionalSystem, engine: AsyncEngine
) -> None:
    target = await exchange.target(
        url=region.url, rhythm="on_change", at_time=None, weekday=None
    )
    region.secret = target["secret"]
    rooms = [exchange.room(), exchange.room()]
    for _ in range(2):
        await asyncio.gather(*(room.push_round() for room in rooms))
    assert len(region.calls) == 1
    await change(engine, CHANGE_ALL)
    async with asyncio.timeout(60):
        while len(region.calls) < 2:  # until the change has its number
            await asyncio.gather(*(room.push_round() for room in rooms))
            await asyncio.sleep(0.05)
    assert kept(region) == await present(exchange)
    causes = {each["cause"] for each in await exchange.pushes()}
    assert causes == {"change"}


async def test_what_has_no_code_there_is_named_and_stays_as_it_is_there(
    exchange: Exchange, region: RegionalSystem, engine: AsyncEngine
) -> None:
    target = await exchange.target(
        url=region.url,
        identifier_kind="fis_oko_login",
        subject_codes={"mathematics": "MAT", "russian": "RUS"},
    )
    region.secret = target["secret"]
    run = await exchange.run(target["id"])
    unmapped = {each["name"] for each in run["held"]}
    await exchange.settle()
    assert {row["subject_code"] for row in region.rows.values()} == {"MAT", "RUS"}
    codes = {row["school_code"] for row in region.rows.values()}
    assert all(code.startswith(("edu", "sch")) for code in codes)
    (push,) = await exchange.pushes()
    assert {each["obstacle"] for each in push["held"]} >= {"no_subject_code"}
    assert {each["name"] for each in push["held"]} == unmapped
    before = dict(region.rows)

    await change(engine, END_A_LOGIN, CHANGE_ALL)
    run = await exchange.run(target["id"])
    (lacking,) = (each for each in run["held"] if each["obstacle"] == "no_school_code")
    await exchange.settle()
    stays = {
        key: row
        for key, row in before.items()
        if row["school_id"] == lacking["school_id"]
    }
    assert stays
    assert (
        stays.items()
        <= {
            key: row
            for key, row in region.rows.items()
            if row["school_id"] == lacking["school_id"]
        }.items()
    )
    assert region.rows.keys() == before.keys()
    newest = (await exchange.pushes())[-1]
    assert lacking in newest["held"]


async def test_files_that_are_laid_down_are_imported_here_without_a_change(
    exchange: Exchange, engine: AsyncEngine
) -> None:
    for kind in ("csv", "xlsx"):
        target = await exchange.target(kind=kind)
        assert target["secret"] is None
        await exchange.run(target["id"])
        await exchange.settle()
        (push,) = (
            each
            for each in await exchange.pushes()
            if each["target_id"] == target["id"]
        )
        folder = exchange.folder / push["receipt"]
        complete = json.loads((folder / "complete.json").read_text())
        (named,) = complete["files"]
        content = (folder / named["name"]).read_bytes()
        kept_file = await exchange.office.get(f"{PUSHES}/{push['id']}/files/1")
        assert kept_file.content == content
        uploaded = await exchange.office.post(
            "/v1/imports",
            data={"file_format": "results"},
            files={"file": (named["name"], content)},
        )
        assert uploaded.status_code == 201, uploaded.text
        counts = uploaded.json()["counts"]
        assert counts["unchanged"] == push["upserts"] > 100, kind
        assert {counts[each] for each in ("new", "changed", "bad")} == {0}, kind
    await change(engine, DELETE_ONE)
    await exchange.run(target["id"])
    await exchange.settle()
    last = (await exchange.pushes())[-1]
    assert (last["upserts"], last["deletes"]) == (0, 1)
    deleted = await exchange.office.get(f"{PUSHES}/{last['id']}/files/1")
    assert deleted.content.decode("utf-8-sig").splitlines()[1].startswith("results-")


async def test_targets_are_the_districts_own_and_leave_a_trace(
    exchange: Exchange, region: RegionalSystem, client_as: ClientAs
) -> None:
    target = await exchange.target(url=f"{region.url}?key=of-ours")
    address = f"{TARGETS}/{target['id']}"
    shown = await exchange.office.get(address)
    assert shown.json()["origin"] == f"http://127.0.0.1:{region.port}"
    assert "of-ours" not in shown.text
    assert "whsec_" not in shown.text
    neighbour = await client_as("zhigalovo")
    for method, path in (
        ("GET", address),
        ("GET", f"{address}/preview"),
        ("POST", f"{address}/runs"),
    ):
        assert (await neighbour.request(method, path)).status_code == 404, path
    assert (await neighbour.get(TARGETS)).json()["items"] == []
    body = {
        "name": "Иначе",
        "url": region.url,
        "identifier_kind": "gia_code",
        "rhythm": "daily",
        "at_time": "21:30",
        "is_active": False,
    }
    late = await exchange.office.put(address, json=body, headers={"If-Match": '"9"'})
    assert late.status_code == 412
    changed = await exchange.office.put(address, json=body, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert (await exchange.office.post(f"{address}/runs")).status_code == 422
    trace = await exchange.office.get(
        "/v1/audit", params={"entity": "exchange_target", "entity_id": target["id"]}
    )
    assert [each["action"] for each in trace.json()["items"]] == ["update", "create"]
    assert "of-ours" not in trace.text
    for wrong in (
        {**body, "url": None},
        {**body, "url": "ftp://region.example.ru"},
        {**body, "rhythm": "weekly"},
        {**body, "rhythm": "on_change"},
    ):
        refused = await exchange.office.put(
            address, json=wrong, headers={"If-Match": "*"}
        )
        assert refused.status_code == 422, wrong


async def test_a_regions_system_gets_all_of_its_districts_and_is_nobody_elses(
    exchange: Exchange, client_as: ClientAs
) -> None:
    district, admin = exchange.office, await client_as("admin")
    (own,) = (await district.get("/v1/municipalities")).json()["items"]
    async with begin_as_system(exchange.engine) as work:
        region_id = await work.session.scalar(
            text("SELECT region_id FROM api.municipalities WHERE id = :id"),
            {"id": own["id"]},
        )
    body = {"region_id": region_id, "dataset": "schools", "kind": "csv"}
    refused = await district.post(TARGETS, json=WEEKLY | body)
    assert refused.status_code == 404
    both = body | {"municipality_id": own["id"]}
    assert (await admin.post(TARGETS, json=WEEKLY | both)).status_code == 422
    exchange.office = admin
    target = await exchange.target(**body)
    await exchange.run(target["id"])
    await exchange.settle()
    (push,) = await exchange.pushes()
    listed = (await admin.get("/v1/schools", params={"limit": 500})).json()["items"]
    of_region = [each for each in listed if each["municipality_id"] == own["id"]]
    assert push["upserts"] == len(of_region) < len(listed)
    for path in (f"{TARGETS}/{target['id']}", f"{PUSHES}/{push['id']}"):
        assert (await district.get(path)).status_code == 404, path
    assert (await district.get(f"{PUSHES}/{push['id']}/files/1")).status_code == 404
