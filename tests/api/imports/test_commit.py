"""Committing previewed files: exactly what was previewed, once, or nothing."""

import asyncio
import io
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.demo.loading import SAMPLE_YEAR
from services.api.demo.profile import load_demo_profile
from services.api.demo.results import generate_results
from services.api.demo.workbook import write_mark_statistics
from shared.contracts.events import EventKind
from tests.api.imports.district import (
    commit,
    counts,
    events_after,
    municipality_id,
    preview,
    row_of,
    schools,
    snapshot,
)
from tests.api.imports.workbooks import statistics
from tests.support.api import ClientAs

ILINKA = "uzhur.ilinskaya"


async def results_of(
    client: httpx.AsyncClient, school_id: int, academic_year: int
) -> list[dict[str, Any]]:
    answer = await client.get(
        "/v1/results",
        params={"school_id": school_id, "academic_year": academic_year, "limit": 500},
    )
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def imported(client: httpx.AsyncClient, file: io.BytesIO) -> dict[str, Any]:
    """Preview and commit a file, and return the preview."""
    previewed = await preview(client, file)
    answer = await commit(client, previewed)
    assert answer.status_code == 200, answer.text
    return previewed


async def test_committing_rebuilds_counts_from_percentages_and_tells_each_year(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    before = await snapshot(engine)
    client = await client_as("uzhur")
    file = statistics(row_of(ilinka), row_of(ilinka, year=2020, grade=5))
    previewed = await preview(client, file)
    answer = await commit(client, previewed)
    assert answer.status_code == 200
    done = answer.json()
    assert (done["new"], done["changed"], done["unchanged"], done["left_out"]) == (
        2,
        0,
        0,
        0,
    )
    assert (done["status"], done["mode"]) == ("committed", "all_or_nothing")
    assert done["academic_years"] == [2018, 2020]
    assert done["synthetic"] is True
    (result,) = await results_of(client, ilinka.school_id, 2018)
    assert [result[name] for name in ("n", "n2", "n3", "n4", "n5")] == [25, 3, 7, 10, 5]
    assert result["counts_rebuilt"] is True
    assert result["percentages"] == {"2": 12, "3": 28, "4": 40, "5": 20}
    assert result["import_id"] == previewed["id"]
    assert (result["import_sheet"], result["import_row"]) == ("ВПР", 2)
    assert (result["version"], result["synthetic"]) == (1, True)
    (autumn,) = await results_of(client, ilinka.school_id, 2020)
    assert (autumn["programme_grade"], autumn["pupil_grade"]) == (5, 6)
    events = await events_after(engine, before.last_event)
    assert [(each.kind, each.academic_year) for each in events] == [
        (EventKind.RESULTS_CHANGED, 2018),
        (EventKind.RESULTS_CHANGED, 2020),
    ]
    assert {each.municipality_id for each in events} == {ilinka.municipality_id}
    read = (await client.get(f"/v1/imports/{previewed['id']}")).json()
    assert (read["status"], read["committed_mode"]) == ("committed", "all_or_nothing")


async def test_the_sample_of_the_demonstration_is_taken_whole(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    of_district = [
        placed.demo
        for code, placed in (await schools(engine)).items()
        if code.startswith("uzhur.")
    ]
    drawn = list(
        generate_results(of_district, load_demo_profile(), years=[SAMPLE_YEAR])
    )
    file = io.BytesIO()
    write_mark_statistics(drawn, file)
    before = await snapshot(engine)
    client = await client_as("uzhur")
    previewed = await imported(client, file)
    assert counts(previewed) == {"new": len(drawn)}
    after = await snapshot(engine)
    assert len(after.results) == len(before.results) + len(drawn)
    listed = [
        result
        for placed in (await schools(engine)).values()
        for result in await results_of(client, placed.school_id, SAMPLE_YEAR - 1)
    ]
    figures = ("subject", "programme_grade", "n", "n2", "n3", "n4", "n5")
    assert sorted(tuple(each[name] for name in figures) for each in listed) == sorted(
        (
            each.subject,
            each.sitting.programme_grade,
            each.counts.n,
            *each.counts.marks,
        )
        for each in drawn
    )


async def test_the_same_file_twice_changes_nothing_and_says_so(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    file = statistics(row_of(ilinka), row_of(ilinka, grade=5))
    first = await imported(client, file)
    before = await snapshot(engine)
    again = await preview(client, file)
    assert again["already_committed_as"] == first["id"]
    assert counts(again) == {"unchanged": 2}
    answer = await commit(client, again)
    assert answer.status_code == 200
    assert answer.json()["unchanged"] == 2
    assert answer.json()["academic_years"] == []
    after = await snapshot(engine)
    assert (after.results, after.last_event) == (before.results, before.last_event)


async def test_a_changed_row_becomes_the_next_version_of_its_result_alone(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    await imported(client, statistics(row_of(ilinka), row_of(ilinka, grade=5)))
    corrected = statistics(row_of(ilinka, two=8, three=32), row_of(ilinka, grade=5))
    previewed = await imported(client, corrected)
    assert previewed["already_committed_as"] is None
    assert counts(previewed) == {"changed": 1, "unchanged": 1}
    four, five = sorted(
        await results_of(client, ilinka.school_id, 2018),
        key=lambda result: result["programme_grade"],
    )
    assert (four["n2"], four["n3"], four["version"]) == (2, 8, 2)
    assert four["import_id"] == previewed["id"]
    assert (five["n2"], five["version"]) == (3, 1)


async def test_partial_commits_the_good_rows_and_counts_those_left_out(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    before = await snapshot(engine)
    client = await client_as("uzhur")
    file = statistics(row_of(ilinka), row_of(ilinka, grade=5, two=9))
    previewed = await preview(client, file)
    refused = await commit(client, previewed)
    assert refused.status_code == 409
    assert "mode=partial" in refused.json()["detail"]
    assert (await snapshot(engine)).results == before.results
    answer = await commit(client, previewed, "partial")
    assert answer.status_code == 200
    assert (answer.json()["new"], answer.json()["left_out"]) == (1, 1)
    assert answer.json()["mode"] == "partial"
    after = await snapshot(engine)
    assert len(after.results) == len(before.results) + 1


@pytest.mark.parametrize("grade", [4, 5, 6])
async def test_a_preview_whose_result_was_corrected_since_is_outdated(
    client_as: ClientAs, engine: AsyncEngine, grade: int
) -> None:
    """The corrected result is one that the file changes, leaves, or has as new."""
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    await imported(client, statistics(row_of(ilinka), row_of(ilinka, grade=5)))
    file = statistics(
        row_of(ilinka, two=8, three=32),
        row_of(ilinka, grade=5),
        row_of(ilinka, grade=6),
        row_of(ilinka, grade=7),
    )
    previewed = await preview(client, file)
    assert counts(previewed) == {"new": 2, "changed": 1, "unchanged": 1}
    marks = {"n2": 1, "n3": 1, "n4": 1, "n5": 1}
    there = {
        result["programme_grade"]: result["id"]
        for result in await results_of(client, ilinka.school_id, 2018)
    }
    if grade in there:
        answer = await client.put(f"/v1/results/{there[grade]}", json=marks)
        assert answer.status_code == 200
    else:
        body = marks | {
            "school_id": ilinka.school_id,
            "procedure": "vpr",
            "subject": "russian",
            "academic_year": 2018,
            "programme_grade": grade,
            "pupil_grade": grade,
        }
        assert (await client.post("/v1/results", json=body)).status_code == 201
    before = await snapshot(engine)
    for mode in ("all_or_nothing", "partial"):
        answer = await commit(client, previewed, mode)
        assert answer.status_code == 409
        assert answer.json()["code"] == "import_outdated"
    assert await snapshot(engine) == before
    read = (await client.get(f"/v1/imports/{previewed['id']}")).json()
    assert read["status"] == "previewed"


async def test_a_second_commit_is_refused(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    previewed = await imported(client, statistics(row_of(ilinka)))
    before = await snapshot(engine)
    answer = await commit(client, previewed)
    assert answer.status_code == 409
    assert answer.json()["code"] == "import_already_committed"
    assert await snapshot(engine) == before


async def test_of_parallel_commits_of_one_preview_one_is_done(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    before = await snapshot(engine)
    client = await client_as("uzhur")
    previewed = await preview(client, statistics(row_of(ilinka)))
    answers = await asyncio.gather(*(commit(client, previewed) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
    after = await snapshot(engine)
    assert len(after.results) == len(before.results) + 1
    assert len(await events_after(engine, before.last_event)) == 1


async def test_of_parallel_commits_one_is_done_even_if_there_is_nothing_to_write(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    client = await client_as("uzhur")
    await imported(client, statistics(row_of(ilinka)))
    again = await preview(client, statistics(row_of(ilinka)))
    assert counts(again) == {"unchanged": 1}
    answers = await asyncio.gather(*(commit(client, again) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]


async def test_of_parallel_commits_of_two_previews_of_one_file_one_is_outdated(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    ilinka = (await schools(engine))[ILINKA]
    before = await snapshot(engine)
    client = await client_as("uzhur")
    rows = [row_of(ilinka, grade=grade) for grade in range(4, 9)]
    previews = [
        await preview(client, statistics(*rows)),
        await preview(client, statistics(*reversed(rows))),
    ]
    answers = await asyncio.gather(*(commit(client, each) for each in previews))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    codes = [answer.json().get("code") for answer in answers]
    assert "import_outdated" in codes
    after = await snapshot(engine)
    assert len(after.results) == len(before.results) + 5


async def test_a_districts_imports_are_not_its_schools_and_not_of_others(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    known = await schools(engine)
    ilinka = known[ILINKA]
    uzhur = await client_as("uzhur")
    file = statistics(row_of(ilinka, two=9), row_of(ilinka, grade=5))
    previewed = await preview(uzhur, file)
    before = await snapshot(engine)
    address = f"/v1/imports/{previewed['id']}"
    school, district = await client_as(ILINKA), await client_as("zhigalovo")
    for client in (school, district):
        assert (await client.get(address)).status_code == 404
        assert (await client.get(f"{address}/lines")).status_code == 404
        answer = await commit(client, previewed, "partial")
        assert answer.status_code == 404
        assert (await client.get("/v1/imports")).json()["items"] == []
    foreign = await district.post(
        "/v1/imports",
        data={
            "file_format": "mark_statistics",
            "municipality_id": await municipality_id(engine, "uzhur"),
        },
        files={"file": ("a.xlsx", file.getvalue())},
    )
    assert foreign.status_code == 404
    assert await snapshot(engine) == before


async def test_nobody_imports_without_signing_in(client: httpx.AsyncClient) -> None:
    files = {"file": ("a.xlsx", b"0" * 2**21)}
    answer = await client.post("/v1/imports", files=files)
    assert answer.status_code == 401
    assert (await client.get("/v1/imports")).status_code == 401
    answer = await client.post("/v1/imports/1/commit", json={"mode": "partial"})
    assert answer.status_code == 401


async def test_an_import_that_does_not_exist_is_not_found(client_as: ClientAs) -> None:
    client = await client_as("admin")
    for path in ("/v1/imports/999999", "/v1/imports/999999/lines"):
        assert (await client.get(path)).status_code == 404
    answer = await client.post(
        "/v1/imports/999999/commit", json={"mode": "all_or_nothing"}
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "import_not_found")
