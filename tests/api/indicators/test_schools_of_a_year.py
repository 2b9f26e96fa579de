"""Which schools a year has: one rule for all that is counted, and who is left out."""

from datetime import date
from typing import Any

import httpx
from sqlalchemy import select, update

from shared.contracts.events import EventKind
from shared.persistence.engine import create_engine
from shared.persistence.outbox import record
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import begin_as_system
from tests.api.computing import compute_all
from tests.api.indicators.test_programmes import RESULT, answered
from tests.support.api import ClientAs

Json = dict[str, Any]
YEAR = 2020
MERGER = {
    "kind": "merge",
    "takes_effect_on": "2021-09-01",
    "order_number": "214",
    "order_on": "2020-09-10",
    "reason": "Сеть школ",
}
PAPER = {
    "procedure": "district_kim",
    "academic_year": YEAR,
    "written_on": None,
    "n": 20,
    "n2": 2,
    "n3": 16,
    "n4": 1,
    "n5": 1,
}
TOPICS = (
    "rankings",
    "indicators",
    "conditions",
    "identifications",
    "objectivity-findings",
    "mentor-suggestions",
)


async def get(client: httpx.AsyncClient, path: str) -> Json:
    answer = await client.get(path)
    assert answer.status_code == 200, (path, answer.text)
    body: Json = answer.json()
    return body


async def close(database_url: str, schools: list[int], day: date) -> None:
    database = create_engine(database_url, "api")
    async with begin_as_system(database) as work:
        rows = SchoolRow.id.in_(schools)
        await work.session.execute(update(SchoolRow).where(rows).values(closed_on=day))
        home = await work.session.scalar(select(SchoolRow.municipality_id).where(rows))
        assert home is not None
        await record(work, EventKind.SCHOOLS_CHANGED, municipality_id=home)
    await database.dispose()


def told(answer: Json) -> dict[int, str]:
    return {each["school_id"]: each["reason"] for each in answer["absent"]}


def counted(value: Json) -> set[int]:
    sides = ("schools", "others", "undecided")
    return {school["id"] for side in sides for school in value[side]}


async def test_a_year_is_counted_of_the_schools_that_outlive_it_or_have_results(
    client_as: ClientAs, database_url: str
) -> None:
    client = await client_as("uzhur")
    listed = (await get(client, "/v1/schools?limit=100"))["items"]
    parents = {each["parent_id"] for each in listed}
    whole = [
        each
        for each in listed
        if each["kind"] != "branch" and each["id"] not in parents
    ]
    with_results, silent, merged, stays = [each["id"] for each in whole[:4]]
    named = {"code": "new-one", "name": "МБОУ «Новая»", "kind": "basic"}
    home = {"municipality_id": whole[0]["municipality_id"]}
    made = await client.post(
        "/v1/schools", json=named | home | {"opened_on": "2021-09-01"}
    )
    assert made.status_code == 201, made.text
    opened = made.json()["id"]
    merger = MERGER | {"predecessor_ids": [merged], "successor_ids": [stays]}
    assert (await client.post("/v1/reorganisations", json=merger)).status_code == 201
    for subject in ("russian", "mathematics"):
        body = RESULT | PAPER | {"school_id": with_results, "subject": subject}
        answer = await client.post("/v1/results", json=body)
        assert answer.status_code == 201, answer.text
    await close(database_url, [with_results, silent], date(2021, 3, 1))
    await compute_all(database_url)

    absent = {
        topic: told(await get(client, f"/v1/{topic}?academic_year={YEAR}"))
        for topic in TOPICS
    }
    seen = await client_as(f"uzhur.{whole[3]['code']}")
    own = {
        topic: told(await get(seen, f"/v1/{topic}?academic_year={YEAR}"))
        for topic in TOPICS
    }
    items = (await get(client, f"/v1/identifications?academic_year={YEAR}&limit=500"))[
        "items"
    ]
    run = (await get(client, f"/v1/conditions?academic_year={YEAR}"))["run_id"]
    in_conditions = (await get(client, f"/v1/conditions/{run}/schools?limit=500"))[
        "items"
    ]
    suggested = await get(client, f"/v1/mentor-suggestions?academic_year={YEAR}")
    _, now = await answered(client, 2020)
    _, then = await answered(client, 2021)

    gone = {silent: "closed", opened: "not_open_yet"}
    without = absent.pop("mentor-suggestions")
    assert without == gone | {with_results: "closed"}
    assert absent == dict.fromkeys(absent, gone)
    assert own == {topic: {} for topic in TOPICS}
    for rows in (items, in_conditions):
        schools = {each["school_id"] for each in rows}
        assert {with_results, merged, stays} <= schools
        assert not {silent, opened} & schools
    matched = {each["school"]["id"] for each in suggested["schools"]}
    assert merged in matched
    assert not {with_results, silent, opened} & matched
    value = now["plan_corrected"]
    assert told(value) == without
    schools = {each["id"] for each in listed if each["kind"] != "branch"}
    assert counted(value) == schools - {with_results, silent}
    assert value["n_schools"] == len(counted(value))
    assert told(then["plan_corrected"]) == {
        with_results: "closed",
        silent: "closed",
        merged: "closed",
    }
