"""The period of a programme bounds what is in force and needs a school calendar."""

from tests.api.exports.reading import listed
from tests.api.mentoring.conftest import Places
from tests.support.api import ClientAs


async def test_a_period_beyond_the_school_calendar_names_measures_and_the_year(
    client_as: ClientAs, places: Places
) -> None:
    office, number = await client_as("uzhur"), places.programmes["uzhur"]
    longer = {"kind": "change_period", "ends_on": "2029-08-31"}
    answer = await office.post(
        f"/v1/programmes/{number}/amendments",
        json={
            "order_number": "87-о",
            "order_on": "2020-09-10",
            "body": "Управление образования",
            "reason": "По итогам мониторинга",
            "changes": [longer],
        },
    )
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "school_terms_missing")
    listed_rows = await listed(office, f"programmes/{number}/measures")
    rows = {row["key"]: row for row in listed_rows}
    named = [
        fault["column"].removeprefix("measures.").removesuffix(".term_text")
        for fault in problem["faults"]
    ]
    assert len(named) == 3
    for key, fault in zip(named, problem["faults"], strict=True):
        assert fault["value"] == rows[key]["term_text"]
        assert rows[key]["title"] in fault["reason_en"]
        assert "of 2023/2024" in fault["reason_en"]
        assert "POST /v1/school-calendar" in fault["reason_en"]
    programme = await office.get(f"/v1/programmes/{number}")
    assert programme.json()["ends_on"] == "2022-08-31"


async def test_nothing_is_in_force_before_a_programme_starts_or_after_it_ends(
    client_as: ClientAs, places: Places
) -> None:
    office, number = await client_as("zhigalovo"), places.programmes["zhigalovo"]
    seen = {}
    for day in ("1900-01-01", "2020-08-31", "2020-09-01", "2022-12-30", "2022-12-31"):
        answer = await office.get(f"/v1/programmes/{number}/in-force?on={day}")
        state = answer.json()
        assert bool(state["measures"]) == bool(state["targets"]) == state["is_in_force"]
        seen[day] = state["is_in_force"]
    assert list(seen.values()) == [False, False, True, True, False]
