"""A school's year as one list, for those who may see the school."""

from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.api.audit.test_changes import ILINKA, result_of
from tests.api.imports.district import commit, preview, row_of, schools
from tests.api.imports.workbooks import statistics
from tests.api.mentoring.conftest import Places
from tests.api.mentoring.steps import MENTEE, MENTOR, THIRD, draft, go
from tests.api.years.steps import go as go_on
from tests.support.api import ClientAs
from tests.support.databases import execute

YEAR = 2020


async def timeline(
    client: httpx.AsyncClient, school_id: int, year: int = YEAR
) -> list[dict[str, Any]]:
    answer = await client.get(
        f"/v1/schools/{school_id}/timeline", params={"academic_year": year}
    )
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["school_id"], body["academic_year"]) == (school_id, year)
    assert body["synthetic"] is True
    items: list[dict[str, Any]] = body["items"]
    return items


def of_kind(items: list[dict[str, Any]], *kinds: str) -> list[dict[str, Any]]:
    return [item for item in items if item["kind"] in kinds]


async def test_results_entered_corrected_and_imported_are_told_in_order(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    school = (await schools(engine))[ILINKA]
    editor, office = await client_as(ILINKA), await client_as("uzhur")
    body = result_of(school.school_id)
    result = (await editor.post("/v1/results", json=body)).json()["id"]
    file = await preview(office, statistics(row_of(school), row_of(school, grade=6)))
    await commit(office, file)
    counts = {"n2": 2, "n3": 8, "n4": 10, "n5": 5}
    why = {"reason": "Апелляция"}
    await editor.put(f"/v1/results/{result}", json=counts, params=why)
    items = of_kind(
        await timeline(editor, school.school_id),
        "result_entered",
        "result_corrected",
        "results_imported",
    )
    assert [(item["kind"], item["reference"]) for item in items] == [
        ("result_entered", {"entity": "assessment_result", "id": result}),
        ("results_imported", {"entity": "import", "id": file["id"]}),
        ("result_corrected", {"entity": "assessment_result", "id": result}),
    ]
    assert "новых 2, изменено 0" in items[1]["title"]["ru"]
    assert items[2]["title"]["ru"].endswith("5 класс (причина: Апелляция)")
    assert items[2]["title"]["en"].endswith("grade 5 (reason: Апелляция)")


async def test_rows_of_datasets_are_told_by_the_datasets_title(
    client_as: ClientAs, places: Places
) -> None:
    school = places.schools[MENTEE]
    client = await client_as(MENTEE)
    body = {"school_id": school, "calendar_year": 2020, "quadrant": "threats"}
    body |= {"position": 1, "text": "Отток учеников"}
    made = await client.post("/v1/swot-entries", json=body)
    address = made.headers["Location"]
    await client.put(address, json=body | {"text": "Отток учителей"})
    await client.delete(address, params={"reason": "Внесено дважды"})
    items = of_kind(await timeline(client, school), "record_changed")
    assert [item["title"]["ru"] for item in items] == [
        "SWOT-анализ школ: внесена запись",
        "SWOT-анализ школ: запись исправлена",
        "SWOT-анализ школ: запись удалена (причина: Внесено дважды)",
    ]
    assert items[0]["title"]["en"] == "SWOT analyses of schools: row written"
    row = {"entity": "swot_entry", "id": made.json()["id"]}
    assert [item["reference"] for item in items] == [row] * 3
    other = await timeline(await client_as("uzhur"), places.schools[MENTOR])
    assert of_kind(other, "record_changed") == []


async def test_steps_of_an_agreement_are_told_to_both_schools_and_to_no_third(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    drafted = await draft(office, places)
    await go(office, drafted["id"], "propose", "terminate")
    listed = (await office.get("/v1/schools?limit=500")).json()["items"]
    names = {f"uzhur.{school['code']}": school["name"] for school in listed}
    for school in (MENTOR, MENTEE):
        client = await client_as(school)
        items = of_kind(await timeline(client, places.schools[school]), "agreement")
        named = items[0]["title"]["en"]
        assert all(name in named for name in (names[MENTOR], names[MENTEE]))
        assert [item["title"]["en"].partition("): ")[2] for item in items] == [
            "drafted",
            "proposed",
            "terminated (reason: Школа-наставник реорганизуется)",
        ]
        assert {item["reference"]["id"] for item in items} == {drafted["id"]}
    third = await timeline(office, places.schools[THIRD])
    assert of_kind(third, "agreement") == []


async def test_deadlines_stand_among_the_rest_by_their_last_day(
    client_as: ClientAs, places: Places
) -> None:
    client = await client_as(MENTEE)
    items = await timeline(client, places.schools[MENTEE])
    assert [item["at"] for item in items] == sorted(item["at"] for item in items)
    due = of_kind(items, "deadline")
    listed = (
        await client.get(
            "/v1/deadlines",
            params={
                "school_id": places.schools[MENTEE],
                "due_from": "2020-09-01",
                "due_to": "2021-08-31",
                "limit": 500,
            },
        )
    ).json()["items"]
    assert listed
    assert {item["reference"]["id"] for item in due} == {each["id"] for each in listed}


async def test_a_year_ends_on_31_august_of_the_municipality(
    client_as: ClientAs, places: Places, database_url: str
) -> None:
    school_id = places.schools[MENTEE]
    client = await client_as("uzhur")
    before = len(of_kind(await timeline(client, school_id), "deadline"))
    last, first = "2021-08-31", "2021-09-01"
    move = (
        "UPDATE api.deadlines SET due_on = '{}' WHERE id ="  # noqa: S608 (a number)
        f" (SELECT min(id) FROM api.deadlines WHERE school_id = {school_id}"
        " AND due_on BETWEEN '2020-09-01' AND '2021-09-01')"
    )
    await execute(database_url, move.format(last))
    assert len(of_kind(await timeline(client, school_id), "deadline")) == before
    await execute(database_url, move.format(first))
    assert len(of_kind(await timeline(client, school_id), "deadline")) == before - 1


async def test_reminders_that_reached_the_school_are_told(
    client_as: ClientAs, places: Places, database_url: str
) -> None:
    school_id = places.schools[MENTEE]
    for status, channel in (("sent", "mail"), ("planned", "inbox")):
        await execute(
            database_url,
            "WITH message AS (INSERT INTO notifier.messages (municipality_id,"  # noqa: S608 (a number and constants)
            " school_id, recipient_id, channel, kind, message_id, status, attempts,"
            " planned_at, send_after, next_try_at, sent_at)"
            f" SELECT u.municipality_id, u.school_id, u.id, '{channel}', 'reminder',"
            f" '{channel}', '{status}', 1, sent.at, sent.at, sent.at, sent.at"
            " FROM api.users u,"
            " (VALUES (timestamptz '2020-10-05 03:00+00')) AS sent(at)"
            f" WHERE u.school_id = {school_id} ORDER BY u.id LIMIT 1 RETURNING *)"
            " INSERT INTO notifier.reminders (municipality_id, school_id,"
            " recipient_id, deadline_id, due_on, rule, channel, is_late, message_id,"
            " status, planned_at, sent_at)"
            " SELECT m.municipality_id, m.school_id, m.recipient_id, d.id, d.due_on,"
            " 'r', m.channel, false, m.id, m.status, m.planned_at, m.sent_at"
            " FROM message m JOIN api.deadlines d ON d.school_id = m.school_id"
            " ORDER BY d.id LIMIT 1",
        )
    client = await client_as(MENTEE)
    (sent,) = of_kind(await timeline(client, school_id), "reminder_sent")
    assert sent["at"] == "2020-10-05T03:00:00Z"
    assert "по почте" in sent["title"]["ru"]


async def test_a_partner_shows_its_common_agreements_only(
    client_as: ClientAs, places: Places
) -> None:
    office, mentor = await client_as("uzhur"), await client_as(MENTOR)
    await draft(office, places)
    await office.post("/v1/results", json=result_of(places.schools[MENTEE]))
    items = await timeline(mentor, places.schools[MENTEE])
    assert {item["kind"] for item in items} == {"agreement"}
    full = await timeline(office, places.schools[MENTEE])
    assert {"agreement", "deadline", "result_entered"} <= {i["kind"] for i in full}


@pytest.mark.parametrize("stranger", ["zhigalovo", THIRD])
async def test_a_stranger_is_not_told_that_the_school_exists(
    client_as: ClientAs, places: Places, stranger: str
) -> None:
    client = await client_as(stranger)
    answer = await client.get(
        f"/v1/schools/{places.schools[MENTEE]}/timeline",
        params={"academic_year": YEAR},
    )
    assert answer.status_code == 404


async def test_steps_with_the_years_data_are_told_although_the_year_is_over(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    school = (await schools(engine))[ILINKA].school_id
    editor, office = await client_as(ILINKA), await client_as("uzhur")
    await go_on(editor, school, "submit", year=2019)
    await go_on(office, school, "return", "lock", year=2019)
    items = of_kind(await timeline(editor, school, 2019), "year")
    assert [item["title"]["en"] for item in items] == [
        "Data of the year submitted",
        "Data of the year returned (Нет результатов 5 класса)",
        "Data of the year locked by the order 114-о of 2020-09-15",
    ]
    assert of_kind(await timeline(editor, school, 2020), "year") == []


async def test_what_was_asked_answered_reported_and_decided_reads_like_a_story(
    client_as: ClientAs, places: Places
) -> None:
    school = places.schools[MENTEE]
    office, client = await client_as("uzhur"), await client_as(MENTEE)
    asked = await office.post(
        "/v1/recommendations",
        json={
            "school_id": school,
            "title": "Математика, 5 класс",
            "text": "Провести диагностику",
            "grounds": "Посещение уроков",
            "issued_on": "2020-09-15",
            "due_on": "2020-11-30",
        },
    )
    row = f"/v1/recommendations/{asked.json()['id']}"
    answer = {"answer": "Проведена", "done_on": "2020-09-15"}
    await client.post(f"{row}/answer", json=answer)
    await office.post(f"{row}/return", json={"remark": "Приложите итоги"})
    [deadline, *_] = (await client.get("/v1/deadlines?kind=measure&state=open")).json()[
        "items"
    ]
    report = f"/v1/deadlines/{deadline['id']}"
    sent = await client.post(f"{report}/submissions", files={"text": (None, "Сделано")})
    assert sent.status_code == 201, sent.text
    await office.post(f"{report}/return", json={"comment": "Приложите протокол"})
    told = of_kind(await timeline(client, school), "record_changed")
    why = "(причина: Приложите протокол)"
    assert [item["title"]["ru"] for item in told] == [
        "Адресные рекомендации «Математика, 5 класс»: внесена запись",
        "Адресные рекомендации «Математика, 5 класс»: школа ответила",
        "Адресные рекомендации «Математика, 5 класс»: возвращено на доработку",
        f"Отчёт к сроку «{deadline['title']}»: сдано на проверку",
        f"Отчёт к сроку «{deadline['title']}»: возвращено на доработку {why}",
    ]
    assert told[1]["title"]["en"].endswith(
        "“Математика, 5 класс”: answered by the school"
    )
