"""Reports of a programme: its year as of now, frozen by orders, and what changed."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import httpx
import pytest
from docx import Document
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from shared.persistence.engine import create_engine
from shared.persistence.work import begin_as_system
from tests.api.computing import compute_all
from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import draft, go
from tests.support.api import ClientAs

Json = dict[str, Any]
ORDER = {"year": 2020, "order_number": "114", "order_on": "2020-09-15"}


async def read(client: httpx.AsyncClient, address: str) -> Json:
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def freeze(
    client: httpx.AsyncClient, address: str, status: int = 201, **changes: Any
) -> Json:
    answer = await client.post(f"{address}/reports", json=ORDER | changes)
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


def indicator(report: Json, code: str) -> Json:
    return next(each for each in report["indicators"] if each["code"] == code)


async def agree(client: httpx.AsyncClient, places: Places) -> None:
    mentor, mentee = [
        number for key, number in places.schools.items() if key.startswith("zhigalovo.")
    ][:2]
    drafted = await draft(
        client,
        places,
        programme_id=places.programmes["zhigalovo"],
        mentor_school_id=mentor,
        mentee_school_id=mentee,
    )
    await go(client, drafted["id"], "propose", "sign", "activate")


async def test_a_report_tells_the_year_of_a_programme_from_its_records(
    client_as: ClientAs, places: Places, database_url: str
) -> None:
    office = await client_as("zhigalovo")
    number = places.programmes["zhigalovo"]
    address = f"/v1/programmes/{number}"
    listed = {
        "programme_id": number,
        "municipality_id": places.municipalities["zhigalovo"],
        "year": 2020,
        "purpose": "Курсы",
        "source": "municipal",
        "planned": 1000,
        "spent": 250.5,
    }
    assert (await office.post("/v1/budget-items", json=listed)).status_code == 201
    target = {
        "kind": "change_target",
        "indicator": "network_mentoring",
        "year": 2020,
        "low": 10,
        "high": 30,
        "text": "10–30 %",
    }
    order = {"order_number": "87", "order_on": "2020-09-10", "body": "Управление"}
    amended = await office.post(
        f"{address}/amendments", json={**order, "reason": "Итоги", "changes": [target]}
    )
    assert amended.status_code == 201, amended.text
    await compute_all(database_url)

    report = await read(office, f"{address}/report")

    assert (report["year"], report["starts_on"]) == (2020, "2020-01-01")
    assert report["passport"]["tasks"][0]["number"] == 1
    line = indicator(report, "network_mentoring")
    assert (line["low"], line["high"], line["percent"]) == (10, 30, 0)
    assert (line["numerator"], line["status"], line["deviation"]) == (0, "below", -10)
    execution = await read(
        office,
        f"{address}/roadmap-execution?due_from=2020-01-01&due_to=2020-12-31",
    )
    for part in ("total", "measures", "schools"):
        assert report["roadmap"][part] == execution[part]
    assert report["roadmap"]["total"]["owed"] > 0
    assert report["budget"]["totals"]["remaining"] == "749.50"
    assert [each["purpose"] for each in report["budget"]["items"]] == ["Курсы"]
    (amendment,) = report["amendments"]
    assert "10" in amendment["changes"][0]["ru"]
    assert report["run"]["methods"][0]["code"] == "programme-indicators"
    assert (report["frozen"], report["changes"]) == (None, [])
    later = await read(office, f"{address}/report?year=2021")
    assert later["amendments"] == []
    assert indicator(later, "network_mentoring")["low"] == 50
    outside = await office.get(f"{address}/report?year=2030")
    assert (outside.status_code, outside.json()["code"]) == (422, "report_refused")


async def test_a_frozen_report_keeps_its_bytes_and_the_next_tells_what_changed(
    client_as: ClientAs, places: Places, database_url: str
) -> None:
    office = await client_as("zhigalovo")
    address = f"/v1/programmes/{places.programmes['zhigalovo']}"
    await compute_all(database_url)
    why = "Договоры заключаются с сентября"
    explained = [{"indicator": "network_mentoring", "text": why}]

    first = await freeze(office, address, explanations=explained)
    kept = {
        name: (await office.get(f"{address}/reports/{first['id']}/{name}")).content
        for name in ("content", "document", "workbook")
    }
    await agree(office, places)
    stale = await freeze(office, address, 409, order_number="115")
    await compute_all(database_url)
    current = await read(office, f"{address}/report")
    again = await freeze(office, address, 409)
    early = await freeze(office, address, 409, order_number="9", order_on="2020-09-01")
    second = await freeze(office, address, order_number="115")

    for name, content in kept.items():
        answer = await office.get(f"{address}/reports/{first['id']}/{name}")
        assert answer.content == content
        assert sha256(content).hexdigest() == first[f"{name}_sha256"]
    assert (stale["code"], again["code"], early["code"]) == (
        "report_outdated",
        "report_order_used",
        "report_out_of_order",
    )
    said = json.loads(kept["content"])
    line = indicator(said, "network_mentoring")
    assert (line["percent"], line["explanation"]) == (0, why)
    assert (said["order_number"], said["frozen_by"]) == ("114", first["frozen_by"])
    assert (first["previous_id"], first["changes"]) == (None, [])
    assert second["previous_id"] == first["id"]
    assert second["methods"] == first["methods"]
    assert second["run_id"] > first["run_id"]
    assert second["is_intact"]
    fields = {
        each["field"]: (each["before"], each["after"])
        for each in current["changes"]
        if each["section"] == "indicators"
    }
    assert fields["numerator"] == (0, 2)
    assert current["frozen"]["report_id"] == first["id"]
    assert {"numerator", "explanation"} <= {each["field"] for each in second["changes"]}
    listed = (await read(office, f"{address}/reports?year=2020"))["items"]
    assert [each["id"] for each in listed] == [first["id"], second["id"]]
    entries = await read(office, "/v1/audit?entity=programme_report")
    assert len(entries["items"]) == 2
    await cannot_be_changed(database_url, first["id"])


async def cannot_be_changed(database_url: str, report_id: int) -> None:
    engine = create_engine(database_url, "api")
    for statement in ("UPDATE {} SET year = 2021", "DELETE FROM {}"):
        words = statement.format("api.programme_reports") + " WHERE id = :id"
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with begin_as_system(engine) as work:
                await work.session.execute(text(words), {"id": report_id})
    await engine.dispose()


async def test_a_report_is_printed_in_the_form_that_is_filed(
    client_as: ClientAs, places: Places, database_url: str
) -> None:
    office = await client_as("zhigalovo")
    address = f"/v1/programmes/{places.programmes['zhigalovo']}"
    await compute_all(database_url)
    report = await read(office, f"{address}/report")

    draft_copies = [await office.get(f"{address}/report/document") for _ in range(2)]
    draft_book = await office.get(f"{address}/report/workbook")
    frozen = await freeze(office, address)
    filed = await office.get(f"{address}/reports/{frozen['id']}/document")
    book = await office.get(f"{address}/reports/{frozen['id']}/workbook")

    assert draft_copies[0].content == draft_copies[1].content
    words = words_of(draft_copies[0].content)
    assert report["title"]["ru"] in words
    assert "Проект: не утверждён приказом" in words
    assert "Утверждён приказом № 114 от 15.09.2020" in words_of(filed.content)
    tables = Document(BytesIO(filed.content)).tables
    titles = [row.cells[1].text for row in tables[1].rows]
    assert titles[1:] == [each["title"] for each in report["indicators"]]
    for answer in (draft_book, book):
        workbook = CalamineWorkbook.from_filelike(BytesIO(answer.content))
        assert workbook.sheet_names[:2] == ["Паспорт", "Показатели"]
        rows = workbook.get_sheet_by_name("Мероприятия").to_python()
        (total,) = [row for row in rows if row[1] == "Всего"]
        assert total[3] == report["roadmap"]["total"]["owed"]
    assert datetime.fromisoformat(frozen["frozen_at"]) < datetime(
        2021, 1, 1, tzinfo=UTC
    )


def words_of(content: bytes) -> list[str]:
    return [each.text for each in Document(BytesIO(content)).paragraphs]


async def test_what_cannot_be_filed_is_refused_and_nothing_is_kept(
    client_as: ClientAs, places: Places, database_url: str
) -> None:
    office, school = await client_as("zhigalovo"), await client_as("uzhur.ilinskaya")
    abroad = await client_as("uzhur")
    address = f"/v1/programmes/{places.programmes['zhigalovo']}"
    uncomputed = await freeze(office, address, 404)
    await compute_all(database_url)
    unknown = [{"indicator": "nothing_known", "text": "Почему"}]

    refused = [
        await freeze(office, address, 422, order_on="2020-12-31"),
        await freeze(office, address, 422, order_on="2019-12-31"),
        await freeze(office, address, 422, year=2021),
        await freeze(office, address, 422, explanations=unknown),
    ]
    twice = await freeze(office, address, 422, explanations=unknown * 2)

    assert uncomputed["code"] == "not_computed_yet"
    assert {each["code"] for each in refused} == {"report_refused"}
    assert refused[3]["faults"][0]["column"] == "body.explanations.0.indicator"
    assert twice["status"] == 422
    assert (await read(office, f"{address}/reports"))["items"] == []
    assert (await abroad.get(f"{address}/reports")).status_code == 404
    assert (await abroad.get(f"{address}/report")).status_code == 404
    own = f"/v1/programmes/{places.programmes['uzhur']}"
    assert (await school.get(f"{own}/report")).status_code == 403
    assert (await abroad.get(f"{own}/report")).json()["year"] == 2020
