"""A post that is sent again with its key is answered again and changes nothing."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.http.forgetting import forget
from services.api.http.idempotency import IdempotentRoute, claim
from shared.persistence.tables.agreements import AgreementEventRow, AgreementRow
from shared.persistence.tables.idempotency import IdempotencyKeyRow
from shared.persistence.tables.results import ImportRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now
from tests.api.http.reading import operations_of
from tests.api.imports.workbooks import row, statistics
from tests.api.mentoring.conftest import Places, places
from tests.api.mentoring.steps import MENTEE, MENTOR, URL, body, draft, refused
from tests.support.api import ClientAs

__all__ = ["places"]  # a fixture

KEY = {"Idempotency-Key": "0b7c4a52-3d52-4a35-8d36-8d1f3f2b7a11"}
AT_ONCE = 50
REPLAYED = "idempotency-replayed"


async def count(engine: AsyncEngine, row_class: type[Any]) -> int:
    async with begin_as_system(engine) as work:
        return (
            await work.session.scalar(select(func.count()).select_from(row_class)) or 0
        )


async def test_a_repeated_post_gets_the_first_answer(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    first, again = [
        await office.post(URL, json=body(places), headers=KEY) for _ in range(2)
    ]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for header in ("location", "etag", "content-type", "content-length"):
        assert again.headers[header] == first.headers[header]
    assert (first.headers.get(REPLAYED), again.headers[REPLAYED]) == (None, "true")
    assert await count(engine, AgreementRow) == 1
    assert await count(engine, AgreementEventRow) == 1


async def test_without_a_key_nothing_is_kept(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    await draft(office, places)
    again = await office.post(URL, json=body(places))
    assert refused(again) == (409, "duplicate_agreement")
    assert await count(engine, IdempotencyKeyRow) == 0


async def test_a_step_is_repeated_although_its_version_has_passed(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    address = f"{URL}/{(await draft(office, places))['id']}"
    headers = KEY | {"If-Match": '"1"'}
    answers = [
        await office.post(
            f"{address}/transitions", json={"action": "propose"}, headers=headers
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].headers["etag"] == answers[1].headers["etag"]
    assert (await office.get(address)).json()["version"] == 2


async def test_a_key_cannot_be_used_for_something_else(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    await office.post(URL, json=body(places), headers=KEY)
    other = await office.post(URL, json=body(places, problem="Чтение"), headers=KEY)
    assert refused(other) == (422, "idempotency_key_reused")
    assert await count(engine, AgreementRow) == 1


async def test_a_key_of_one_agreement_is_not_another_ones(
    client_as: ClientAs, places: Places
) -> None:
    office = await client_as("uzhur")
    numbers = [
        (await draft(office, places, problem=problem))["id"] for problem in ("1", "2")
    ]
    answers = [
        await office.post(
            f"{URL}/{number}/transitions",
            json={"action": "propose"},
            headers=KEY | {"If-Match": "*"},
        )
        for number in numbers
    ]
    assert answers[0].status_code == 200
    assert refused(answers[1]) == (422, "idempotency_key_reused")


async def test_a_key_is_its_users_own(client_as: ClientAs, places: Places) -> None:
    office, admin = await client_as("uzhur"), await client_as("admin")
    first = await office.post(URL, json=body(places), headers=KEY)
    other = await admin.post(URL, json=body(places, problem="Чтение"), headers=KEY)
    assert (first.status_code, other.status_code) == (201, 201)
    assert first.json()["id"] != other.json()["id"]


async def test_a_refused_post_may_be_sent_again_with_its_key(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    closed = await draft(office, places)
    refusal = await office.post(URL, json=body(places), headers=KEY)
    assert refused(refusal) == (409, "duplicate_agreement")
    assert await count(engine, IdempotencyKeyRow) == 0
    await office.post(
        f"{URL}/{closed['id']}/transitions",
        json={"action": "terminate", "reason": "Ошибка"},
        headers={"If-Match": "*"},
    )
    answer = await office.post(URL, json=body(places), headers=KEY)
    assert (answer.status_code, answer.headers.get(REPLAYED)) == (201, None)


async def test_many_posts_at_once_with_one_key_make_one_result(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    answers = await asyncio.gather(
        *(office.post(URL, json=body(places), headers=KEY) for _ in range(AT_ONCE))
    )
    assert await count(engine, AgreementRow) == 1
    made = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in made}) == 1
    assert [REPLAYED in answer.headers for answer in made].count(False) == 1
    others = Counter(
        answer.json()["code"] for answer in answers if answer.status_code != 201
    )
    assert set(others) <= {"idempotency_in_progress"}
    after = await office.post(URL, json=body(places), headers=KEY)
    assert (after.content, after.headers[REPLAYED]) == (made[0].content, "true")


async def test_a_key_in_progress_is_refused_at_once(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    name = "idempotency/{}/create_mentoring_agreement/" + KEY["Idempotency-Key"]
    async with begin_as_system(engine) as work:
        user = await work.session.scalar(
            select(UserRow.id).where(UserRow.login == "uzhur")
        )
        lock = func.hashtextextended(name.format(user), 0)
        await work.session.execute(select(func.pg_advisory_xact_lock(lock)))
        meanwhile = await office.post(URL, json=body(places), headers=KEY)
        assert refused(meanwhile) == (409, "idempotency_in_progress")
        assert meanwhile.headers["retry-after"] == "1"
    then = await office.post(URL, json=body(places), headers=KEY)
    assert then.status_code == 201


async def upload(
    client: httpx.AsyncClient, boundary: str, file: bytes
) -> httpx.Response:
    return await client.post(
        "/v1/imports",
        data={"file_format": "mark_statistics"},
        files={"file": ("marks.xlsx", file)},
        headers=KEY | {"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )


async def test_an_upload_is_repeated_whatever_its_boundary(
    client_as: ClientAs, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    file = statistics(row()).getvalue()
    first, again = [await upload(office, each, file) for each in ("one", "another")]
    assert first.status_code == 201, first.text
    assert (again.content, again.headers[REPLAYED]) == (first.content, "true")
    assert await count(engine, ImportRow) == 1
    other = await upload(office, "one", statistics(row(n=30)).getvalue())
    assert refused(other) == (422, "idempotency_key_reused")


async def test_after_a_day_a_key_is_free_again_and_swept(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office = await client_as("uzhur")
    await office.post(URL, json=body(places), headers=KEY)
    assert await forget(engine) == 0
    async with begin_as_system(engine) as work:
        yesterday = system_now() - timedelta(hours=24, seconds=1)
        await work.session.execute(
            update(IdempotencyKeyRow).values(created_at=yesterday)
        )
    other = await office.post(URL, json=body(places, problem="Чтение"), headers=KEY)
    assert (other.status_code, other.headers.get(REPLAYED)) == (201, None)
    assert await forget(engine) == 0
    async with begin_as_system(engine) as work:
        await work.session.execute(
            update(IdempotencyKeyRow).values(created_at=yesterday)
        )
    assert await forget(engine) == 1
    assert await count(engine, IdempotencyKeyRow) == 0


@pytest.mark.parametrize("key", ["", "a b", "x" * 256])
async def test_a_key_that_is_none_is_refused(
    client_as: ClientAs, places: Places, key: str
) -> None:
    office = await client_as("uzhur")
    answer = await office.post(URL, json=body(places), headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["column"] == "header.Idempotency-Key"


async def test_a_school_without_the_right_learns_nothing_from_a_key(
    client_as: ClientAs, places: Places
) -> None:
    mentor, mentee = await client_as(MENTOR), await client_as(MENTEE)
    for client in (mentor, mentee):
        answer = await client.post(URL, json=body(places), headers=KEY)
        assert refused(answer) == (403, "forbidden")


# These are not kept: whoever reads the database later must not learn a secret.
ANSWERED_WITH_SECRETS = {
    "accept_invitation",
    "create_access_token",
    "create_api_token",
    "create_client",
    "create_client_secret",
    "create_feed",
    "create_invitation",
    "create_oidc_token",
    "create_token",
    "create_webhook_endpoint",
    "rotate_exchange_secret",
    "rotate_webhook_secret",
    "use_reminder_link",
    "use_unsubscribe_link",
}


def test_every_post_but_signing_in_can_be_repeated(api: FastAPI) -> None:
    for context in iter_route_contexts(api.routes):
        route = context.original_route
        if not isinstance(route, APIRoute) or "POST" not in (route.methods or ()):
            continue
        if route.operation_id in ANSWERED_WITH_SECRETS:
            continue
        assert isinstance(route, IdempotentRoute), route.operation_id
        calls = [below.call for below in route.dependant.dependencies]
        assert claim in calls, route.operation_id


def test_the_description_tells_of_keys(api: FastAPI) -> None:
    described = {
        name: operation
        for name, operation in operations_of(api, "post").items()
        if operation["operationId"] not in ANSWERED_WITH_SECRETS
    }
    assert len(described) >= 5
    for name, operation in described.items():
        names = {parameter["name"] for parameter in operation["parameters"]}
        assert "Idempotency-Key" in names, name
        for status, code in (("409", "in_progress"), ("422", "key_reused")):
            text = operation["responses"][status]["description"]
            assert f"idempotency_{code}" in text, name
        good = next(each for each in operation["responses"] if each.startswith("2"))
        assert "Idempotency-Replayed" in operation["responses"][good]["headers"], name
