"""Files that no report names are taken away, and never one that is named."""

import asyncio
from datetime import timedelta
from io import BytesIO

from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.leftovers import GRACE, SweepMetrics, sweep
from shared.persistence.stored_files import hold_file, unnamed
from shared.persistence.work import begin_as_system
from shared.runtime.file_store import open_file_store
from tests.api.roadmaps.conftest import District

METRICS = SweepMetrics(CollectorRegistry())
AT_ONCE = timedelta(seconds=-60)  # whatever has been put until now
LEFT = "submissions/1/" + "0" * 64
OTHERS = "backups/of-ours"


async def test_what_a_refused_report_left_goes_after_the_grace(
    district: District, engine: AsyncEngine
) -> None:
    store = open_file_store(district.folder, None)
    for key in (LEFT, OTHERS):
        await store.put(key, BytesIO(b"left"))
    deadline = await district.deadline()
    answer = await district.school.post(
        f"/v1/deadlines/{deadline['id']}/submissions",
        files={"file": ("a.txt", b"named")},
    )
    assert answer.status_code == 201, answer.text
    assert len(await store.keys()) == 3
    assert await sweep(engine, store, METRICS, grace=GRACE) == 0
    assert await sweep(engine, store, METRICS, grace=AT_ONCE) == 1
    assert LEFT not in await store.keys()
    assert OTHERS in await store.keys()
    (file,) = answer.json()["files"]
    kept = await district.school.get(f"/v1/submission-files/{file['id']}")
    assert kept.content == b"named"


async def test_a_file_that_a_report_is_about_to_name_is_not_taken_away(
    district: District, engine: AsyncEngine
) -> None:
    store = open_file_store(district.folder, None)
    async with begin_as_system(engine) as work:
        await hold_file(work, LEFT)
        await store.put(LEFT, BytesIO(b"about to be named"))
        assert await sweep(engine, store, METRICS, grace=AT_ONCE) == 0
    assert await sweep(engine, store, METRICS, grace=AT_ONCE) == 1


async def test_reports_and_sweeps_at_once_lose_no_file_that_is_named(
    district: District, engine: AsyncEngine
) -> None:
    store = open_file_store(district.folder, None)
    page = await district.school.get("/v1/deadlines", params={"state": "open"})
    numbers = [each["id"] for each in page.json()["items"] if each["school_id"]][:8]
    assert len(numbers) > 3
    done = asyncio.Event()

    async def report(number: int, content: bytes) -> int:
        answer = await district.school.post(
            f"/v1/deadlines/{number}/submissions",
            files={"file": ("a.txt", content)},
        )
        return answer.status_code

    async def sweep_on() -> None:
        while not done.is_set():
            await sweep(engine, store, METRICS, grace=AT_ONCE)
            await asyncio.sleep(0)

    sweeping = [asyncio.create_task(sweep_on()) for _ in range(2)]
    # All store the same bytes, and the second of each pair is refused.
    statuses = await asyncio.gather(
        *(report(number, b"the same") for number in numbers for _ in range(2))
    )
    done.set()
    await asyncio.gather(*sweeping)
    assert sorted(set(statuses)) == [201, 409]
    (key,) = await store.keys()
    async with begin_as_system(engine) as work:
        assert await unnamed(work, [key]) == []
