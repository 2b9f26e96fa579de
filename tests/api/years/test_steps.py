"""A school hands its year in, the district accepts, returns, locks and unlocks it."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.api.audit.reading import entries_after, last_number, own_id
from tests.api.mentoring.conftest import Places
from tests.api.years.steps import go, states, step, step_with_all
from tests.support.api import ClientAs

SCHOOL, OTHER = "uzhur.ilinskaya", "uzhur.prirechenskaya"


async def test_a_year_goes_from_the_school_to_the_order_that_locks_it(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    school, office = await client_as(SCHOOL), await client_as("uzhur")
    number = places.schools[SCHOOL]
    before = await last_number(engine)
    submitted = await go(school, number, "submit")
    assert (submitted["state"], submitted["is_open"]) == ("submitted", False)
    returned = await go(office, number, "return")
    assert (returned["is_open"], returned["note"]) == (True, "Нет результатов 5 класса")
    await go(school, number, "submit")
    locked = await go(office, number, "accept", "lock")
    assert (locked["order_number"], locked["order_on"]) == ("114-о", "2020-09-15")
    unlocked = await go(office, number, "unlock")
    assert (unlocked["state"], unlocked["is_open"]) == ("unlocked", True)
    assert await states(school) == {number: "unlocked"}
    entries = await entries_after(engine, before)
    assert [(e.entity, e.action, e.school_id) for e in entries] == [
        ("data_year", name, number)
        for name in ("submit", "return", "submit", "accept", "lock", "unlock")
    ]
    assert entries[0].actor_id == await own_id(school)
    assert entries[1].reason == "Нет результатов 5 класса"
    assert entries[4].changes["state"] == ["accepted", "locked"]
    assert entries[4].changes["order_number"] == [None, "114-о"]
    assert entries[5].reason == "Апелляции рассмотрены"


async def test_whoever_is_not_concerned_takes_no_step(
    client_as: ClientAs, places: Places
) -> None:
    school, office = await client_as(SCHOOL), await client_as("uzhur")
    elsewhere = places.schools["zhigalovo.synthetic-basic-2"]
    for name in ("accept", "return", "lock", "unlock"):
        answer = await step(school, places.schools[SCHOOL], name)
        assert answer.status_code == 403
        assert "years:decide" in answer.json()["detail"]
    assert (await step(school, places.schools[OTHER], "submit")).status_code == 404
    assert (await step(office, elsewhere, "lock")).status_code == 404
    foreign = places.municipalities["zhigalovo"]
    assert (await step_with_all(office, foreign, "lock")).status_code == 404
    assert set((await states(await client_as("zhigalovo"))).values()) == {"open"}


@pytest.mark.parametrize(
    ("body", "column"),
    [
        ({"comment": "  "}, "body.comment"),
        ({}, "body.comment"),
        ({"comment": "Исправьте", "state": "locked"}, "body.state"),
    ],
)
async def test_returning_says_what_to_mend(
    client_as: ClientAs, places: Places, body: dict[str, str], column: str
) -> None:
    office = await client_as("uzhur")
    number = places.schools[SCHOOL]
    await go(office, number, "submit")
    url = f"/v1/schools/{number}/data-years/2019/return"
    answer = await office.post(url, json=body)
    assert answer.status_code == 422
    assert [fault["column"] for fault in answer.json()["faults"]] == [column]
    assert (await states(office))[number] == "submitted"


async def test_a_step_that_is_not_possible_now_or_yet_changes_nothing(
    client_as: ClientAs, places: Places
) -> None:
    office, number = await client_as("uzhur"), places.schools[SCHOOL]
    answer = await step(office, number, "accept")
    assert (answer.status_code, answer.json()["code"]) == (409, "year_wrong_state")
    answer = await step(office, number, "submit", year=2021)
    assert (answer.status_code, answer.json()["code"]) == (422, "year_not_begun")
    assert set((await states(office)).values()) == {"open"}


async def test_a_district_locks_all_its_schools_and_unlocks_one(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office, number = await client_as("uzhur"), places.schools[SCHOOL]
    district = places.municipalities["uzhur"]
    of_district = [n for code, n in places.schools.items() if code.startswith("uzhur.")]
    await go(office, places.schools[OTHER], "submit", "accept", "lock")
    before = await last_number(engine)
    answer = await step_with_all(office, district, "lock")
    assert answer.json()["schools_changed"] == len(of_district) - 1
    assert len(await entries_after(engine, before)) == len(of_district)
    assert await states(office) == dict.fromkeys(of_district, "locked")
    again = await step_with_all(office, district, "lock")
    assert (again.status_code, again.json()["code"]) == (409, "year_wrong_state")
    await go(office, number, "unlock")
    assert await states(office, state="unlocked") == {number: "unlocked"}
    for wanted, times in ((district, 1), (2**31, 0)):
        params = {"academic_year": 2019, "municipality_id": wanted}
        listed = await office.get("/v1/municipality-years", params=params)
        assert len(listed.json()["items"]) == times
    listed = await office.get("/v1/municipality-years", params={"academic_year": 2019})
    (year,) = listed.json()["items"]
    assert year["state"] == "locked"
    assert year["schools"] == {"locked": len(of_district) - 1, "unlocked": 1}
    assert set((await states(office, academic_year=2018)).values()) == {"open"}
    assert (await step_with_all(office, district, "unlock")).status_code == 200
    assert set((await states(office)).values()) == {"unlocked"}


async def test_of_opposite_decisions_at_once_one_is_taken(
    client_as: ClientAs, places: Places
) -> None:
    office, number = await client_as("uzhur"), places.schools[SCHOOL]
    await go(office, number, "submit")
    answers = await asyncio.gather(
        *(step(office, number, "accept") for _ in range(8)),
    )
    codes = Counter(answer.status_code for answer in answers)
    assert codes == {200: 1, 409: 7}


async def test_of_two_offices_that_lock_a_year_at_once_one_does(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    offices = [await client_as("uzhur") for _ in range(2)]
    district = places.municipalities["uzhur"]
    of_district = [n for code, n in places.schools.items() if code.startswith("uzhur.")]
    before = await last_number(engine)
    answers = await asyncio.gather(
        *(step_with_all(office, district, "lock") for office in offices * 3)
    )
    codes = Counter(answer.status_code for answer in answers)
    assert codes == {200: 1, 409: 5}
    assert len(await entries_after(engine, before)) == len(of_district) + 1
    assert await states(offices[0]) == dict.fromkeys(of_district, "locked")


async def test_a_step_that_is_sent_again_is_answered_again(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    school, number = await client_as(SCHOOL), places.schools[SCHOOL]
    url = f"/v1/schools/{number}/data-years/2019/submit"
    key = {"Idempotency-Key": "once"}
    first = await school.post(url, json={"comment": "Всё внесено"}, headers=key)
    before = await last_number(engine)
    second = await school.post(url, json={"comment": "Всё внесено"}, headers=key)
    assert (second.status_code, second.json()) == (200, first.json())
    assert await entries_after(engine, before) == []
