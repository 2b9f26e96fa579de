"""Large files: answered at once, read on, and never left half read in silence."""

import io
import zipfile
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.imports import previewing, reading
from services.api.imports.readers import mark_statistics, pieces
from shared.persistence.tables.results import ImportRow
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now
from tests.api.imports.district import commit, counts, row_of, schools, snapshot, upload
from tests.api.imports.workbooks import statistics
from tests.support.api import ClientAs

ILINKA = "uzhur.ilinskaya"


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a file of more than three rows be a large one."""
    monkeypatch.setattr(reading, "FIRST_ROWS", 3)
    monkeypatch.setattr(reading, "BATCH_ROWS", 2)
    monkeypatch.setattr(mark_statistics, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(mark_statistics, "SHORTEST_RUN", 2)


async def test_a_large_file_is_read_after_the_answer_with_its_progress_shown(
    api: FastAPI, client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    rows = [row_of(ilinka, grade=grade) for grade in range(4, 9)]
    before = await snapshot(engine)
    answer = await upload(client, statistics(*rows, row_of(ilinka, year=19)))
    assert answer.status_code == 202, answer.text
    assert answer.json()["status"] == "reading"
    await api.state.api.errands.finish()
    read = (await client.get(answer.headers["Location"])).json()
    assert read["status"] == "previewed"
    assert (read["rows_read"], read["rows_total"]) == (7, 7)
    assert counts(read) == {"new": 5, "bad": 1}
    lines = (await client.get(f"/v1/imports/{read['id']}/lines")).json()["items"]
    assert [line["row"] for line in lines] == [2, 3, 4, 5, 6, 7]
    done = await commit(client, read, "partial")
    assert (done.status_code, done.json()["new"]) == (200, 5)
    after = await snapshot(engine)
    assert len(after.results) == len(before.results) + 5


async def test_a_reading_that_was_broken_off_says_so_and_can_be_repeated(
    api: FastAPI, client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    rows = [row_of(ilinka, grade=grade) for grade in range(4, 9)]
    before = await snapshot(engine)
    answer = await upload(client, statistics(*rows))
    await api.state.api.errands.break_off()
    read = (await client.get(answer.headers["Location"])).json()
    assert read["status"] == "failed"
    assert "снова" in read["warnings"][0]["reason_ru"]
    refused = await commit(client, read)
    assert (refused.status_code, refused.json()["code"]) == (409, "import_not_read")
    after = await snapshot(engine)
    assert (after.results, after.lines) == (before.results, before.lines)
    repeated = await upload(client, statistics(*rows))
    await api.state.api.errands.finish()
    read = (await client.get(repeated.headers["Location"])).json()
    assert counts(read) == {"new": 5}


async def test_a_file_that_turns_out_broken_further_down_changes_nothing(
    api: FastAPI,
    client_as: ClientAs,
    engine: AsyncEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pieces, "PIECE_BYTES", 500)
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    rows = [row_of(ilinka, year=year) for year in range(2012, 2022)]
    before = await snapshot(engine)
    answer = await upload(client, _broken_from(9, statistics(*rows)))
    assert answer.status_code == 202, answer.text
    await api.state.api.errands.finish()
    read = (await client.get(answer.headers["Location"])).json()
    assert (read["status"], counts(read)) == ("failed", {})
    assert "повреждён" in read["warnings"][0]["reason_ru"]
    refused = await commit(client, read, "partial")
    assert (refused.status_code, refused.json()["code"]) == (409, "import_not_read")
    after = await snapshot(engine)
    assert (after.results, after.lines) == (before.results, before.lines)


def _broken_from(number: int, source: io.BytesIO) -> io.BytesIO:
    """Leave out where the first cell of a row ends."""
    target = io.BytesIO()
    with zipfile.ZipFile(source) as sound, zipfile.ZipFile(target, "w") as broken:
        for name in sound.namelist():
            head, mark, rest = sound.read(name).partition(b'<row r="%d"' % number)
            broken.writestr(name, head + mark + rest.replace(b"</c>", b"", 1))
    target.seek(0)
    return target


async def test_a_reading_whose_process_died_is_found_and_marked(
    api: FastAPI, client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    answer = await upload(client, statistics(row_of(ilinka)))
    address = answer.headers["Location"]
    for silence, status in ((30, "reading"), (90, "failed")):
        async with begin_as_system(engine) as work:
            sign = system_now() - timedelta(seconds=silence)
            await work.session.execute(
                update(ImportRow)
                .where(ImportRow.id == answer.json()["id"])
                .values(status="reading", read_at=sign)
            )
        await previewing.fail_interrupted(api.state.api.engine)
        assert (await client.get(address)).json()["status"] == status
