"""Deadlines after a changed plan: what is done or past stays."""

from datetime import date
from typing import Any

from shared.domain.redating import redate

TODAY = date(2020, 9, 16)


def deadline(
    number: int, due: str, state: str = "open", **fields: Any
) -> dict[str, Any]:
    day = date.fromisoformat(due)
    row = {
        "id": number,
        "measure_id": 1,
        "school_id": 7,
        "occurrence": number,
        "starts_on": day,
        "nominal_due_on": day,
        "due_on": day,
        "state": state,
    }
    return row | fields


def test_done_and_past_deadlines_stay_whatever_the_plan_says() -> None:
    existing = [
        deadline(1, "2020-06-01"),
        deadline(2, "2020-12-01", "done"),
        deadline(3, "2019-12-01", "past"),
    ]
    assert redate(existing, [], today=TODAY).withdrawn == []
    moved = [deadline(number, "2021-05-01") for number in (1, 2, 3)]
    assert redate(existing, moved, today=TODAY).written == []


def test_open_deadlines_move_with_the_plan_or_are_withdrawn() -> None:
    existing = [deadline(1, "2020-10-01"), deadline(2, "2020-11-01")]
    plan = redate(existing, [deadline(1, "2020-10-15")], today=TODAY)
    assert [row["due_on"] for row in plan.written] == [date(2020, 10, 15)]
    assert plan.withdrawn == [2]
    assert [
        (move.deadline_id, move.due_before, move.due_on) for move in plan.moves
    ] == [
        (1, date(2020, 10, 1), date(2020, 10, 15)),
        (2, date(2020, 11, 1), None),
    ]
    assert plan.opened == []


def test_what_was_returned_moves_and_stays_returned_what_is_submitted_waits() -> None:
    existing = [
        deadline(1, "2020-10-01", "returned"),
        deadline(2, "2020-10-01", "submitted"),
        deadline(3, "2020-10-01", "returned"),
    ]
    wanted = [deadline(number, "2020-10-15") for number in (1, 2)]
    plan = redate(existing, wanted, today=TODAY)
    assert [(row["id"], row["state"]) for row in plan.written] == [(1, "returned")]
    assert plan.withdrawn == [3]


def test_what_comes_back_is_open_again_and_nothing_is_owed_for_days_gone() -> None:
    existing = [deadline(1, "2020-10-01", "withdrawn")]
    wanted = [deadline(1, "2020-10-01"), deadline(2, "2020-09-15")]
    plan = redate(existing, wanted, today=TODAY)
    assert [(row["occurrence"], row["state"]) for row in plan.written] == [(1, "open")]


def test_an_unchanged_plan_writes_nothing_and_what_was_opened_by_hand_stays() -> None:
    same = [deadline(1, "2020-10-01")]
    by_hand = deadline(9, "2020-10-01", measure_id=2)
    plan = redate([*same, by_hand], same, today=TODAY, untouched={2})
    assert (plan.written, plan.withdrawn) == ([], [])
