"""Deadlines: who owes them, when they are due, who sees them."""

from typing import Any

import httpx

from tests.support.api import ClientAs


async def deadlines(client: httpx.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        answer = await client.get(
            "/v1/deadlines", params={**params, "after": after, "limit": 100}
        )
        answer.raise_for_status()
        found += answer.json()["items"]
        after = answer.json()["next_after"]
    return found


async def test_a_school_sees_its_own_deadlines_by_due_date(
    client_as: ClientAs,
) -> None:
    school = await client_as("uzhur.ilinskaya")
    own = await deadlines(school)
    assert {deadline["school_name"] for deadline in own} == {"МБОУ «Ильинская СОШ»"}
    due = [deadline["due_on"] for deadline in own]
    assert due == sorted(due)
    assert len({deadline["id"] for deadline in own}) == len(own)


async def test_september_terms_are_due_on_its_last_working_day(
    client_as: ClientAs,
) -> None:
    school = await client_as("uzhur.ilinskaya")
    september = await deadlines(school, due_from="2020-09-01", due_to="2020-09-30")
    assert [d["due_on"] for d in september] == ["2020-09-30"] * len(september)
    titles = " ".join(deadline["title"] for deadline in september)
    assert "Назначение ответственных" in titles
    assert all(deadline["days_left"] == 14 for deadline in september)
    assert not any(deadline["is_overdue"] for deadline in september)


async def test_a_due_date_on_a_day_off_moves_to_the_working_day_before(
    client_as: ClientAs,
) -> None:
    school = await client_as("uzhur.ilinskaya")
    moved = [d for d in await deadlines(school) if d["nominal_due_on"] == "2022-05-31"]
    half_years = await deadlines(school, due_from="2020-12-01", due_to="2021-01-10")
    assert [d["due_on"] for d in half_years] == ["2020-12-29"] * len(half_years)
    # 31 January 2021 is a Sunday, 28 August 2021 too: what is due then comes earlier.
    for deadline in [*moved, *await deadlines(school)]:
        assert deadline["due_on"] <= deadline["nominal_due_on"]


async def test_the_coordinator_sees_all_schools_and_the_districts_own(
    client_as: ClientAs,
) -> None:
    coordinator = await client_as("uzhur")
    found = await deadlines(coordinator, due_to="2020-09-30", due_from="2020-09-17")
    owners = {deadline["school_name"] for deadline in found}
    assert None in owners
    assert len(owners) == 16 + 1  # the branch reports through its school


async def test_measures_that_ended_before_the_programme_are_past(
    client_as: ClientAs,
) -> None:
    coordinator = await client_as("zhigalovo")
    past = await deadlines(coordinator, state="past")
    assert past
    assert {deadline["due_on"][:4] for deadline in past} == {"2020"}
    assert all(deadline["due_on"] < "2020-09-01" for deadline in past)


async def test_headings_have_no_deadlines_of_their_own(client_as: ClientAs) -> None:
    coordinator = await client_as("zhigalovo")
    numbers = {d["number"].rstrip(".") for d in await deadlines(coordinator)}
    assert "1.1.1.1" in numbers
    assert not numbers & {"1", "1.1", "1.1.1", "3.2.1", "4"}


async def test_another_schools_deadlines_are_not_there(client_as: ClientAs) -> None:
    school = await client_as("uzhur.ilinskaya")
    coordinator = await client_as("uzhur")
    schools = (await coordinator.get("/v1/schools")).json()["items"]
    other = next(s for s in schools if s["code"] == "prirechenskaya")
    assert await deadlines(school, school_id=other["id"]) == []
    assert await deadlines(coordinator, school_id=other["id"])
