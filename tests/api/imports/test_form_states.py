"""Filled forms and the states of what they would change, before and after a look."""

from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.datasets.definitions import DATASETS
from shared.persistence.tables.mentor_bank import MentorRequestRow
from shared.persistence.tables.recommendations import RecommendationRow
from shared.persistence.tables.school_programmes import SchoolProgrammeRow
from shared.persistence.work import begin_as_system
from tests.api.imports.filled_forms import form_of, written
from tests.api.imports.test_forms import commit, upload
from tests.api.records.examples import schools_of, write_example
from tests.support.api import ClientAs

Row = dict[str, Any]

PROGRAMME = (SchoolProgrammeRow, {"status": "submitted"})
ANSWERED = (
    RecommendationRow,
    {"status": "answered", "answer": "Сделано", "answered_on": date(2020, 9, 16)},
)
MATCHED = (MentorRequestRow, {"status": "matched"})
# What of a row is changed, and what is moved on so that it may not be.
GUARDED: dict[str, tuple[Row, tuple[Any, Row]]] = {
    "school-programmes": ({"goal": "Иная цель"}, PROGRAMME),
    "school-programme-indicators": ({"target": 41}, PROGRAMME),
    "school-programme-measures": ({"expected_result": "Справка"}, PROGRAMME),
    "recommendations": ({"text": "Иначе"}, ANSWERED),
    "mentor-requests": ({"urgency": "low"}, MATCHED),
}
KEYS = {
    "school-programme-indicators": {"title": "Новый показатель"},
    "school-programme-measures": {"title": "Новое мероприятие"},
}


async def move_on(engine: AsyncEngine, moved: tuple[Any, Row]) -> None:
    """Put all rows of a table into another state, each as its next version."""
    table, values = moved
    async with begin_as_system(engine) as work:
        version = table.version + 1
        await work.session.execute(update(table).values(**values, version=version))


def body_of(code: str, row: Row) -> Row:
    """Return a row as it is written."""
    return {column.name: row[column.name] for column in written(code)}


async def previewed(client: httpx.AsyncClient, code: str, *rows: Row) -> Row:
    return await upload(client, code, form_of(code, rows), "form.csv")


async def example(client: httpx.AsyncClient, code: str) -> Row:
    (school,) = await schools_of(client, "solgonskaya")
    return body_of(code, await write_example(client, code, school))


def test_every_dataset_with_a_guard_is_tried() -> None:
    guarded = {c for c, d in DATASETS.items() if d.recording and d.recording.guard}
    assert guarded == set(GUARDED)


@pytest.mark.parametrize("code", GUARDED)
async def test_a_form_changes_nothing_that_its_state_keeps_from_changes(
    client_as: ClientAs, engine: AsyncEngine, code: str
) -> None:
    client = await client_as("uzhur")
    change, moved = GUARDED[code]
    before = await example(client, code)
    early = await previewed(client, code, before | change)
    assert early["counts"]["changed"] == 1
    await move_on(engine, moved)
    rows = [before, before | change]
    rows += [before | KEYS[code]] if code in KEYS else []
    late = [await previewed(client, code, row) for row in rows]
    assert [each["counts"]["bad"] for each in late] == [0, *[1] * (len(rows) - 1)]
    for each in late[1:]:
        (fault,) = each["bad_rows"][0]["faults"]
        assert (fault["row"], bool(fault["column"])) == (2, True)
        assert fault["reason_ru"] != fault["reason_en"]
    refused = await commit(client, early)
    assert (refused.status_code, refused.json()["code"]) == (409, "import_outdated")
    found = (await client.get(f"/v1/{code}")).json()["items"]
    assert before in [body_of(code, row) for row in found]


async def test_what_was_uploaded_is_not_taken_out_of_a_programme_that_is_judged(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    client = await client_as("uzhur")
    code = "school-programme-measures"
    before = await example(client, code)
    preview = await previewed(client, code, before | KEYS[code])
    assert (await commit(client, preview)).status_code == 200
    await move_on(engine, PROGRAMME)
    refused = await client.post(f"/v1/imports/{preview['id']}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "import_undo_blocked")
    assert refused.json()["faults"][0]["column"] == "school_programme_id"
    await move_on(engine, (SchoolProgrammeRow, {"status": "returned"}))
    undone = await client.post(f"/v1/imports/{preview['id']}/undo")
    assert undone.status_code == 200, undone.text


async def test_what_others_refer_to_is_not_changed_under_them(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    (school,) = await schools_of(client, "solgonskaya")
    early_row = body_of(
        "risk-profiles", await write_example(client, "risk-profiles", school)
    )
    calm = early_row | {"topical": False}
    early = await previewed(client, "risk-profiles", calm)
    assert early["counts"]["changed"] == 1
    await write_example(client, "anti-risk-programmes", school)
    late = await previewed(client, "risk-profiles", calm)
    assert late["counts"]["bad"] == 1
    assert late["bad_rows"][0]["faults"][0]["column"] == "topical"
    refused = await commit(client, early)
    assert (refused.status_code, refused.json()["code"]) == (409, "import_outdated")


async def test_what_a_form_leaves_out_is_tried_with_what_it_says(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    (school,) = await schools_of(client, "solgonskaya")
    body = {
        "school_id": school["id"],
        "list_kind": "low_results",
        "year": 2018,
        "act_body": "Управление образования",
        "act_number": "7",
        "act_on": "2018-09-03",
        "valid_to": "2019-08-31",
        "exclusion_body": "Управление образования",
        "exclusion_reason": "Итоги года",
    }
    written = await client.post("/v1/list-memberships", json=body)
    assert written.status_code == 201, written.text
    lines = [
        "school_id;list_kind;year;act_body;act_number;act_on",
        f"{school['id']};low_results;2018;Управление образования;7;2019-09-02",
    ]
    file = "\n".join(lines).encode()
    preview = await upload(client, "list-memberships", file, "form.csv")
    assert preview["counts"]["bad"] == 1
    (fault,) = preview["bad_rows"][0]["faults"]
    assert fault["column"] == "valid_to"
    sound = file.replace(b"2019-09-02", b"2018-09-04")
    preview = await upload(client, "list-memberships", sound, "form.csv")
    assert (await commit(client, preview)).json()["changed"] == 1


async def test_a_share_that_followed_from_its_count_follows_the_new_count(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    (school,) = await schools_of(client, "solgonskaya")
    own = {"school_id": school["id"], "academic_year": 2019}
    await client.post("/v1/enrolments", json={**own, "pupils": 200})
    body = {**own, "bussed_count": 20, "low_income_percent": 50}
    written = await client.post("/v1/social-passports", json=body)
    assert written.json()["bussed_percent"] == 10
    file = f"school_id;academic_year;bussed_count\n{school['id']};2019;30".encode()
    preview = await upload(client, "social-passports", file, "form.csv")
    assert preview["counts"]["changed"] == 1, preview["bad_rows"]
    assert (await commit(client, preview)).status_code == 200
    address = f"/v1/social-passports/{written.json()['id']}"
    after = (await client.get(address)).json()
    assert (after["bussed_percent"], after["low_income_percent"]) == (15, 50)


def quarter(number: int, starts_on: str, ends_on: str) -> Row:
    return {
        "academic_year": 2030,
        "kind": "quarter",
        "number": number,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }


FIRST = quarter(1, "2030-09-01", "2030-10-25")
SECOND = quarter(2, "2030-11-04", "2030-12-27")
# Each ends after the other began, as they were.
MOVED = (
    quarter(1, "2030-09-01", "2030-11-05"),
    quarter(2, "2030-11-11", "2030-12-27"),
)
CALENDAR = "school-calendar"


async def test_periods_of_a_calendar_may_move_together_but_not_onto_another(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    first = await previewed(client, CALENDAR, FIRST, SECOND)
    assert (await commit(client, first)).json()["new"] == 2
    moved = await previewed(client, CALENDAR, *MOVED)
    assert moved["counts"]["changed"] == 2
    alone = await previewed(client, CALENDAR, MOVED[0])
    assert alone["counts"]["bad"] == 1
    (fault,) = alone["bad_rows"][0]["faults"]
    assert (fault["row"], fault["column"]) == (2, "starts_on")
    own = quarter(3, "2030-12-20", "2031-03-20")
    twice = await previewed(client, CALENDAR, *MOVED, own)
    assert (twice["counts"]["changed"], twice["counts"]["bad"]) == (2, 1)
    reason = twice["bad_rows"][0]["faults"][0]["reason_en"]
    assert "row 3 of the sheet" in reason
    corrections = await client.get(f"/v1/imports/{twice['id']}/bad-rows")
    assert corrections.status_code == 200
    assert (await commit(client, moved)).json()["changed"] == 2


async def test_a_calendar_that_filled_up_since_is_not_written_to(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    (school,) = await schools_of(client, "solgonskaya")
    place = {"municipality_id": school["municipality_id"]}
    preview = await previewed(client, CALENDAR, SECOND)
    by_hand = await client.post(
        f"/v1/{CALENDAR}", json=place | quarter(3, "2030-12-01", "2031-03-20")
    )
    assert by_hand.status_code == 201, by_hand.text
    refused = await commit(client, preview)
    assert (refused.status_code, refused.json()["code"]) == (409, "import_outdated")
    assert refused.json()["faults"][0]["column"] == "starts_on"


async def test_a_period_does_not_come_back_to_where_another_is_by_now(
    client_as: ClientAs,
) -> None:
    client = await client_as("uzhur")
    (school,) = await schools_of(client, "solgonskaya")
    place = {"municipality_id": school["municipality_id"]}
    assert (await client.post(f"/v1/{CALENDAR}", json=place | FIRST)).is_success
    later = quarter(1, "2030-11-01", "2030-12-27")
    preview = await previewed(client, CALENDAR, later)
    assert (await commit(client, preview)).json()["changed"] == 1
    taken = place | quarter(2, "2030-09-01", "2030-10-01")
    assert (await client.post(f"/v1/{CALENDAR}", json=taken)).is_success
    refused = await client.post(f"/v1/imports/{preview['id']}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "import_undo_blocked")
