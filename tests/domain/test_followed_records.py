"""What records ask for, and how far their deadlines are by them."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from shared.domain.data_years import YearState
from shared.domain.deadlines import OWED, DeadlineState
from shared.domain.followed_records import (
    Asked,
    Before,
    asked_by_school_programme,
    asked_by_year,
    settled,
)
from shared.domain.school_programmes import SchoolProgrammeStatus

TODAY, DUE = date(2020, 9, 16), date(2020, 10, 1)
ASKED = Asked(
    source_id=1,
    school_id=7,
    due_on=DUE,
    starts_on=TODAY,
    title="Сдать",
    state=DeadlineState.DONE,
)


def programme(status: SchoolProgrammeStatus, **fields: object) -> SimpleNamespace:
    values = {
        "id": 1,
        "school_id": 7,
        "title": "Рост",
        "starts_on": date(2020, 11, 1),
        "ends_on": date(2021, 5, 31),
        "submit_by": None,
        "submitted_on": None,
        "completed_on": None,
        "status": status,
    }
    return SimpleNamespace(**(values | fields))


@pytest.mark.parametrize("status", SchoolProgrammeStatus)
def test_a_programme_is_first_handed_in_and_then_carried_out(
    status: SchoolProgrammeStatus,
) -> None:
    asked = list(asked_by_school_programme(programme(status)))
    owed = [each.occurrence for each in asked if each.state in OWED]
    editable = {SchoolProgrammeStatus.DRAFT, SchoolProgrammeStatus.RETURNED}
    approved = {SchoolProgrammeStatus.APPROVED, SchoolProgrammeStatus.IN_PROGRESS}
    assert owed == [1] * (status in editable) + [2] * (status in approved)


def test_a_programme_is_handed_in_by_its_first_day_unless_another_is_set() -> None:
    draft = programme(SchoolProgrammeStatus.DRAFT)
    (asked,) = asked_by_school_programme(draft)
    assert asked.due_on == date(2020, 11, 1)
    draft.submit_by = DUE
    (asked,) = asked_by_school_programme(draft)
    assert asked.due_on == DUE


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (None, (DeadlineState.DONE, TODAY)),
        (Before(DeadlineState.OPEN, None, date(2020, 9, 1)), ("done", TODAY)),
        (
            Before(DeadlineState.SUBMITTED, None, date(2020, 9, 10)),
            ("done", date(2020, 9, 10)),
        ),
        (
            Before(DeadlineState.DONE, date(2020, 9, 5), date(2020, 9, 12)),
            ("done", date(2020, 9, 5)),
        ),
    ],
)
def test_it_is_met_on_the_day_on_which_it_was_handed_in(
    before: Before | None, expected: tuple[str, date]
) -> None:
    assert settled(ASKED, before, today=TODAY, closed_on=None) == expected
    known = replace(ASKED, met_on=date(2020, 9, 2))
    assert settled(known, before, today=TODAY, closed_on=None)[1] == date(2020, 9, 2)


def test_a_year_that_is_locked_before_it_was_submitted_is_owed_no_more() -> None:
    row = SimpleNamespace(
        academic_year=2019, school_id=7, due_on=DUE, set_on=TODAY, state="locked"
    )
    (asked,) = asked_by_year(row)
    never = settled(asked, None, today=TODAY, closed_on=None)
    assert never == (DeadlineState.WITHDRAWN, None)
    waiting = Before(DeadlineState.SUBMITTED, None, TODAY)
    handed = settled(asked, waiting, today=TODAY, closed_on=None)
    assert handed == (DeadlineState.DONE, TODAY)


@pytest.mark.parametrize("state", YearState)
def test_every_state_of_a_year_says_how_far_its_deadline_is(state: YearState) -> None:
    row = SimpleNamespace(
        academic_year=2019, school_id=7, due_on=DUE, set_on=TODAY, state=state
    )
    (asked,) = asked_by_year(row)
    assert (asked.state in OWED) == (state in {YearState.OPEN, YearState.RETURNED})


@pytest.mark.parametrize(
    ("closed_on", "state"),
    [
        (None, "open"),
        (date(2020, 10, 2), "open"),
        (DUE, "withdrawn"),
        (date(2020, 9, 1), "withdrawn"),
    ],
)
def test_a_school_owes_nothing_that_is_due_once_it_is_closed(
    closed_on: date | None, state: str
) -> None:
    asked = replace(ASKED, state=DeadlineState.OPEN)
    assert settled(asked, None, today=TODAY, closed_on=closed_on) == (state, None)
