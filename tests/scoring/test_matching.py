"""Mentors suggested through the database, and what makes them out of date."""

from datetime import date
from typing import Any

from sqlalchemy import insert, select

from services.api.cli import DEPLOY
from services.api.methods.loading import load_method, read_method
from shared.contracts.events import EventKind, Topic
from shared.domain.social_passports import SHARES
from shared.persistence.outbox import record
from shared.persistence.runs import find_current_run
from shared.persistence.tables.base import Base
from shared.persistence.tables.conditions import ListMembershipRow
from shared.persistence.tables.distances import SchoolDistanceRow
from shared.persistence.tables.matching import MentorSearchRow, MentorSuggestionRow
from shared.persistence.tables.mentor_bank import DeficitRow, MentorRequestRow
from shared.persistence.tables.social_passports import SocialPassportRow
from shared.persistence.work import begin_as_system
from tests.scoring.district import YEAR, District

WEAK, STRONG = (10, 10, 3, 2), (0, 5, 10, 10)


async def filled(district: District) -> None:
    """Schools a and b are weak, c and d strong; every school has two places."""
    async with begin_as_system(district.api) as work:
        await load_method(work, read_method(DEPLOY / "methods/mentor-matching.yaml"))
    await district.add_school("d")
    for code, marks in zip("abcd", (WEAK, WEAK, STRONG, STRONG), strict=True):
        await district.add_result(code, *marks)


async def add(district: District, dataset: str, row: type[Base], **values: Any) -> None:
    """Write a row of a dataset and its event, as the api does."""
    async with begin_as_system(district.api) as work:
        own = {"municipality_id": district.id, "provenance": "local"}
        await work.session.execute(insert(row).values(own | values))
        await record(
            work,
            EventKind.RECORDS_CHANGED,
            municipality_id=district.id,
            payload={"dataset": dataset},
        )


async def suggested(district: District) -> dict[str, tuple[str, dict[str, Any]]]:
    """Bring up to date; return each mentee's mentor with the details."""
    await district.recalculate()
    codes = {number: code for code, number in district.schools.items()}
    async with begin_as_system(district.api, district.id) as work:
        run = await find_current_run(work, Topic.MATCHING, district.id, YEAR)
        assert run is not None
        assert not run.is_stale
        rows = await work.session.execute(
            select(
                MentorSuggestionRow.mentee_id,
                MentorSuggestionRow.mentor_id,
                MentorSuggestionRow.details,
            ).where(MentorSuggestionRow.run_id == run.id, MentorSuggestionRow.is_chosen)
        )
        return {
            codes[mentee]: (codes[mentor], details) for mentee, mentor, details in rows
        }


async def test_a_run_suggests_mentors_and_keeps_why(district: District) -> None:
    await filled(district)

    found = await suggested(district)

    assert {mentee: mentor for mentee, (mentor, _) in found.items()} == {
        "a": "c",
        "b": "c",
    }
    _, details = found["a"]
    assert (details["mentee_name"], details["mentor_name"]) == ("Школа a", "Школа c")
    assert details["parts"]["complement"] == 1.0
    assert details["parts"]["conditions"] == 0.5
    (need,) = details["covered"]
    assert (need["kind"], need["code"]) == ("subject", "mathematics")
    assert (need["figure"], need["n"]) == (20.0, 25)
    assert (need["mentor_figure"], need["mentor_n"]) == (80.0, 25)
    async with begin_as_system(district.api, district.id) as work:
        run = await find_current_run(work, Topic.MATCHING, district.id, YEAR)
        assert run is not None
        assert run.method_code == "mentor-matching"
        searches = await work.session.execute(
            select(
                MentorSearchRow.school_id,
                MentorSearchRow.outcome,
                MentorSearchRow.excluded,
            ).where(MentorSearchRow.run_id == run.id)
        )
        outcomes = {number: (what, why) for number, what, why in searches}
    assert outcomes[district.schools["c"]] == ("no_need", [])
    what, why = outcomes[district.schools["a"]]
    assert what == "suggested"
    assert [(each["mentor_id"], each["reason"]) for each in why] == [
        (district.schools["b"], "not_strong_enough")
    ]


async def test_what_is_recorded_changes_the_suggestion(district: District) -> None:
    await filled(district)
    a, d = (district.schools[code] for code in "ad")
    assert (await suggested(district))["a"][0] == "c"

    way = {"school_id": d, "other_school_id": a, "km": 3.0, "same_bus_network": False}
    await add(district, "school-distances", SchoolDistanceRow, **way)
    mentor, details = (await suggested(district))["a"]
    assert (mentor, details["km"], details["parts"]["distance"]) == ("d", 3.0, 0.95)

    listed = {
        "list_kind": "low_results",
        "year": YEAR,
        "school_id": d,
        "act_body": "Управление образования",
        "act_number": "112",
        "act_on": date(2019, 9, 1),
    }
    await add(district, "list-memberships", ListMembershipRow, **listed)
    assert (await suggested(district))["a"][0] == "c"

    asked = {
        "school_id": a,
        "position": "Учителя математики",
        "subject": "mathematics",
        "problem": "Дроби",
        "urgency": "high",
        "asked_on": date(2020, 4, 1),
        "status": "open",
    }
    await add(district, "mentor-requests", MentorRequestRow, **asked)
    lacking = {
        "school_id": a,
        "bearer": "team",
        "position": "Учителя физики",
        "subject": "physics",
        "kind": "methodical",
        "source": "survey",
        "observed_on": date(2020, 4, 1),
    }
    await add(district, "deficits", DeficitRow, **lacking)
    _, details = (await suggested(district))["a"]
    assert details["parts"]["urgency"] == 1.0
    # Of 3.5 that it needs in all, half a unit is in physics, which nobody covers.
    assert details["parts"]["complement"] == round(3 / 3.5, 4)


async def test_the_conditions_of_both_schools_are_compared(district: District) -> None:
    await filled(district)
    async with begin_as_system(district.api) as work:
        shipped = read_method(DEPLOY / "methods/conditions-of-schools.yaml")
        await load_method(work, shipped)
    # All shares are known; a is as well off as d, and c stands at the other end.
    for code, bussed in (("a", 0.0), ("d", 0.0), ("c", 90.0)):
        shares = {share.percent: 50.0 for share in SHARES} | {"bussed_percent": bussed}
        passport = {"academic_year": YEAR, "school_id": district.schools[code]}
        await add(district, "social-passports", SocialPassportRow, **passport, **shares)

    mentor, details = (await suggested(district))["a"]

    assert mentor == "d"
    assert details["parts"]["conditions"] == 1.0
    assert details["mentee_conditions"] == details["mentor_conditions"] == 1.0


async def test_without_a_method_nothing_is_suggested(district: District) -> None:
    await district.add_result("a", *WEAK)

    assert await suggested(district) == {}
