"""Rules of merging and splitting schools."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.reorganisations import (
    Reorganisation,
    ReorganisationKind,
    SchoolLife,
    check_reorganisation,
)

DAY = date(2021, 9, 1)
MERGE, SPLIT = ReorganisationKind.MERGE, ReorganisationKind.SPLIT


def life(
    number: int, *, opened_on: date | None = None, closed_on: date | None = None
) -> SchoolLife:
    return SchoolLife(number, f"Школа {number}", opened_on, closed_on)


def faults(
    kind: ReorganisationKind,
    before: list[SchoolLife],
    after: list[SchoolLife],
    new: int = 0,
    order_on: date = date(2021, 6, 1),
) -> list[str | None]:
    wanted = Reorganisation(
        kind=kind,
        takes_effect_on=DAY,
        order_on=order_on,
        predecessors=before,
        successors=after,
        new_successors=new,
    )
    return [fault.column for fault in check_reorganisation(wanted)]


def test_schools_merge_into_one_that_there_is_or_that_opens() -> None:
    assert faults(MERGE, [life(1), life(2)], [life(3)]) == []
    assert faults(MERGE, [life(1)], [life(3)]) == []
    assert faults(MERGE, [life(1), life(2)], [], new=1) == []


def test_a_school_splits_into_several() -> None:
    assert faults(SPLIT, [life(1)], [life(2)], new=1) == []
    assert faults(SPLIT, [life(1)], [], new=1) == ["successor_ids"]
    assert faults(SPLIT, [life(1), life(2)], [], new=2) == ["predecessor_ids"]


def test_a_school_takes_over_once() -> None:
    assert faults(SPLIT, [life(1)], [life(2), life(2)]) == ["successor_ids"]


@pytest.mark.parametrize(
    ("before", "after", "column"),
    [
        ([life(1), life(1)], [life(3)], "predecessor_ids"),
        ([life(1), life(3)], [life(3)], "successor_ids"),
        ([life(1)], [life(2), life(3)], "successor_ids"),
        ([life(1, closed_on=date(2020, 9, 1))], [life(3)], "predecessor_ids"),
        ([life(1, closed_on=DAY)], [life(3)], "predecessor_ids"),
        ([life(1, closed_on=date(2022, 9, 1))], [life(3)], "predecessor_ids"),
        ([life(1)], [life(3, opened_on=date(2021, 9, 2))], "successor_ids"),
    ],
)
def test_what_cannot_be_is_named(
    before: list[SchoolLife], after: list[SchoolLife], column: str
) -> None:
    assert faults(MERGE, before, after) == [column]


def test_an_order_precedes_what_it_orders() -> None:
    assert faults(MERGE, [life(1)], [life(2)], order_on=DAY) == []
    late = faults(MERGE, [life(1)], [life(2)], order_on=date(2021, 9, 2))
    assert late == ["order_on"]


@given(st.none() | st.dates(), st.none() | st.dates(), st.dates())
def test_a_school_exists_from_its_first_day_until_before_its_closing(
    opened_on: date | None, closed_on: date | None, day: date
) -> None:
    school = life(1, opened_on=opened_on, closed_on=closed_on)
    starts = opened_on or date.min
    ends = closed_on or date.max
    expected = starts <= day < ends or (closed_on is None and day == date.max)
    assert school.exists_on(day) == expected
