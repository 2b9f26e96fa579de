"""The worker as a process: started, stopped, killed, and without its queue."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from arq import create_pool
from arq.connections import RedisSettings

from services.api.relay import relay
from services.scoring.repository.lock import LOCK_CLASS
from shared.runtime.queue import ArqQueue
from tests.scoring.district import District

ROOT = Path(__file__).resolve().parents[2]
BOUND = 30.0
NOBODY = "redis://127.0.0.1:1/0"


@asynccontextmanager
async def worker(database_url: str, redis_url: str) -> AsyncIterator[Process]:
    """Run a worker, and kill it at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.scoring",
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url, "REDIS_URL": redis_url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def stop(process: Process) -> int | None:
    """Ask the worker to stop; return its exit code."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(BOUND):
        return await process.wait()


async def until(
    condition: Callable[[], Awaitable[bool]], seconds: float = BOUND
) -> None:
    """Wait until the condition holds, and no longer."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 (a database tells nobody)
            await asyncio.sleep(0.05)


def has_scored(district: District, pupils: int) -> Callable[[], Awaitable[bool]]:
    """Return the condition that the current run counts so many pupils."""

    async def condition() -> bool:
        if not await district.run_ids():
            return False
        return await district.district_n() == pupils

    return condition


async def test_a_worker_without_its_queue_finds_the_work_itself(
    district: District,
) -> None:
    await district.add_result("a", 2, 3, 3, 2)
    async with worker(district.url, NOBODY) as process:
        await until(has_scored(district, 10))
        await district.add_result("b", 2, 3, 3, 2)
        await until(has_scored(district, 20))

        assert await stop(process) == 0


async def test_an_emptied_queue_loses_no_change(
    district: District, redis_url: str
) -> None:
    queue = ArqQueue(redis_url)
    valkey = await create_pool(RedisSettings.from_dsn(redis_url))
    async with worker(district.url, redis_url) as process:
        for number in range(1, 6):
            await district.add_result("a", 1, 1, 1, 1)
            assert await relay(district.api, queue)
            await valkey.flushall()
            if number == 3:
                await until(has_scored(district, 12))
        await until(has_scored(district, 20))

        assert await stop(process) == 0
    await valkey.aclose()
    await queue.close()


async def test_a_killed_workers_municipality_is_scored_by_another(
    district: District,
) -> None:
    await district.add_result("a", 2, 3, 3, 2)
    admin = await asyncpg.connect(district.url)

    async def holders() -> int:
        query = (
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND classid = $1 AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return int(await admin.fetchval(query, LOCK_CLASS))

    async def is_held() -> bool:
        return await holders() == 1

    async with worker(district.url, NOBODY) as first:
        # Whoever computes now stops before its values are written.
        barrier = admin.transaction()
        await barrier.start()
        await admin.execute("LOCK TABLE scoring.figures")
        await until(is_held)
        async with worker(district.url, NOBODY):
            first.kill()
            await first.wait()
            await until(is_held)
            assert await district.run_ids() == []
            await barrier.rollback()

            await until(has_scored(district, 10))
    assert len(await district.run_ids()) == 1
    await admin.close()


async def test_a_database_without_the_schema_is_refused_in_one_line(
    postgres_url: str,
) -> None:
    async with worker(postgres_url, NOBODY) as process:
        async with asyncio.timeout(BOUND):
            _, stderr = await process.communicate()

    assert process.returncode == 2
    assert len(stderr.splitlines()) == 1
    assert b"make migrate" in stderr


@pytest.mark.parametrize("missing", ["DATABASE_URL", "REDIS_URL"])
def test_a_missing_setting_is_refused_in_one_line(missing: str) -> None:
    environment = os.environ | {"DATABASE_URL": "postgresql://x", "REDIS_URL": NOBODY}
    refused = subprocess.run(
        [sys.executable, "-m", "services.scoring"],
        cwd=ROOT,
        env=environment | {missing: ""},
        capture_output=True,
        text=True,
        timeout=BOUND,
        check=False,
    )

    assert refused.returncode == 2
    assert len(refused.stderr.splitlines()) == 1
    assert missing in refused.stderr
