"""Teachers over HTTP: kept under consent, read with a trace, erased for good."""

from typing import Any

import asyncpg
import httpx
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.sealer import seal
from tests.api.audit.reading import entries_after, last_number, listed
from tests.api.audit.test_verification import verify
from tests.api.mentoring.conftest import Places
from tests.support.api import ClientAs

SCHOOL, OTHER = "uzhur.ilinskaya", "uzhur.prirechenskaya"
URL = "/v1/teachers"
NAME, RENAMED = "Педагогова Тестовая", "Педагогова Иная"
CONSENT = {"given_on": "2020-09-01", "form": "written"}
KEY = {"Idempotency-Key": "once"}


def body(**changes: Any) -> dict[str, Any]:
    """Return a teacher under consent."""
    return {
        "name": NAME,
        "position": "Учитель математики",
        "subjects": ["mathematics"],
        "consent": CONSENT,
    } | changes


async def create(
    client: httpx.AsyncClient, school_id: int, **changes: Any
) -> dict[str, Any]:
    content = body(school_id=school_id, **changes)
    answer = await client.post(URL, json=content, headers=KEY)
    assert answer.status_code == 201, answer.text
    teacher: dict[str, Any] = answer.json()
    assert NAME not in answer.text
    return teacher


async def tables_with(database_url: str, word: str) -> list[str]:
    """Return the tables where the word stands in any row, whoever may see it."""
    url = make_url(database_url).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        tables = await connection.fetch(
            "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
            " WHERE schemaname IN ('api', 'scoring', 'notifier')"
        )
        found = []
        for table in tables:
            query = f"SELECT count(*) FROM {table['name']} t WHERE t::text LIKE $1"  # noqa: S608 (names of tables)
            if await connection.fetchval(query, f"%{word}%"):
                found.append(table["name"])
        bodies = (
            "SELECT count(*) FROM api.idempotency_keys WHERE position($1 in body) > 0"
        )
        if await connection.fetchval(bodies, word.encode()):
            found.append("bodies of answers")
        return found
    finally:
        await connection.close()


async def test_a_school_keeps_its_teachers_and_others_see_less_or_nothing(
    client_as: ClientAs, places: Places
) -> None:
    school, office = await client_as(SCHOOL), await client_as("uzhur")
    teacher = await create(school, places.schools[SCHOOL])
    address = f"{URL}/{teacher['id']}"
    for client in (school, office):
        (item,) = (await client.get(URL)).json()["items"]
        assert (item["name"], item["subjects"]) == (NAME, ["mathematics"])
        assert (await client.get(address)).json()["name"] == NAME
    assert (await office.get(URL, params={"subject": "physics"})).json()["items"] == []
    for login in (OTHER, "zhigalovo"):
        stranger = await client_as(login)
        assert (await stranger.get(URL)).json()["items"] == []
        answers = [
            await stranger.get(address),
            await stranger.put(address, json=body()),
            await stranger.post(f"{address}/erase", json={"reason": "Ошибка"}),
            await stranger.get(f"{address}/export", params={"purpose": "Запрос"}),
        ]
        assert {answer.json()["code"] for answer in answers} == {"teacher_not_found"}
    abroad = await school.post(URL, json=body(school_id=places.schools[OTHER]))
    assert abroad.status_code == 404


async def test_a_name_without_consent_is_refused_and_nothing_is_kept(
    client_as: ClientAs, places: Places, database_url: str
) -> None:
    school = await client_as(SCHOOL)
    number = places.schools[SCHOOL]
    for changes, code in (
        ({"consent": None}, "consent_required"),
        ({"consent": {**CONSENT, "given_on": "2020-12-31"}}, "invalid_teacher"),
        ({"subjects": ["alchemy"]}, "invalid_teacher"),
        ({"phone": "1"}, "invalid_input"),
    ):
        answer = await school.post(URL, json=body(school_id=number, **changes))
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await tables_with(database_url, NAME) == []
    nameless = await create(school, number, name=None, consent=None)
    assert (nameless["has_name"], nameless["consent"]) == (False, None)


async def test_who_reads_and_exports_names_and_what_for_is_kept(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    school, office = await client_as(SCHOOL), await client_as("uzhur")
    teacher = await create(school, places.schools[SCHOOL])
    await create_nameless(school, places.schools[SCHOOL])
    address = f"{URL}/{teacher['id']}"
    before = await last_number(engine)
    await office.get(URL)
    assert (await office.get(f"{address}/export")).status_code == 422
    answer = await office.get(f"{address}/export", params={"purpose": "Запрос лица"})
    read, exported = await entries_after(engine, before)
    assert (read.action, read.entity_id, read.school_id) == (
        "read",
        teacher["id"],
        places.schools[SCHOOL],
    )
    assert (exported.action, exported.reason) == ("export", "Запрос лица")
    export = answer.json()
    assert export["teacher"]["name"] == NAME
    assert export["teacher"]["consent"] == CONSENT | {"withdrawn_on": None}
    actions = ["create", "read", "export"]
    assert [entry["action"] for entry in export["entries"]] == actions
    found = await listed(office, entity="teacher", action="export")
    assert [entry["reason"] for entry in found] == ["Запрос лица"]


async def create_nameless(client: httpx.AsyncClient, school_id: int) -> None:
    content = body(school_id=school_id, name=None)
    assert (await client.post(URL, json=content)).status_code == 201


async def test_withdrawing_consent_forgets_the_name_until_it_is_given_anew(
    client_as: ClientAs, places: Places, database_url: str
) -> None:
    school = await client_as(SCHOOL)
    teacher = await create(school, places.schools[SCHOOL])
    address = f"{URL}/{teacher['id']}"
    day = {"withdrawn_on": "2020-09-10"}
    withdrawn = await school.post(f"{address}/withdraw-consent", json=day)
    assert withdrawn.json()["consent"]["withdrawn_on"] == "2020-09-10"
    assert (await school.get(address)).json()["name"] is None
    assert await tables_with(database_url, NAME) == []
    again = await school.post(f"{address}/withdraw-consent", json=day)
    assert (again.status_code, again.json()["code"]) == (409, "consent_not_given")
    anew = {**CONSENT, "given_on": "2020-09-15"}
    answer = await school.put(
        address, json=body(consent=anew), headers={"If-Match": '"1"'}
    )
    assert answer.status_code == 412
    answer = await school.put(address, json=body(consent=anew))
    assert (answer.json()["has_name"], answer.json()["version"]) == (True, 3)


async def test_an_erased_person_leaves_a_number_and_an_unbroken_record(
    client_as: ClientAs, places: Places, engine: AsyncEngine, database_url: str
) -> None:
    school = await client_as(SCHOOL)
    teacher = await create(school, places.schools[SCHOOL])
    address = f"{URL}/{teacher['id']}"
    await school.put(address, json=body(name=RENAMED))
    await school.get(URL)
    await school.get(f"{address}/export", params={"purpose": "Запрос"})
    assert await tables_with(database_url, RENAMED) == ["api.teachers"]
    assert await tables_with(database_url, NAME) == []
    await seal(engine)
    before = await last_number(engine)
    why = {"reason": "Заявление учителя"}
    erased = await school.post(f"{address}/erase", json=why, headers=KEY)
    assert (erased.status_code, erased.json()["erased_on"]) == (200, "2020-09-16")
    (entry,) = await entries_after(engine, before)
    assert entry.changes["name"] == ["given", None]
    assert entry.reason == "Заявление учителя"
    assert await tables_with(database_url, RENAMED) == []
    (left,) = (await school.get(URL)).json()["items"]
    assert (left["name"], left["consent"]) == (None, None)
    assert left["subjects"] == ["mathematics"]
    answer = await school.put(address, json=body())
    assert (answer.status_code, answer.json()["code"]) == (409, "teacher_erased")
    await seal(engine)
    code, said = await verify(database_url)
    assert code == 0, said
