"""A list asks the database as often for fifty rows as for one."""

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio
from fastapi import FastAPI

from services.notifier.usecases.inbox import post_all
from services.notifier.usecases.planning import Planner
from shared.persistence.engine import create_engine
from shared.runtime.reminder_rules import read_reminder_rules
from tests.api.computing import compute_all
from tests.api.http.reading import operations_of, readable_addresses
from tests.api.imports.workbooks import row, statistics
from tests.api.mentoring.conftest import Places, places
from tests.api.mentoring.steps import MENTEE, URL, draft, go
from tests.api.methods.steps import approved, enforced
from tests.api.rankings import publishing
from tests.api.records.examples import (
    RECORDED,
    schools_of,
    write_example,
    write_result_within_limits,
)
from tests.support.api import ClientAs
from tests.support.statements import counted

__all__ = ["places"]  # a fixture

MANY = 50
# Entering the transaction, what the list is narrowed to, its rows, and a few more.
MOST_STATEMENTS = 8
# A coordinator sees one programme and one municipality.
SINGLE = {
    "get /v1/municipalities",
    "get /v1/municipality-years",
    "get /v1/programmes",
}
# Lists that are read by the same code as others, and have a row or none here.
SPARSE = {
    "get /v1/accounts/{account_id}/identities",
    "get /v1/api-tokens",
    "get /v1/bounces",
    "get /v1/clients/{row_id}/credentials",
    "get /v1/budget-items",
    "get /v1/deadlines/{deadline_id}/submissions",
    "get /v1/decision-subjects",
    "get /v1/decisions",
    "get /v1/exchange-pushes",
    "get /v1/exchange-targets",
    "get /v1/feeds",
    "get /v1/identification-decisions",
    "get /v1/inbox",  # what was late is one message
    "get /v1/invitations",
    "get /v1/mark-boundaries",
    "get /v1/mentor-suggestion-decisions",
    "get /v1/mentoring-agreements/{agreement_id}/scans",
    "get /v1/municipalities/{municipality_id}/reminder-rule-versions",
    "get /v1/municipality-contacts",
    "get /v1/objectivity-limits",
    "get /v1/programmes/{programme_id}/reports",
    "get /v1/ranking-publications",
    "get /v1/ranking-publications/{publication_id}/objections",
    "get /v1/regions/{region_id}/reminder-rule-versions",
    "get /v1/reorganisations",
    "get /v1/school-programmes/{programme_id}/reviews",
    "get /v1/schools/{school_id}/known-results",
    "get /v1/snapshots",
    "get /v1/target-ranges",
    "get /v1/usage",  # written down once a minute
    "get /v1/undated-deadlines",
    "get /v1/webhook-endpoints/{endpoint_id}/attempts",
    "get /v1/webhook-endpoints/{endpoint_id}/deliveries",
    "get /v1/webhook-endpoints/{endpoint_id}/replays",
}
NEW_RESULT = {
    "procedure": "district_kim",
    "subject": "mathematics",
    "programme_grade": 5,
    "pupil_grade": 5,
    "academic_year": 2020,
    "n2": 3,
    "n3": 7,
    "n4": 10,
    "n5": 5,
}


NEW_TEACHER = {
    "name": "Учитель Без Имени",
    "position": "Учитель",
    "consent": {"given_on": "2020-09-01", "form": "written"},
}

NEW_CLIENT = {
    "name": "portal",
    "scopes": ["results:read"],
    "expires_at": "2027-06-30T00:00:00Z",
}

PLAN = "№|Мероприятие|Срок|Ответственный\n1|Семинар|Май|Школы"


def pair_in(school_id: int) -> dict[str, object]:
    return {
        "kind": "in_school",
        "goal": "Освоить формирующее оценивание",
        "plan": "Взаимные уроки",
        "starts_on": "2020-09-01",
        "members": [
            {"role": role, "school_id": school_id, "position": "Учитель"}
            for role in ("mentor", "mentee")
        ],
    }


@pytest_asyncio.fixture
async def full(
    client_as: ClientAs, places: Places, database_url: str
) -> AsyncIterator[httpx.AsyncClient]:
    """Yield the coordinator's client, once every list has several rows."""
    office, admin = await client_as("uzhur"), await client_as("admin")
    of_mentee = {"school_id": places.schools[MENTEE]}
    for number in range(3):
        drafted = await draft(office, places, problem=f"Проблема {number}")
        if number == 0:
            await meet(office, drafted["id"])
        file = statistics(row(), row(grade=5), row(grade=6, subject="?")).getvalue()
        uploaded = await office.post(
            "/v1/imports",
            data={"file_format": "mark_statistics"},
            files={"file": ("marks.xlsx", file)},
        )
        assert uploaded.status_code == 201, uploaded.text
        planned = await office.post(
            f"/v1/programmes/{places.programmes['uzhur']}/plan-imports",
            files={"plan": (None, "roadmap"), "text": (None, PLAN)},
        )
        assert planned.status_code == 201, planned.text
        paired = await office.post("/v1/tandems", json=pair_in(places.schools[MENTEE]))
        assert paired.status_code == 201, paired.text
        registered = await office.post("/v1/clients", json=NEW_CLIENT)
        assert registered.status_code == 201, registered.text
        hook = {"name": f"Портал {number}", "url": "https://hooks.example.org/"}
        heard = await office.post("/v1/webhook-endpoints", json=hook)
        assert heard.status_code == 201, heard.text
        employed = await office.post("/v1/teachers", json=NEW_TEACHER | of_mentee)
        assert employed.status_code == 201, employed.text
    for school in await schools_of(office, "solgonskaya", "ilinskaya"):
        for code in RECORDED:
            await write_example(office, code, school)
        await write_result_within_limits(office, school["id"])
    for key in ("roadmap-6.45", "roadmap-6.44"):
        await withdraw(office, places.programmes["uzhur"], key)
    moved = await admin.put("/v1/clock", json={"now": "2020-09-28T09:00:00+07:00"})
    moved.raise_for_status()
    for number in range(2):
        method = await approved(office, code=f"own-{number}")
        await enforced(
            office, method["id"], valid_from=2030 + number, valid_to=2030 + number
        )
    await compute_all(database_url)
    entered = await office.post("/v1/results", json=NEW_RESULT | of_mentee)
    assert entered.status_code == 201, entered.text
    await compute_all(database_url)
    publication = await publishing.drafted(office)
    await publishing.objected(admin, publication["id"], places.schools[MENTEE])
    await remind_all(database_url)
    yield office


async def meet(client: httpx.AsyncClient, agreement_id: int) -> None:
    await go(client, agreement_id, "propose", "sign", "activate")
    for topic in ("Знакомство", "Взаимные уроки"):
        meeting = {"held_on": "2020-09-16", "topic": topic, "result": "План"}
        noted = await client.post(f"{URL}/{agreement_id}/meetings", json=meeting)
        assert noted.status_code == 201, noted.text


async def withdraw(client: httpx.AsyncClient, programme: int, key: str) -> None:
    order = {
        "order_number": key,
        "order_on": "2020-09-10",
        "body": "Управление образования",
        "reason": "По итогам мониторинга",
        "changes": [{"kind": "withdraw_measure", "key": key}],
    }
    amended = await client.post(f"/v1/programmes/{programme}/amendments", json=order)
    assert amended.status_code == 201, amended.text


async def remind_all(database_url: str) -> None:
    engine = create_engine(database_url, "notifier")
    rules = read_reminder_rules()
    await Planner(engine, rules, domain="podyom.example.ru").plan_round()
    await post_all(engine, rules)
    await engine.dispose()


async def statements_for(
    app: FastAPI, client: httpx.AsyncClient, address: str, limit: int
) -> tuple[int, int]:
    """Return how many statements a page takes, and how many rows it has."""
    with counted(app) as statements:
        answer = await client.get(address, params={"limit": limit})
    assert answer.status_code == 200, (address, answer.text)
    page = answer.json()
    rows = page.get("items", page.get("values"))
    return len(statements), len(rows)


async def test_the_statements_of_a_list_do_not_grow_with_its_rows(
    api: FastAPI, client_as: ClientAs, full: httpx.AsyncClient
) -> None:
    addresses = await readable_addresses(api, client_as)
    paged = {
        name: addresses[name]
        for name, operation in operations_of(api, "get").items()
        if any(each.get("name") == "limit" for each in operation["parameters"])
    }
    assert len(paged) > 15
    for name, address in paged.items():
        of_one, one = await statements_for(api, full, address, 1)
        of_many, many = await statements_for(api, full, address, MANY)
        if not name.endswith("/history") and name not in SPARSE:
            assert one == 1, name
            assert many > 1 or name in SINGLE, name
        # What is answered at once sends a single one, past the engine: then none here.
        assert of_many == of_one <= MOST_STATEMENTS, name
