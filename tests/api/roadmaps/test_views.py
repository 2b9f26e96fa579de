"""Deadlines as they are looked at: by week, by who answers, by what is overdue."""

from datetime import date
from typing import Any

import httpx
import pytest

from tests.api.roadmaps.conftest import District
from tests.support.api import ClientAs


async def found(client: httpx.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    page = await client.get("/v1/deadlines", params={"limit": 500, **params})
    assert page.status_code == 200, page.text
    items: list[dict[str, Any]] = page.json()["items"]
    return items


async def test_filters_tell_apart_what_the_list_shows(client_as: ClientAs) -> None:
    office = await client_as("uzhur")
    weekly = await found(office, week="2020-W40")
    assert {date.fromisoformat(x["due_on"]).isocalendar()[:2] for x in weekly} == {
        (2020, 40)
    }
    own = await found(office, week="2020-W40", party="municipality")
    schools = await found(office, week="2020-W40", party="school")
    assert {each["school_id"] for each in own} == {None}
    assert None not in {each["school_id"] for each in schools}
    assert len(own) + len(schools) == len(weekly)
    measure = schools[0]["measure_id"]
    of_measure = await found(office, measure_id=measure)
    assert {each["measure_id"] for each in of_measure} == {measure}
    named = next(
        each["responsible_text"] for each in weekly if each["responsible_text"]
    )
    responsible = await found(office, responsible=named[:8].upper(), week="2020-W40")
    assert responsible
    assert all(named[:8] in each["responsible_text"] for each in responsible)
    assert await found(office, kind="recommendation") == []
    assert await found(office, overdue=True) == []
    admin = await client_as("admin")
    moved = await admin.put("/v1/clock", json={"now": "2020-10-05T09:00:00+07:00"})
    moved.raise_for_status()
    overdue = await found(office, overdue=True, week="2020-W40")
    assert [each["id"] for each in overdue] == [each["id"] for each in weekly]
    assert await found(office, overdue=False, week="2020-W40") == []


@pytest.mark.parametrize("week", ["2020-W54", "2020-40", "2021-W53", "W40"])
async def test_a_week_that_is_none_is_refused(client_as: ClientAs, week: str) -> None:
    office = await client_as("uzhur")
    answer = await office.get("/v1/deadlines", params={"week": week})
    assert answer.status_code == 422


async def test_the_execution_counts_what_was_met_in_time_and_what_was_not(
    district: District,
) -> None:
    office, school = district.office, district.school
    weekly = await found(school, week="2020-W40")
    programme = weekly[0]["programme_id"]
    first, second, third = (each["id"] for each in weekly[:3])
    attached = {"file": ("a.txt", b"a")}
    for number in (first, third):
        sent = await school.post(
            f"/v1/deadlines/{number}/submissions",
            data={"text": "Готово", "link": "https://example.org/1"},
            files=attached,
        )
        assert sent.status_code == 201, sent.text
    await office.post(f"/v1/deadlines/{first}/accept", json={})
    moved = await district.admin.put(
        "/v1/clock", json={"now": "2020-10-05T09:00:00+07:00"}
    )
    moved.raise_for_status()
    late = await school.post(
        f"/v1/deadlines/{second}/submissions",
        data={"text": "С опозданием"},
        files={"link": (None, b"")},
    )
    assert late.status_code == 201, late.text
    await office.post(f"/v1/deadlines/{second}/accept", json={})

    address = f"/v1/programmes/{programme}/roadmap-execution"
    stretch = {"due_from": "2020-09-28", "due_to": "2020-10-04"}
    own = (await school.get(address, params=stretch)).json()
    assert own["total"] == {
        "owed": len(weekly),
        "done_on_time": 1,
        "done_late": 1,
        "submitted": 1,
        "overdue": len(weekly) - 3,
        "ahead": 0,
        "with_evidence": 1,
        "links": 1,
        "files": 1,
    }
    assert [each["school_id"] for each in own["schools"]] == [weekly[0]["school_id"]]
    whole = (await office.get(address)).json()
    for groups in ("measures", "schools"):
        for name, number in whole["total"].items():
            assert sum(each[name] for each in whole[groups]) == number, name
    total = whole["total"]
    parts = ("done_on_time", "done_late", "submitted", "overdue", "ahead")
    assert sum(total[name] for name in parts) == total["owed"]

    exported = await office.get(
        "/v1/exports/roadmap-execution", params={"format": "csv"}
    )
    header, *lines = exported.content.decode("utf-8-sig").splitlines()
    place = header.split(";").index("done_on_time")
    of_programmes = sum(int(line.split(";")[place]) for line in lines if line)
    assert of_programmes == total["done_on_time"] == 1
    assert (await school.get("/v1/programmes/999999/roadmap-execution")).is_error
