"""A municipality's calendar is replaced, and open deadlines move with it."""

from typing import Any

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.work import begin_as_system
from tests.api.exports.reading import listed
from tests.api.mentoring.conftest import Places, places
from tests.support.api import ClientAs

__all__ = ["places"]  # a fixture

OWN_DAYS = [
    {
        "day": "2020-12-29",
        "is_working": False,
        "document_number": "214-р",
        "reason": "Аварийное отключение тепла",
    },
    {
        "day": "2021-05-29",
        "is_working": True,
        "document_number": "98",
        "reason": "Рабочая суббота",
    },
]


def address(number: int, year: int = 2020) -> str:
    return f"/v1/municipalities/{number}/calendar/{year}"


async def current(client: httpx.AsyncClient, number: int) -> dict[str, Any]:
    """Return the calendar with its tag, as the body that would replace it."""
    answer = await client.get(address(number))
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    fields = ("quarters", "half_years", "days")
    return {name: shown[name] for name in fields} | {"tag": answer.headers["ETag"]}


async def put(
    client: httpx.AsyncClient,
    number: int,
    calendar: dict[str, Any],
    *,
    dry_run: bool = False,
) -> httpx.Response:
    body = {name: value for name, value in calendar.items() if name != "tag"}
    return await client.put(
        address(number),
        json=body,
        headers={"If-Match": calendar["tag"]},
        params={"dry_run": dry_run},
    )


async def due(client: httpx.AsyncClient, number: str) -> dict[int, tuple[str, int]]:
    """Return due date and revision of the deadlines of a measure, by their numbers."""
    rows = await listed(client, "deadlines")
    return {
        row["id"]: (row["due_on"], row["revision"])
        for row in rows
        if row["number"] == number and row["state"] == "open"
    }


async def test_a_day_off_moves_open_deadlines_and_tells_which_first_without_writing(
    client_as: ClientAs, places: Places, engine: AsyncEngine
) -> None:
    office, number = await client_as("zhigalovo"), places.municipalities["zhigalovo"]
    before, calendar = await due(office, "4.2."), await current(office, number)
    wanted = calendar | {"days": OWN_DAYS, "reason": "Распоряжение главы"}
    moving = {key for key, (day, _) in before.items() if day == "2020-12-29"}
    assert len(moving) > 1

    dry = await put(office, number, wanted, dry_run=True)
    assert dry.status_code == 200, dry.text
    told = dry.json()
    assert told["dry_run"]
    (quarter,) = [each for each in told["moved"] if each["number"] == "4.2."]
    assert (quarter["due_before"], quarter["due_on"]) == ("2020-12-29", "2020-12-28")
    assert set(quarter["deadlines"]) == moving
    assert None in quarter["schools"]
    assert (await current(office, number)) == calendar
    assert await due(office, "4.2.") == before

    done = min(moving)
    async with begin_as_system(engine) as work:
        await work.session.execute(
            text("UPDATE api.deadlines SET state = 'done' WHERE id = :done"),
            {"done": done},
        )
    moving.remove(done)

    made = await put(office, number, wanted)
    assert made.status_code == 200, made.text
    assert "ETag" not in dry.headers
    (quarter,) = [each for each in made.json()["moved"] if each["number"] == "4.2."]
    assert set(quarter["deadlines"]) == moving  # what is done stays
    assert made.json()["calendar"]["days"] == OWN_DAYS
    after = await due(office, "4.2.")
    assert {after[key] for key in moving} == {("2020-12-28", 2)}
    assert {after[key][1] for key in after.keys() - moving} == {1}
    history = (await office.get("/v1/audit", params={"entity": "deadline"})).json()
    moves = {entry["entity_id"]: entry for entry in history["items"]}
    assert moving <= moves.keys()
    for entry in (moves[key] for key in moving):
        assert entry["changes"] == {"due_on": ["2020-12-29", "2020-12-28"]}
        assert entry["reason"] == "Распоряжение главы"

    # The tag is of the calendar that is gone.
    stale = await put(office, number, wanted)
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    same = await current(office, number) | {"tag": made.headers["ETag"]}
    nothing = await put(office, number, same)
    assert (nothing.json()["moved"], nothing.json()["opened"]) == ([], 0)
    back = await put(office, number, same | {"days": []})
    assert len(back.json()["moved"]) == len(told["moved"])
    assert {day for day, _ in (await due(office, "4.2.")).values()} == {
        day for day, _ in before.values()
    }


async def test_quarters_are_replaced_at_once_and_what_is_missed_is_refused(
    client_as: ClientAs, places: Places
) -> None:
    office, number = await client_as("zhigalovo"), places.municipalities["zhigalovo"]
    calendar = await current(office, number)
    quarters = [dict(each) for each in calendar["quarters"]]
    quarters[0]["ends_on"] = "2020-10-30"
    made = await put(office, number, calendar | {"quarters": quarters})
    assert made.status_code == 200, made.text
    assert [
        (each["number"], each["due_before"], each["due_on"])
        for each in made.json()["moved"]
    ] == [("4.2.", "2020-10-23", "2020-10-30")]
    rows = await listed(office, "school-calendar", municipality_id=number)
    assert [
        row["provenance"]
        for row in rows
        if (row["academic_year"], row["kind"]) == (2020, "quarter")
    ].count("local") == 1

    now = await current(office, number)
    overlapping = [quarters[0], quarters[0] | {"ends_on": "2020-11-30"}]
    for changed, code in (
        ({"quarters": []}, "school_terms_missing"),
        ({"quarters": overlapping}, "invalid_input"),
        ({"days": OWN_DAYS + OWN_DAYS}, "invalid_calendar"),
        ({"days": [OWN_DAYS[0] | {"day": "2021-09-01"}]}, "invalid_calendar"),
        ({"days": [OWN_DAYS[0] | {"day": "2021-05-30"}]}, "invalid_calendar"),
        ({"days": [OWN_DAYS[1] | {"day": "2021-05-28"}]}, "invalid_calendar"),
    ):
        refused = await put(office, number, now | changed)
        assert refused.status_code == 422, (changed, refused.text)
        assert refused.json()["code"] == code, (changed, refused.text)
    assert await current(office, number) == now
    body = {name: now[name] for name in ("quarters", "half_years", "days")}
    unsaid = await office.put(address(number), json=body)
    assert (unsaid.status_code, unsaid.json()["code"]) == (428, "precondition_required")
    other, school = await client_as("uzhur"), await client_as("uzhur.ilinskaya")
    assert (await put(other, number, now)).status_code == 404
    assert (await put(school, number, now)).status_code == 403
    assert (await school.get(address(number))).status_code == 404
