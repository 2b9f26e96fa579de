"""Rows that the demonstration lacks, made in both municipalities by their people."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from services.notifier.exchange.usecases import ExchangeRoom
from services.notifier.usecases.inbox import post_all
from services.notifier.usecases.planning import Planner
from shared.persistence.engine import create_engine
from shared.runtime.clock import system_now
from shared.runtime.file_store import open_file_store
from shared.runtime.reminder_rules import read_reminder_rules
from tests.api.access.walk.rows import Places
from tests.api.computing import compute_all
from tests.api.imports.workbooks import row, statistics
from tests.api.methods.steps import approved, enforced
from tests.api.rankings.publishing import drafted, objected
from tests.api.records.examples import (
    RECORDED,
    write_example,
    write_result_within_limits,
)
from tests.support.accounts import ABROAD, HOME, HOME_SCHOOL
from tests.support.api import ClientAs


async def prepare(client_as: ClientAs, database_url: str, places: Places) -> None:
    """Make at least one row of every kind at home, at a neighbour's and abroad."""
    for school in (f"{HOME}.{HOME_SCHOOL}", f"{HOME}.uzhurskaya-2"):
        await _upload(await client_as(school))
    for login, municipality_id in (
        (HOME, places.municipality_id),
        (ABROAD, places.abroad_id),
    ):
        office = await client_as(login)
        at_home = {places.school_id, places.partner_id}
        others = await _schools(office, away_from=at_home)
        await _agree(office, municipality_id, *others[:2])
        if login == HOME:
            await _agree(office, municipality_id, places.partner_id, places.school_id)
            await _employ(office, places.school_id)
            await _pair(office, places.school_id)
            await _pair(office, places.partner_id, places.school_id)
        await _upload(office)
        await _upload_plan(office)
        await _subscribe(office)
        await _exchange(office)
        await _listen(office)
        await _put_into_force(office)
        for school_id in {*at_home, *others[:2]} if login == HOME else {*others[:2]}:
            await _invite(office, school_id)
            await _listen(office, school_id)
        await _employ(office, others[0])
        await _pair(office, others[0])
        for school_id in {places.school_id, *others[:1]} & await _ids(office):
            await _fill(office, school_id, municipality_id)
        for school_id in {*at_home, *others[:1]} & await _ids(office):
            await _report(office, school_id)
    await compute_all(database_url)
    for login in (HOME, ABROAD):
        await _publish(client_as, login, places)
    await _remind_all(database_url)
    await _push_all(database_url)


async def _exchange(office: httpx.AsyncClient) -> None:
    """Name a regional system that files are laid down for on every change."""
    target = {
        "name": "Региональная система",
        "dataset": "schools",
        "kind": "csv",
        "identifier_kind": "code",
        "rhythm": "on_change",
    }
    named = await office.post("/v1/exchange-targets", json=target)
    assert named.status_code == 201, named.text


async def _push_all(database_url: str) -> None:
    """Lay files down for all regional systems."""
    engine = create_engine(database_url, "notifier")
    with TemporaryDirectory() as folder:
        files = open_file_store(Path(folder), None)
        room = ExchangeRoom(engine=engine, files=files, allows_private=False)
        assert await room.push_round()
    await engine.dispose()


async def _publish(client_as: ClientAs, login: str, places: Places) -> None:
    """Put a ranking before the schools, one of which objects."""
    number = (await drafted(await client_as(login)))["id"]
    at_home = {places.school_id, places.partner_id, places.neighbour_id}
    admin = await client_as("admin")
    for school_id in at_home if login == HOME else {places.school_abroad_id}:
        await objected(admin, number, school_id)


async def _schools(office: httpx.AsyncClient, *, away_from: set[int]) -> list[int]:
    listed = (await office.get("/v1/schools", params={"limit": 500})).json()["items"]
    return [each["id"] for each in listed if each["id"] not in away_from]


async def _ids(office: httpx.AsyncClient) -> set[int]:
    return set(await _schools(office, away_from=set()))


async def _fill(
    office: httpx.AsyncClient, school_id: int, municipality_id: int
) -> None:
    """Write a row of every dataset that people write."""
    school = {"id": school_id, "municipality_id": municipality_id}
    for code in RECORDED:
        await write_example(office, code, school)
    await write_result_within_limits(office, school_id)


async def _agree(
    office: httpx.AsyncClient, municipality_id: int, mentor_id: int, mentee_id: int
) -> None:
    programmes = (await office.get("/v1/programmes")).json()["items"]
    body = {
        "programme_id": next(
            each["id"]
            for each in programmes
            if each["municipality_id"] == municipality_id
        ),
        "mentor_school_id": mentor_id,
        "mentee_school_id": mentee_id,
        "problem": "Математика в 5–6 классах",
        "starts_on": "2020-09-16",
        "ends_on": "2021-05-31",
        "goals": ["Снизить долю двоек"],
        "plan": [{"title": "Взаимные уроки", "due_on": "2020-11-20"}],
    }
    answer = await office.post("/v1/mentoring-agreements", json=body)
    assert answer.status_code == 201, answer.text


async def _employ(office: httpx.AsyncClient, school_id: int) -> None:
    body = {
        "school_id": school_id,
        "name": "Учитель Без Имени",
        "position": "Учитель",
        "consent": {"given_on": "2020-09-01", "form": "written"},
    }
    answer = await office.post("/v1/teachers", json=body)
    assert answer.status_code == 201, answer.text


async def _report(office: httpx.AsyncClient, school_id: int) -> None:
    """Hand a report with a file in on a deadline of the school."""
    owed = await office.get(
        "/v1/deadlines", params={"school_id": school_id, "state": "open", "limit": 1}
    )
    (deadline,) = owed.json()["items"]
    answer = await office.post(
        f"/v1/deadlines/{deadline['id']}/submissions",
        data={"text": "Выполнено"},
        files={"file": ("справка.txt", b"report", "text/plain")},
    )
    assert answer.status_code == 201, answer.text


async def _invite(office: httpx.AsyncClient, school_id: int) -> None:
    expires_at = (system_now() + timedelta(days=7)).isoformat()
    place = {"school_id": school_id, "expires_at": expires_at}
    for address, body in (
        ("/v1/invitations", {"role": "school_reader"}),
        ("/v1/api-tokens", {"name": "walker", "scopes": ["results:read"]}),
        ("/v1/clients", {"name": "walker", "scopes": ["results:read"]}),
    ):
        answer = await office.post(address, json={**body, **place})
        assert answer.status_code == 201, answer.text


async def _listen(office: httpx.AsyncClient, school_id: int | None = None) -> None:
    """Have another system told of events."""
    body = {"name": "walker", "url": "https://hooks.example.org/podyom"}
    place = {} if school_id is None else {"school_id": school_id}
    answer = await office.post("/v1/webhook-endpoints", json=body | place)
    assert answer.status_code == 201, answer.text


async def _pair(office: httpx.AsyncClient, *schools: int) -> None:
    """Draft a tandem within a school, or of two."""
    body = {
        "kind": "in_school" if len(schools) == 1 else "network",
        "goal": "Освоить формирующее оценивание",
        "plan": "Взаимные уроки",
        "starts_on": "2020-09-01",
        "members": [
            {"role": role, "school_id": school_id, "position": "Учитель"}
            for role, school_id in (("mentor", schools[0]), ("mentee", schools[-1]))
        ],
    }
    answer = await office.post("/v1/tandems", json=body)
    assert answer.status_code == 201, answer.text


async def _put_into_force(office: httpx.AsyncClient) -> None:
    method = await approved(office, code="walked")
    await enforced(office, method["id"], valid_from=2030)


async def _upload(office: httpx.AsyncClient) -> None:
    answer = await office.post(
        "/v1/imports",
        data={"file_format": "mark_statistics"},
        files={"file": ("marks.xlsx", statistics(row()).getvalue())},
    )
    assert answer.status_code == 201, answer.text


async def _upload_plan(office: httpx.AsyncClient) -> None:
    (programme,) = (await office.get("/v1/programmes")).json()["items"]
    text = "№|Мероприятие|Срок|Ответственный\n1|Семинар|Май|Школы"
    answer = await office.post(
        f"/v1/programmes/{programme['id']}/plan-imports",
        files={"plan": (None, "plan"), "text": (None, text)},
    )
    assert answer.status_code == 201, answer.text


async def _subscribe(office: httpx.AsyncClient) -> None:
    answer = await office.post("/v1/feeds", json={"kind": "person"})
    assert answer.status_code == 201, answer.text


async def _remind_all(database_url: str) -> None:
    engine = create_engine(database_url, "notifier")
    rules = read_reminder_rules()
    await Planner(engine, rules, domain="podyom.example.ru").plan_round()
    await post_all(engine, rules)
    await engine.dispose()
