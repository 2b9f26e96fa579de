"""The drill: a machine is lost while people work, and its backup runs elsewhere."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from services.api.backup.errors import BackupError
from services.api.backup.manifest import read_manifest
from services.api.datasets.places import FED
from shared.contracts.events import Topic
from shared.persistence.engine import create_engine
from shared.persistence.staleness import out_of_date_runs
from shared.persistence.tables.scoring import CurrentRunRow
from shared.persistence.work import begin_as_system
from tests.api.backup.drills import back_up, empty_machine, restore
from tests.api.changes.consumer import FEED, Consumer, exported
from tests.api.computing import compute_all
from tests.notifier.processes import environment, notifier, until
from tests.scoring.test_worker import worker
from tests.support.api import ClientAs, clients, running, settings_for
from tests.support.databases import execute
from tests.support.posting import bodies

pytestmark = pytest.mark.timeout(240)

YEAR = 2018
# Numbers of transactions that an empty machine has not reached, but soon will.
OF_AN_OLD_SERVER = """
UPDATE api.outbox SET txid = '50000';
UPDATE scoring.runs SET input_snapshot = '60000:60000:';
UPDATE scoring.current_runs SET input_snapshot = '60000:60000:';
"""
OVERTAKING = """
DO $$ BEGIN
  SET synchronous_commit = off;
  WHILE pg_current_xact_id() < '60010'::xid8 LOOP COMMIT; END LOOP;
END $$
"""
REPORT = "Справка о результатах".encode()


@asynccontextmanager
async def system(
    database_url: str, redis_url: str, data_dir: Path
) -> AsyncIterator[ClientAs]:
    """Run an api over the database; yield what signs people in."""
    settings = replace(settings_for(database_url, redis_url), data_dir=data_dir)
    async with running(settings) as app, clients(app) as client_as:
        yield client_as


async def hand_in_report(school: httpx.AsyncClient) -> str:
    """Report on a deadline with a file; return the file's address."""
    page = (await school.get("/v1/deadlines", params={"state": "open"})).json()
    deadline = next(each for each in page["items"] if each["school_id"] is not None)
    answer = await school.post(
        f"/v1/deadlines/{deadline['id']}/submissions",
        data={"text": "Сделано"},
        files=[("file", ("справка.txt", REPORT, "text/plain"))],
    )
    assert answer.status_code == 201, answer.text
    return f"/v1/submission-files/{answer.json()['files'][0]['id']}"


async def count_runs_up_to_date(database_url: str) -> int:
    """Count the current runs of a topic that nobody would compute again."""
    engine = create_engine(database_url, "scoring")
    try:
        async with begin_as_system(engine) as work:
            outdated = out_of_date_runs(Topic.RESULTS).subquery()
            runs = select(func.count()).select_from(CurrentRunRow)
            stale = select(func.count()).select_from(outdated)
            of_topic = CurrentRunRow.topic == Topic.RESULTS
            all_of_them = int(await work.session.scalar(runs.where(of_topic)) or 0)
            assert all_of_them > 0
            return all_of_them - int(await work.session.scalar(stale) or 0)
    finally:
        await engine.dispose()


class Writer:
    """Somebody who enters one result after the other all the while."""

    def __init__(self, client: httpx.AsyncClient, school_ids: list[int]) -> None:
        self.written = 0
        self._client = client
        self._bodies = itertools.cycle(bodies(school_ids, YEAR))
        self._is_stopping = False

    async def run(self) -> None:
        """Enter results until told to stop."""
        while not self._is_stopping:
            body = next(self._bodies)
            answer = await self._client.post("/v1/results", json=body)
            assert answer.status_code == 201, answer.text
            self.written += 1

    async def write_more(self, count: int) -> None:
        """Wait until so many more have been entered."""
        wanted = self.written + count
        while self.written < wanted:  # noqa: ASYNC110 (it writes as fast as it can)
            await asyncio.sleep(0.01)

    def stop(self) -> None:
        """End after the result in hand."""
        self._is_stopping = True


async def copy_as_of(client: httpx.AsyncClient, number: int) -> tuple[Consumer, int]:
    """Copy what there is, without the rows that came after that number of the feed."""
    consumer = Consumer(client)
    await consumer.copy(rows_per_partition=500)
    later = 0
    while True:
        page = (await client.get(FEED, params={"after": number, "limit": 100})).json()
        for change in page["items"]:
            if change["action"] == "event":
                continue  # it tells of a change, and is none
            assert change["action"] == "upsert"
            gone = consumer.copies[change["dataset"]].pop(change["row_id"], None)
            later += gone is not None
        number = page["next_after"]
        if page["is_last"]:
            return consumer, later


async def test_a_backup_under_load_runs_on_an_empty_machine(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    data, kept, elsewhere = tmp_path / "data", tmp_path / "kept", tmp_path / "new"
    await compute_all(database_url)
    await execute(database_url, OF_AN_OLD_SERVER)
    async with system(database_url, redis_url, data) as client_as:
        office, admin = await client_as("uzhur"), await client_as("admin")
        file = await hand_in_report(await client_as("uzhur.ilinskaya"))
        schools = (await office.get("/v1/schools")).json()["items"]
        writer = Writer(
            office, [each["id"] for each in schools if each["kind"] != "branch"]
        )
        writing = asyncio.create_task(writer.run())
        await writer.write_more(5)
        backup = await back_up(database_url, data, kept)
        await writer.write_more(5)
        writer.stop()
        await writing
        manifest = read_manifest(backup)
        number = manifest.feed_number + manifest.unnumbered
        expected, later = await copy_as_of(admin, number)
    assert later >= 5

    async with AsyncExitStack() as stack:
        new_url = await stack.enter_async_context(empty_machine())
        restored = await restore(backup, new_url, elsewhere)
        assert restored.manifest == manifest
        assert {*restored.seconds} > {"database", "files", "audit"}
        await execute(new_url, OVERTAKING)
        assert await count_runs_up_to_date(new_url) == 0
        with pytest.raises(BackupError, match="not empty"):
            await restore(backup, new_url, elsewhere)

        client_as = await stack.enter_async_context(
            system(new_url, redis_url, elsewhere)
        )
        admin, office = await client_as("admin"), await client_as("uzhur")
        filled = 0
        for dataset in FED:
            found = await exported(admin, dataset)
            assert found == expected.as_exported(dataset), dataset
            filled += bool(found)
        assert filled > 15
        assert (await office.get(file)).content == REPORT
        await go_on_working(office, new_url, redis_url)


async def go_on_working(
    office: httpx.AsyncClient, database_url: str, redis_url: str
) -> None:
    """Have the workers compute and remind on what was restored."""
    before = (await office.get("/v1/inbox")).json()["items"]
    settings = environment(database_url, redis_url, smtp_port=1)
    async with worker(database_url, redis_url), notifier(settings):

        async def ranked() -> bool:
            wanted = {"academic_year": YEAR}
            answer = await office.get("/v1/rankings", params=wanted)
            ranking: dict[str, Any] = answer.json()
            return answer.is_success and not ranking["is_stale"]

        async def reminded() -> bool:
            inbox = (await office.get("/v1/inbox")).json()["items"]
            return len(inbox) > len(before)

        await until(ranked)
        await until(reminded)
