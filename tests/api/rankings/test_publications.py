"""Publishing a ranking, as coordinators and schools see it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import delete

from shared.persistence.engine import create_engine
from shared.persistence.tables.scoring import RankingPlaceRow
from shared.persistence.work import begin_as_system
from tests.api.computing import compute_all
from tests.api.exports.reading import csv_rows
from tests.api.rankings.publishing import URL, drafted, objected, post
from tests.support.api import ClientAs

Json = dict[str, Any]
ORDER = {"order_number": "118", "order_on": "2020-10-19"}
SCHOOL = "uzhur.solgonskaya"
OTHER = "uzhur.ilinskaya"
RESULT = {
    "procedure": "district_kim",
    "subject": "mathematics",
    "programme_grade": 5,
    "pupil_grade": 5,
    "n2": 3,
    "n3": 7,
    "n4": 10,
    "n5": 5,
}
Go = Callable[[str], Awaitable[None]]


@pytest.fixture
async def go_to(client_as: ClientAs, database_url: str) -> Go:
    """Move the sandbox's clock; the ranking is computed already."""
    await compute_all(database_url)
    admin = await client_as("admin")

    async def move(day: str) -> None:
        moved = await admin.put("/v1/clock", json={"now": f"{day}T12:00:00+07:00"})
        assert moved.status_code == 200, moved.text

    return move


async def read(client: httpx.AsyncClient, path: str = "") -> Json:
    answer = await client.get(f"{URL}{path}")
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


async def own_school(client: httpx.AsyncClient) -> int:
    me = (await client.get("/v1/me")).json()
    school_id: int = me["school_id"]
    return school_id


async def test_a_ranking_goes_from_draft_over_an_objection_to_an_order(
    client_as: ClientAs, go_to: Go
) -> None:
    office, school = await client_as("uzhur"), await client_as(SCHOOL)
    await go_to("2020-10-05")
    window = {"objections_from": "2020-10-05", "objections_until": "2020-10-16"}
    number = (await drafted(office, **window))["id"]
    own = await own_school(school)
    seen = await read(school, f"/{number}")
    assert seen["is_intact"] is None
    shown = [*seen["places"], *seen["outside"]]
    assert {each["school_id"] for each in shown} == {own}

    objection = await objected(school, number, own)
    early = await post(office, f"/{number}/publish", ORDER, 409)
    await go_to("2020-10-17")
    unanswered = await post(office, f"/{number}/publish", ORDER, 409)
    answer = {"is_accepted": False, "answer": "Параллель указана верно"}
    place = f"/{number}/objections/{objection['id']}/answer"
    answered = await post(office, place, answer)
    again = await post(office, place, answer, 409)
    published = await post(office, f"/{number}/publish", ORDER)

    assert early["code"] == "objection_window"
    assert unanswered["code"] == "objections_unanswered"
    assert again["code"] == "publication_wrong_state"
    assert (answered["status"], answered["answer"]) == (
        "rejected",
        answer["answer"],
    )
    assert (published["status"], published["order_number"]) == ("published", "118")
    whole = await read(office, f"/{number}")
    assert whole["is_intact"] is True
    assert len(whole["places"]) > 1
    assert whole["method"]["provenance"]["minimum_n"]["kind"] == "unconfirmed"
    [told] = (await read(school, f"/{number}/objections"))["items"]
    assert told == answered
    for status, listed in (("published", [number]), ("draft", [])):
        found = await office.get(URL, params={"status": status})
        assert [each["id"] for each in found.json()["items"]] == listed
    year = whole["academic_year"]
    [row] = await csv_rows(office, "ranking-publications", academic_year=year)
    assert (row["id"], row["order_number"]) == (str(number), "118")
    for reader in (office, school):
        [row] = await csv_rows(reader, "ranking-objections")
        assert (row["school_id"], row["answer"]) == (str(own), answer["answer"])
    assert await csv_rows(await client_as(OTHER), "ranking-objections") == []


async def test_what_is_published_stays_when_the_ranking_is_computed_again(
    client_as: ClientAs, go_to: Go, database_url: str
) -> None:
    office = await client_as("uzhur")
    await go_to("2020-10-05")
    number = (await drafted(office, objections_until="2020-10-05"))["id"]
    await go_to("2020-10-06")
    await post(office, f"/{number}/publish", ORDER)
    before = await read(office, f"/{number}")

    year = before["academic_year"]
    answer = await office.post(
        "/v1/results",
        json=RESULT
        | {"academic_year": year, "school_id": before["places"][0]["school_id"]},
    )
    assert answer.status_code == 201, answer.text
    await compute_all(database_url)

    assert await read(office, f"/{number}") == before
    current = (await office.get("/v1/rankings")).json()
    assert current["run_id"] != before["run_id"]

    second = (await drafted(office, objections_until="2020-10-06"))["id"]
    await go_to("2020-10-07")
    await post(office, f"/{second}/publish", ORDER | {"order_number": "131"})
    listed = (await read(office))["items"]
    assert [(each["id"], each["status"]) for each in listed] == [
        (number, "replaced"),
        (second, "published"),
    ]
    withdrawn = await post(
        office, f"/{second}/withdraw", {"reason": "Ошибка", "order_number": "140"}
    )
    assert (withdrawn["status"], withdrawn["withdrawal_order"]) == ("withdrawn", "140")
    assert withdrawn["order_number"] == "131"


async def test_places_that_somebody_has_touched_are_not_published(
    client_as: ClientAs, go_to: Go, database_url: str
) -> None:
    office = await client_as("uzhur")
    await go_to("2020-10-05")
    draft = await drafted(office, objections_until="2020-10-05")
    await go_to("2020-10-06")
    scoring = create_engine(database_url, "scoring")
    async with begin_as_system(scoring) as work:
        await work.session.execute(
            delete(RankingPlaceRow).where(
                RankingPlaceRow.run_id == draft["run_id"],
                RankingPlaceRow.scope == "kind",
            )
        )
    await scoring.dispose()

    refused = await post(office, f"/{draft['id']}/publish", ORDER, 409)

    assert refused["code"] == "ranking_rows_changed"
    assert (await read(office, f"/{draft['id']}"))["is_intact"] is False


async def test_two_drafts_at_once_are_one(client_as: ClientAs, go_to: Go) -> None:
    office = await client_as("uzhur")
    await go_to("2020-10-05")
    run = (await office.get("/v1/rankings")).json()["run_id"]
    body = {
        "run_id": run,
        "objections_from": "2020-10-05",
        "objections_until": "2020-10-16",
    }

    answers = await asyncio.gather(*(office.post(URL, json=body) for _ in range(4)))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201, 409, 409, 409]
    assert len((await read(office))["items"]) == 1


async def test_a_school_speaks_for_itself_and_nobody_for_it(
    client_as: ClientAs, go_to: Go
) -> None:
    office, school = await client_as("uzhur"), await client_as(SCHOOL)
    other, abroad = await client_as("uzhur.ilinskaya"), await client_as("zhigalovo")
    await go_to("2020-10-05")
    number = (await drafted(office))["id"]
    own = await own_school(school)

    await objected(other, number, own, 404)
    await objected(office, number, own, 403)
    await objected(school, number, own)
    await post(school, f"/{number}/publish", ORDER, 403)
    await post(school, "", {**ORDER}, 403)

    assert (await read(other, f"/{number}/objections"))["items"] == []
    assert (await abroad.get(f"{URL}/{number}")).status_code == 404
    await post(abroad, f"/{number}/withdraw", {"reason": "Нет"}, 404)


async def test_the_audit_tells_each_step(client_as: ClientAs, go_to: Go) -> None:
    office, school = await client_as("uzhur"), await client_as(SCHOOL)
    await go_to("2020-10-05")
    number = (await drafted(office))["id"]
    await objected(school, number, await own_school(school))
    await post(office, f"/{number}/withdraw", {"reason": "Новый расчёт"})

    entries = (await office.get("/v1/audit?limit=500")).json()["items"]

    told = [
        (each["entity"], each["action"])
        for each in entries
        if each["entity"].startswith("ranking_")
    ]
    assert sorted(told) == [
        ("ranking_objection", "create"),
        ("ranking_publication", "draft"),
        ("ranking_publication", "withdraw"),
    ]
