"""In which academic years a school can have data."""

from datetime import date

import pytest

from shared.domain.reorganisations import SchoolLife
from shared.domain.school_years import day_faults, future_faults, life_faults


@pytest.mark.parametrize(
    ("opened_on", "closed_on", "accepted"),
    [
        (None, None, True),
        (None, date(2021, 9, 1), False),
        (None, date(2021, 9, 2), True),
        (date(2022, 8, 31), None, True),
        (date(2022, 9, 1), None, False),
    ],
)
def test_a_year_counts_if_the_school_exists_in_it(
    opened_on: date | None, closed_on: date | None, *, accepted: bool
) -> None:
    life = SchoolLife(1, "Ильинская", opened_on, closed_on)
    assert bool([*life_faults(life, 2021, "academic_year")]) is not accepted


def test_the_fault_names_day_and_successor() -> None:
    life = SchoolLife(1, "Ильинская", None, date(2021, 9, 1), ("Ужурская № 1",))
    [fault] = life_faults(life, 2023, "academic_year")
    for text in (fault.reason.ru, fault.reason.en):
        assert "2021-09-01" in text
        assert "Ужурская № 1" in text
    assert (fault.column, fault.value) == ("academic_year", "2023")


def test_facts_are_of_the_coming_year_at_the_latest() -> None:
    today = date(2021, 8, 31)
    assert [*future_faults(2021, today, "year")] == []
    [fault] = future_faults(2022, today, "year")
    assert "2021/2022" in fault.reason.ru


@pytest.mark.parametrize(
    ("day", "accepted"),
    [
        (None, True),
        (date(2020, 8, 31), False),
        (date(2020, 9, 1), True),
        (date(2021, 1, 10), True),
        (date(2021, 1, 11), False),
    ],
)
def test_works_are_written_while_there_is_the_school(
    day: date | None, *, accepted: bool
) -> None:
    life = SchoolLife(
        1, "Ильинская", date(2020, 9, 1), date(2021, 1, 11), ("Ужурская № 1",)
    )
    faults = [*day_faults(life, day, "written_on")]
    assert bool(faults) is not accepted
    assert all(fault.column == "written_on" for fault in faults)


def test_a_work_of_a_school_that_was_merged_is_its_successors() -> None:
    life = SchoolLife(1, "Ильинская", None, date(2021, 1, 11), ("Ужурская № 1",))
    [fault] = day_faults(life, date(2021, 4, 1), "written_on")
    assert "went over into Ужурская № 1" in fault.reason.en
    assert "преемник: Ужурская № 1" in fault.reason.ru
