"""A copy, and the feed from its number, give exactly the present state."""

import asyncio
from collections.abc import Sequence

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.datasets.places import FED
from shared.persistence.work import begin_as_system
from tests.api.changes.consumer import SNAPSHOTS, Consumer, exported, lines_of
from tests.api.computing import compute_all
from tests.api.mentoring.conftest import Places, places
from tests.api.mentoring.steps import draft, go
from tests.api.records.examples import RECORDED, schools_of, write_example
from tests.support.api import ClientAs

__all__ = ["places"]  # a fixture

# What people change in rows, and in what other rows show of them.
STEPS = (
    "UPDATE api.schools SET name = name || ' *' WHERE id % 3 = 0",
    "DELETE FROM api.assessment_results WHERE id % 7 = 1",
    "UPDATE api.assessment_results SET n_absent = n_absent + 1 WHERE id % 5 = 2",
    "UPDATE api.measures SET title = title || ' *' WHERE id % 4 = 0",
    "UPDATE api.target_ranges SET text = '*' WHERE id % 2 = 0",
    "DELETE FROM api.target_ranges WHERE id % 5 = 1",
    "UPDATE api.programmes SET provenance = 'local'",
    "UPDATE api.municipalities SET name = name || ' *'",
    "UPDATE api.msoko_groups SET title = title || ' *'",
    "UPDATE api.school_aliases SET alias = alias || ' *' WHERE id % 2 = 0",
    """
    INSERT INTO api.school_aliases (municipality_id, school_id, alias)
    SELECT municipality_id, id, 'new ' || id FROM api.schools WHERE id % 4 = 1
    """,
    "DELETE FROM api.vacancies WHERE id % 2 = 1",
)


async def write_rows_of_every_kind(office: httpx.AsyncClient) -> None:
    (school,) = await schools_of(office, "solgonskaya")
    for code in RECORDED:
        await write_example(office, code, school)


async def change_rows(engine: AsyncEngine, steps: Sequence[str] = STEPS) -> None:
    for step in steps:
        async with begin_as_system(engine) as work:
            await work.session.execute(text(step))
        await asyncio.sleep(0)


async def compare(consumer: Consumer) -> int:
    """Compare the copy with every export; return how many datasets have rows."""
    filled = 0
    for dataset in FED:
        there = await exported(consumer.client, dataset)
        copied = consumer.as_exported(dataset)
        assert copied == there, (dataset, copied - there, there - copied)
        filled += bool(there)
    return filled


async def test_a_copy_and_the_feed_give_every_dataset_as_it_is(
    client_as: ClientAs, engine: AsyncEngine, database_url: str, places: Places
) -> None:
    admin, office = await client_as("admin"), await client_as("uzhur")
    await compute_all(database_url)
    consumer = Consumer(admin)
    # Pieces are read while rows change, and runs are computed.
    await asyncio.gather(
        consumer.copy(rows_per_partition=500),
        change_rows(engine),
        write_rows_of_every_kind(office),
    )
    agreement = await draft(office, places)
    await go(office, agreement["id"], "propose")
    await compute_all(database_url)
    await consumer.catch_up()

    assert await compare(consumer) > 40
    assert {*consumer.actions} == {"upsert", "delete", "replace", "event"}


async def test_a_copy_of_nothing_but_the_feed_is_as_good(
    client_as: ClientAs, engine: AsyncEngine, database_url: str
) -> None:
    admin = await client_as("admin")
    consumer = Consumer(admin)
    await consumer.catch_up(limit=500)
    await compute_all(database_url)
    await change_rows(engine, STEPS[1:6])
    await consumer.catch_up()
    assert await compare(consumer) > 15


async def test_pieces_have_each_row_once_and_can_be_read_again(
    client_as: ClientAs,
) -> None:
    office = await client_as("uzhur")
    body = {"datasets": ["results", "deadlines"], "rows_per_partition": 100}
    snapshot = (await office.post(SNAPSHOTS, json=body)).json()
    pieces = [each for each in snapshot["partitions"] if each["dataset"] == "deadlines"]
    assert len(pieces) > 3
    assert pieces[-1]["up_to_id"] is None
    ids = []
    for piece in pieces:
        answers = [await office.get(piece["url"]) for _ in range(2)]
        assert answers[0].content == answers[1].content
        lines = lines_of(answers[0])
        assert len(lines) == piece["rows"]
        ids += [line["row"]["id"] for line in lines]
    assert (
        len(ids) == len({*ids}) == sum((await exported(office, "deadlines")).values())
    )


async def test_a_snapshot_is_its_takers_own(client_as: ClientAs) -> None:
    office, abroad = await client_as("uzhur"), await client_as("zhigalovo")
    taken = await office.post(SNAPSHOTS, json={"datasets": ["schools"]})
    number = taken.json()["id"]
    assert (await office.get(taken.headers["location"])).json() == taken.json()
    for address in (f"{SNAPSHOTS}/{number}", f"{SNAPSHOTS}/{number}/partitions/1"):
        assert (await abroad.get(address)).status_code == 404
    assert (await office.get(f"{SNAPSHOTS}/{number}/partitions/2")).status_code == 404
    assert (await abroad.get(SNAPSHOTS)).json()["items"] == []


async def test_a_copy_has_nothing_of_others(client_as: ClientAs) -> None:
    for login in ("uzhur", "zhigalovo"):
        office = await client_as(login)
        (home,) = (await office.get("/v1/municipalities")).json()["items"]
        consumer = Consumer(office)
        await consumer.copy(datasets=["schools", "results", "municipality-contacts"])
        await consumer.catch_up()
        rows = [
            row
            for copy in consumer.copies.values()
            for each in copy.values()
            for row in each
        ]
        assert {row["municipality_id"] for row in rows} == {home["id"]}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"datasets": ["nothing"]}, 422, "invalid_input"),
        ({"rows_per_partition": 1}, 422, "invalid_input"),
        ({"datasets": []}, 422, "invalid_input"),
    ],
)
async def test_what_cannot_be_copied_is_refused(
    client_as: ClientAs, body: dict[str, object], status: int, code: str
) -> None:
    refused = await (await client_as("uzhur")).post(SNAPSHOTS, json=body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_contacts_in_a_copy_leave_a_trace(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    await Consumer(office).copy(datasets=["school-contacts", "schools"])
    async with begin_as_system(engine) as work:
        traces = await work.session.execute(
            text(
                "SELECT entity, changes FROM api.audit_entries WHERE action = 'export'"
            )
        )
        assert [(entity, changes["format"][1]) for entity, changes in traces] == [
            ("school_contacts", "snapshot")
        ]
