"""New rows that are kept in columns are shown, written and undone as any others."""

from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.imports.readers import mark_statistics
from shared.persistence.tables.import_runs import ImportRunRow
from shared.persistence.work import begin_as_system
from tests.api.imports.district import (
    commit,
    counts,
    preview,
    row_of,
    schools,
    snapshot,
)
from tests.api.imports.workbooks import statistics
from tests.api.years.steps import go
from tests.support.api import ClientAs

ILINKA, OTHER = "uzhur.ilinskaya", "uzhur.prirechenskaya"
YEAR = 2013


@pytest.fixture
def in_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two rows below each other be worth a run."""
    monkeypatch.setattr(mark_statistics, "SHORTEST_RUN", 2)


async def rows_in_runs(engine: AsyncEngine) -> int:
    async with begin_as_system(engine) as work:
        lines = func.coalesce(func.sum(ImportRunRow.line_count), 0)
        return int((await work.session.scalars(select(lines))).one())


async def lines_of(client: httpx.AsyncClient, import_id: int) -> list[dict[str, Any]]:
    """Return all lines, read two by two, without their numbers."""
    lines: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = await client.get(
            f"/v1/imports/{import_id}/lines", params={"limit": 2, "after": after}
        )
        lines += page.json()["items"]
        after = page.json()["next_after"]
    assert [line["id"] for line in lines] == sorted({line["id"] for line in lines})
    return [{k: v for k, v in line.items() if not k.endswith("id")} for line in lines]


async def told_of(client: httpx.AsyncClient, row: int) -> dict[str, Any]:
    """Return what the audit tells of a result, by action."""
    wanted: dict[str, str | int] = {"entity": "assessment_result", "entity_id": row}
    entries = (await client.get("/v1/audit", params=wanted)).json()["items"]
    return {entry["action"]: entry["changes"] for entry in entries}


async def test_rows_in_runs_are_the_lines_they_would_be_singly(
    client_as: ClientAs, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = await schools(engine)
    client = await client_as("uzhur")
    file = statistics(
        *(row_of(placed[ILINKA], year=YEAR, grade=grade) for grade in (4, 5, 6)),
        row_of(placed[ILINKA], year=19),
        row_of(placed[OTHER], year=YEAR, two=4, three=36),
        row_of(placed[OTHER], year=YEAR, two=4, three=36, grade=5),
        row_of(placed[OTHER], year=YEAR, two=4, three=36, grade=5),
        row_of(placed[OTHER], year=YEAR, two=4, three=36, grade=6),
    )
    singly = await preview(client, file)
    assert await rows_in_runs(engine) == 0
    monkeypatch.setattr(mark_statistics, "SHORTEST_RUN", 2)
    together = await preview(client, file)
    assert await rows_in_runs(engine) == 3
    assert counts(together) == counts(singly) == {"new": 6, "bad": 1, "skipped": 1}
    lines = await lines_of(client, together["id"])
    assert lines == await lines_of(client, singly["id"])
    assert [line["row"] for line in lines] == [2, 3, 4, 5, 6, 7, 9]


@pytest.mark.usefixtures("in_runs")
async def test_runs_are_committed_as_previewed_told_of_row_by_row_and_undone(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    before = await snapshot(engine)
    client = await client_as("uzhur")
    file = statistics(*(row_of(ilinka, year=YEAR, grade=each) for each in (4, 5, 6)))
    first, second = await preview(client, file), await preview(client, file)
    assert await rows_in_runs(engine) == 6
    done = (await commit(client, first)).json()
    assert (done["new"], done["academic_years"]) == (3, [YEAR - 1])
    late = await commit(client, second)
    assert (late.status_code, late.json()["code"]) == (409, "import_outdated")
    assert counts(await preview(client, file)) == {"unchanged": 3}
    page = await client.get(f"/v1/imports/{first['id']}/lines")
    for line in page.json()["items"]:
        result = (await client.get(f"/v1/results/{line['target_id']}")).json()
        record = line["record"]
        assert {name: result[name] for name in record} == record
        told = (await told_of(client, line["target_id"]))["create"]
        stated = {k: [None, v] for k, v in record.items() if v is not None}
        del stated["school_id"]
        assert told == {"n_absent": [None, 0], "n_ungraded": [None, 0]} | stated
    undone = await client.post(f"/v1/imports/{first['id']}/undo")
    assert (undone.json()["removed"], undone.json()["restored"]) == (3, 0)
    assert (await snapshot(engine)).results == before.results
    removed = (await told_of(client, page.json()["items"][0]["target_id"]))["delete"]
    assert (removed["n"], removed["n2"]) == ([25, None], [3, None])


@pytest.mark.usefixtures("in_runs")
async def test_a_run_whose_row_was_changed_since_is_not_undone(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    rows = [row_of(ilinka, year=YEAR, grade=grade) for grade in (4, 5)]
    first = await preview(client, statistics(*rows))
    assert (await commit(client, first)).status_code == 200
    other = row_of(ilinka, year=YEAR, grade=5, two=4, three=36)
    second = await preview(client, statistics(rows[0], other))
    assert counts(second) == {"changed": 1, "unchanged": 1}
    assert (await commit(client, second)).status_code == 200
    blocked = await client.post(f"/v1/imports/{first['id']}/undo")
    assert (blocked.status_code, blocked.json()["code"]) == (409, "import_undo_blocked")
    (fault,) = blocked.json()["faults"]
    assert fault["row"] == 3


@pytest.mark.usefixtures("in_runs")
async def test_rows_of_a_run_that_are_of_a_closed_year_are_bad(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    placed = await schools(engine)
    office = await client_as("uzhur")
    file = statistics(
        *(
            row_of(placed[code], grade=grade, year=YEAR)
            for code in (ILINKA, OTHER)
            for grade in (5, 6)
        )
    )
    await go(office, placed[ILINKA].school_id, "lock", year=YEAR - 1)
    read = await preview(office, file)
    assert counts(read) == {"new": 2, "bad": 2}
    lines = await lines_of(office, read["id"])
    assert [line["action"] for line in lines] == ["bad", "bad", "new", "new"]
    answer = await commit(office, read, mode="partial")
    assert (answer.json()["new"], answer.json()["left_out"]) == (2, 2)
