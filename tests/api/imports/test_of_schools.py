"""A school uploads files of its own rows, and nobody else's."""

import io
from typing import Any

import httpx
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.demo.loading import Placed
from shared.persistence.work import begin
from tests.api.imports.district import commit, counts, preview, row_of, schools, upload
from tests.api.imports.test_forms import workbook
from tests.api.imports.workbooks import statistics
from tests.api.years.steps import go
from tests.support.api import ClientAs

OWN, OTHER = "uzhur.ilinskaya", "uzhur.prirechenskaya"


@pytest_asyncio.fixture
async def placed(engine: AsyncEngine) -> dict[str, Placed]:
    return await schools(engine)


def sums(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return {name: body.get(name) for name in ("new", "left_out", "removed")}


async def test_rows_of_another_school_are_bad_as_those_of_none(
    client_as: ClientAs, placed: dict[str, Placed]
) -> None:
    school = await client_as(OWN)
    stranger = row_of(placed[OTHER], school="Школа на Луне", login="sch999999")
    file = statistics(row_of(placed[OWN]), row_of(placed[OTHER]), stranger)
    previewed = await preview(school, file)
    assert counts(previewed) == {"new": 1, "bad": 2}
    reasons = {
        fault["reason_en"] for row in previewed["bad_rows"] for fault in row["faults"]
    }
    (reason,) = reasons
    assert reason.startswith("This row is not of your school")
    assert previewed["school_id"] == placed[OWN].school_id
    refused = await commit(school, previewed)
    assert refused.json()["code"] == "import_has_bad_rows"
    done = await commit(school, previewed, mode="partial")
    assert sums(done) == {"new": 1, "left_out": 2, "removed": None}
    undone = await school.post(f"/v1/imports/{previewed['id']}/undo")
    assert sums(undone)["removed"] == 1


async def test_a_form_with_another_schools_number_says_no_more(
    client_as: ClientAs, placed: dict[str, Placed]
) -> None:
    school, own = await client_as(OWN), placed[OWN].school_id
    titles = ("school_id", "academic_year", "pupils")
    rows = [(each, 2020, 184) for each in (own, placed[OTHER].school_id, 10**9)]
    file = io.BytesIO(workbook(titles, *rows))
    previewed = await preview(school, file, file_format="enrolments")
    assert counts(previewed) == {"new": 1, "bad": 2}
    told = {row["faults"][0]["reason_ru"] for row in previewed["bad_rows"]}
    assert len(told) == 1
    assert (await commit(school, previewed, mode="partial")).status_code == 200
    (entered,) = (await school.get("/v1/enrolments")).json()["items"]
    assert (entered["school_id"], entered["pupils"]) == (own, 184)


async def test_a_school_is_offered_what_it_may_write(
    client_as: ClientAs,
) -> None:
    school, office = await client_as(OWN), await client_as("uzhur")
    listed = (await school.get("/v1/import-formats")).json()["items"]
    offered = {each["code"] for each in listed}
    assert {"enrolments", "results", "mark_statistics"} <= offered
    everything = (await office.get("/v1/import-formats")).json()["items"]
    for code in {each["code"] for each in everything} - offered:
        answer = await upload(school, b"", file_format=code)
        assert answer.status_code in {403, 422}, code
        assert answer.json()["code"] in {"forbidden", "invalid_import"}, code
    denied = await upload(school, b"", file_format="school-aliases")
    assert "«organisations:write»" in denied.json()["detail"]


async def test_a_school_sees_no_file_of_others(
    client_as: ClientAs, engine: AsyncEngine, placed: dict[str, Placed]
) -> None:
    office, school, other = [await client_as(who) for who in ("uzhur", OWN, OTHER)]
    of_office = await preview(office, statistics(row_of(placed[OWN])))
    own = await preview(school, statistics(row_of(placed[OWN])))
    foreign = await preview(other, statistics(row_of(placed[OTHER])))
    assert await numbers(school) == [own["id"]]
    assert await numbers(other) == [foreign["id"]]
    assert await numbers(office) == [of_office["id"], own["id"], foreign["id"]]
    for hidden in (of_office["id"], foreign["id"]):
        for address in ("", "/lines", "/bad-rows"):
            answer = await school.get(f"/v1/imports/{hidden}{address}")
            assert answer.json()["code"] == "import_not_found"
        for step in ("commit", "undo"):
            body = {"mode": "partial"} if step == "commit" else None
            answer = await school.post(f"/v1/imports/{hidden}/{step}", json=body)
            assert answer.json()["code"] == "import_not_found"
    seen = await lines_seen_by(engine, placed[OWN])
    assert seen == {own["id"]}


async def numbers(client: httpx.AsyncClient) -> list[int]:
    return [each["id"] for each in (await client.get("/v1/imports")).json()["items"]]


async def lines_seen_by(engine: AsyncEngine, school: Placed) -> set[int]:
    """Return the files whose lines the database shows, whatever is asked for."""
    async with begin(engine) as work:
        await work.session.execute(
            text(
                "SELECT set_config('podyom.municipalities', :municipality, true),"
                " set_config('podyom.school', :school, true)"
            ),
            {
                "municipality": str(school.municipality_id),
                "school": str(school.school_id),
            },
        )
        found = await work.session.scalars(
            text("SELECT DISTINCT import_id FROM api.import_lines")
        )
        return set(found)


async def test_a_closed_year_stays_closed_to_a_school(
    client_as: ClientAs, placed: dict[str, Placed]
) -> None:
    school, office = await client_as(OWN), await client_as("uzhur")
    file = statistics(row_of(placed[OWN]))
    previewed = await preview(school, file)
    lines = await school.get(f"/v1/imports/{previewed['id']}/lines")
    year = lines.json()["items"][0]["record"]["academic_year"]
    await go(office, placed[OWN].school_id, "lock", year=year)
    answer = await school.post(
        f"/v1/imports/{previewed['id']}/commit",
        json={"mode": "partial"},
        params={"reason": "Апелляция"},
    )
    assert answer.json()["code"] == "year_locked"
    file = statistics(row_of(placed[OWN]))
    assert counts(await preview(school, file)) == {"bad": 1}


async def test_what_a_school_imports_stands_in_its_own_history(
    client_as: ClientAs, placed: dict[str, Placed]
) -> None:
    school, office = await client_as(OWN), await client_as("uzhur")
    previewed = await preview(school, statistics(row_of(placed[OWN])))
    assert (await commit(school, previewed)).status_code == 200
    listed = await office.get("/v1/audit", params={"entity": "import"})
    entries = listed.json()["items"]
    assert [each["action"] for each in entries[:2]] == ["commit", "create"]
    assert {each["school_id"] for each in entries} == {placed[OWN].school_id}
