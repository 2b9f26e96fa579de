"""Calendar programs read deadlines by a secret address, and see what has changed."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from icalendar import Calendar, Event
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.feeds.usecases import hash_of
from shared.persistence.work import begin_as_system
from tests.api.exports.reading import listed
from tests.api.mentoring.conftest import Places, places
from tests.support.api import ClientAs

__all__ = ["places"]  # a fixture

SCHOOL = "uzhur.ilinskaya"
MOVING = "roadmap-2.17"


async def subscribed(client: httpx.AsyncClient, **wanted: Any) -> dict[str, Any]:
    """Make a feed; return it with the path of its address."""
    made = await client.post("/v1/feeds", json=wanted)
    assert made.status_code == 201, made.text
    assert made.headers["Cache-Control"] == "no-store"
    feed: dict[str, Any] = made.json()
    return feed | {"path": urlsplit(feed["url"]).path}


async def read(client: httpx.AsyncClient, path: str) -> tuple[Calendar, bytes]:
    """Read a feed as a calendar program does, without signing in."""
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    assert isinstance(calendar, Calendar)
    return calendar, answer.content


def events_of(calendar: Any) -> dict[str, Any]:
    events = [each for each in calendar.walk("VEVENT") if isinstance(each, Event)]
    by_uid = {str(event["UID"]): event for event in events}
    assert len(by_uid) == len(events)
    return by_uid


async def amended(office: httpx.AsyncClient, number: int, *changes: Any) -> None:
    order = {
        "order_number": f"{len(changes)}-о",
        "order_on": "2020-09-12",
        "body": "Управление образования",
        "reason": "По итогам мониторинга",
        "changes": list(changes),
    }
    made = await office.post(f"/v1/programmes/{number}/amendments", json=order)
    assert made.status_code == 201, made.text


async def test_a_school_sees_its_deadlines_in_a_calendar_and_how_they_move(
    client_as: ClientAs, client: httpx.AsyncClient, places: Places
) -> None:
    school, office = await client_as(SCHOOL), await client_as("uzhur")
    feed = await subscribed(school, kind="person", name="Сроки; школы, " + "я" * 60)
    calendar, content = await read(client, feed["path"])
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\r\n " in content  # lines are folded
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in content
    assert str(calendar["X-WR-CALNAME"]) == feed["name"]
    owed = {row["id"]: row for row in await listed(school, "deadlines", state="open")}
    before = events_of(calendar)
    assert len(before) == len(owed)
    for event in before.values():
        number = int(str(event["UID"]).split("-")[1])
        row = owed.pop(number)
        start = event["DTSTART"]
        assert start.params["VALUE"] == "DATE"
        assert start.dt == date.fromisoformat(row["due_on"])
        assert event["DTEND"].dt == start.dt + timedelta(days=1)
        assert (event["SEQUENCE"], str(event["STATUS"])) == (1, "CONFIRMED")
        assert str(event["SUMMARY"]) == f"{row['number']} {row['title']}"
        assert event["LAST-MODIFIED"].dt.isoformat()[:19] == row["changed_at"][:19]

    moved = {"term_text": "Октябрь 2021 года"}
    await amended(
        office,
        places.programmes["uzhur"],
        {"kind": "replace_measure", "key": MOVING, "measure": moved},
        {"kind": "withdraw_measure", "key": "roadmap-6.45"},
    )
    after = events_of((await read(client, feed["path"]))[0])
    assert after.keys() == before.keys()  # nothing vanishes, and nothing is doubled
    changed = {uid for uid in after if after[uid]["SEQUENCE"] != 1}
    cancelled = {uid for uid in after if str(after[uid]["STATUS"]) == "CANCELLED"}
    titles = {str(after[uid]["SUMMARY"]).split()[0] for uid in changed}
    assert titles == {"17", "45"}
    assert all(int(after[uid]["SEQUENCE"]) > 1 for uid in changed)
    assert {date(2021, 10, 29)} == {
        after[uid]["DTSTART"].dt for uid in changed - cancelled
    }
    assert cancelled


async def test_an_unchanged_feed_is_304_in_the_language_of_the_account(
    client_as: ClientAs, client: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    school = await client_as(SCHOOL)
    feed = await subscribed(school, kind="school")
    first = await client.get(feed["path"])
    tag = {"If-None-Match": first.headers["ETag"]}
    again = await client.get(feed["path"], headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    async with begin_as_system(engine) as work:
        await work.session.execute(
            text("UPDATE api.users SET language = 'en' WHERE login = :login"),
            {"login": SCHOOL},
        )
        await work.session.execute(
            text(
                "UPDATE api.deadlines SET state = 'done' WHERE id ="
                " (SELECT min(id) FROM api.deadlines"
                "  WHERE school_id = :school AND state = 'open')"
            ),
            {"school": feed["school_id"]},
        )
    changed = await client.get(feed["path"], headers=tag)
    assert changed.status_code == 200
    events = events_of(Calendar.from_ical(changed.content)).values()
    (done,) = [each for each in events if str(each["SUMMARY"]).startswith("✓ ")]
    assert str(done["DESCRIPTION"]).startswith("State: Done\n")
    assert (str(done["STATUS"]), done["SEQUENCE"]) == ("CONFIRMED", 2)


async def test_the_secret_opens_one_feed_and_dies_with_it_or_its_account(
    client_as: ClientAs,
    client: httpx.AsyncClient,
    engine: AsyncEngine,
    places: Places,
) -> None:
    office, school = await client_as("uzhur"), await client_as(SCHOOL)
    own = await subscribed(office, kind="person")
    whole = await subscribed(office, kind="municipality")
    one = await subscribed(office, kind="school", school_id=places.schools[SCHOOL])
    counts = [len(events_of((await read(client, f["path"]))[0])) for f in (own, whole)]
    assert 0 < counts[0] < counts[1]
    of_school = events_of((await read(client, one["path"]))[0]).values()
    assert all("Школа: " in str(event["DESCRIPTION"]) for event in of_school)
    secret = one["path"].rpartition("/")[2].removesuffix(".ics")
    asked = await client.get(
        "/v1/deadlines", headers={"Authorization": f"Bearer {secret}"}
    )
    assert asked.status_code == 401
    async with begin_as_system(engine) as work:
        kept = await work.session.execute(text("SELECT f.*, f::text FROM api.feeds f"))
        rows = kept.all()
    assert hash_of(secret) in {row.token_hash for row in rows}
    assert not [row for row in rows if secret in str(row)]
    history = await office.get("/v1/audit", params={"entity": "feed"})
    assert secret not in history.text
    assert {entry["action"] for entry in history.json()["items"]} == {"create"}

    shown = (await office.get("/v1/feeds")).json()["items"]
    assert [each["id"] for each in shown] == [own["id"], whole["id"], one["id"]]
    assert secret not in str(shown)
    assert (await school.get("/v1/feeds")).json()["items"] == []
    assert (await school.delete(f"/v1/feeds/{one['id']}")).status_code == 404
    assert (await office.delete(f"/v1/feeds/{one['id']}")).status_code == 204
    assert (await office.delete(f"/v1/feeds/{one['id']}")).status_code == 204
    gone = await client.get(one["path"])
    assert (gone.status_code, gone.json()["code"]) == (404, "feed_not_found")
    unknown = await client.get("/v1/feeds/unknown.ics")
    assert unknown.json()["detail"] == gone.json()["detail"]
    assert (await client.get(own["path"])).status_code == 200
    async with begin_as_system(engine) as work:
        await work.session.execute(
            text("UPDATE api.users SET is_active = false WHERE login = 'uzhur'")
        )
    for feed in (own, whole):
        assert (await client.get(feed["path"])).status_code == 404


async def test_nobody_gets_a_feed_of_what_is_not_theirs(
    client_as: ClientAs, places: Places
) -> None:
    school, admin = await client_as(SCHOOL), await client_as("admin")
    other = await client_as("zhigalovo")
    abroad = places.municipalities["uzhur"]
    neighbour = places.schools["uzhur.solgonskaya"]
    for client, wanted, status in (
        (school, {"kind": "municipality"}, 404),
        (school, {"kind": "school", "school_id": neighbour}, 404),
        (other, {"kind": "municipality", "municipality_id": abroad}, 404),
        (other, {"kind": "school", "school_id": neighbour}, 404),
        (other, {"kind": "school"}, 422),
        (admin, {"kind": "person"}, 422),
        (admin, {"kind": "municipality", "municipality_id": abroad}, 201),
    ):
        answer = await client.post("/v1/feeds", json=wanted)
        assert answer.status_code == status, (wanted, answer.text)
