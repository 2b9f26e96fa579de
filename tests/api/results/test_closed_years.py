"""Results of a year that was submitted or locked, and who corrects them, how."""

import asyncio
from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.work import begin_as_system
from shared.persistence.year_locks import hold_years
from tests.api.audit.reading import entries_after, last_number
from tests.api.mentoring.conftest import Places, places
from tests.api.results.test_results import body, create
from tests.api.years.steps import go, step, step_with_all
from tests.support.api import ClientAs

__all__ = ["places"]  # a fixture

SCHOOL = "uzhur.ilinskaya"
COUNTS = {"n2": 2, "n3": 8, "n4": 10, "n5": 5}
WHY = {"reason": "Апелляция"}


async def codes(
    client: httpx.AsyncClient, school_id: int, result_id: int, **query: Any
) -> list[str]:
    """Try to enter one result and to correct another; return what comes of it."""
    # Of every try a wave of its own, so that none meets another's result.
    wave = 2 if query else 3
    answers = [
        await client.post("/v1/results", json=body(school_id, wave=wave), params=query),
        await client.put(f"/v1/results/{result_id}", json=COUNTS, params=query),
    ]
    return [str(a.json().get("code", a.status_code)) for a in answers]


async def test_a_school_changes_its_results_until_it_hands_the_year_in(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    school, office = await client_as(SCHOOL), await client_as("uzhur")
    number = places.schools[SCHOOL]
    result = (await create(school, body(number)))["id"]
    await go(school, number, "submit", year=2020)
    before = await last_number(engine)
    for query in ({}, WHY):
        assert await codes(school, number, result, **query) == ["year_submitted"] * 2
    assert await codes(office, number, result) == ["year_submitted"] * 2
    assert await entries_after(engine, before) == []
    assert await codes(office, number, result, **WHY) == ["201", "200"]
    entered, corrected = await entries_after(engine, before)
    assert entered.reason == corrected.reason == "Апелляция"
    await go(office, number, "return", year=2020)
    assert (await school.put(f"/v1/results/{result}", json=COUNTS)).status_code == 200


async def test_of_a_locked_year_only_who_may_correct_it_does_with_a_reason(
    client_as: ClientAs, places: Places
) -> None:
    school, office = await client_as(SCHOOL), await client_as("uzhur")
    number = places.schools[SCHOOL]
    result = (await create(school, body(number)))["id"]
    await step_with_all(office, places.municipalities["uzhur"], "lock", year=2020)
    for query in ({}, WHY):
        assert await codes(school, number, result, **query) == ["year_locked"] * 2
    answer = await school.put(f"/v1/results/{result}", json=COUNTS)
    assert "years:correct" in answer.json()["detail"]
    answer = await office.put(f"/v1/results/{result}", json=COUNTS)
    assert (answer.status_code, answer.json()["code"]) == (409, "year_locked")
    assert "reason" in answer.json()["detail"]
    assert await codes(office, number, result, **WHY) == ["201", "200"]
    other_year = body(number, academic_year=2019)
    assert (await school.post("/v1/results", json=other_year)).status_code == 201


async def test_results_that_are_entered_while_the_year_is_locked_do_not_slip_in(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    school, office = await client_as(SCHOOL), await client_as("uzhur")
    number, district = places.schools[SCHOOL], places.municipalities["uzhur"]
    async with begin_as_system(engine) as held:
        await hold_years(held, district, [2020])
        locking = asyncio.create_task(step(office, number, "lock", year=2020))
        done, _ = await asyncio.wait([locking], timeout=0.5)
        assert not done
        late = asyncio.create_task(school.post("/v1/results", json=body(number)))
        done, _ = await asyncio.wait([late], timeout=0.5)
        assert not done
    assert (await locking).status_code == 200
    assert (await late).json()["code"] == "year_locked"
