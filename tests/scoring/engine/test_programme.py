"""Programme indicators: network mentoring year by year, and target ranges."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.engine.programme import (
    AGREEMENT_SCHEMA,
    ShareOfSchools,
    against_range,
    network_mentoring,
)
from shared.domain.errors import InvalidInputError

Agreement = tuple[int, int, str, date, date, date | None]

SCHOOLS = {1, 2, 3, 4}
START, END = date(2020, 10, 1), date(2022, 5, 31)
NEW_YEAR = date(2021, 1, 1)


def frame(*rows: Agreement) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=AGREEMENT_SCHEMA, orient="row")


def of_year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def years_counted(
    status: str, start: date = START, end: date = END, ended: date | None = None
) -> list[int]:
    agreements = frame((1, 2, status, start, end, ended))
    return [
        year
        for year in range(2019, 2025)
        if network_mentoring(SCHOOLS, agreements, *of_year(year)).numerator
    ]


@pytest.mark.parametrize("status", ["signed", "active", "suspended", "completed"])
def test_an_agreement_counts_in_each_year_of_its_period(status: str) -> None:
    assert years_counted(status) == [2020, 2021, 2022]


@pytest.mark.parametrize("status", ["draft", "proposed", "an unknown status"])
def test_an_unsigned_agreement_never_counts(status: str) -> None:
    assert years_counted(status) == []


def test_a_completed_agreement_counts_up_to_the_day_it_was_completed() -> None:
    assert years_counted("completed", ended=date(2020, 12, 31)) == [2020]
    assert years_counted("completed", ended=NEW_YEAR) == [2020, 2021]


def test_a_terminated_agreement_counts_before_its_termination_only() -> None:
    assert years_counted("terminated", ended=date(2021, 1, 2)) == [2020, 2021]
    assert years_counted("terminated", ended=NEW_YEAR) == [2020]
    assert years_counted("terminated", ended=START) == []
    assert years_counted("terminated", ended=date(2020, 9, 1)) == []


def test_a_termination_without_its_day_is_not_counted() -> None:
    assert years_counted("terminated") == []


def test_one_day_in_a_year_is_enough() -> None:
    last_day, first_day = date(2020, 12, 31), NEW_YEAR

    assert years_counted("active", last_day, first_day) == [2020, 2021]
    assert years_counted("active", last_day, last_day) == [2020]


def test_both_sides_count_once_and_other_schools_do_not() -> None:
    agreements = frame(
        (1, 2, "active", START, END, None),
        (1, 3, "signed", START, END, None),
        (1, 99, "active", START, END, None),
        (4, 3, "draft", START, END, None),
    )

    assert network_mentoring(SCHOOLS, agreements, *of_year(2021)) == ShareOfSchools(
        numerator=3, denominator=4, percent=75.0, school_ids=(1, 2, 3)
    )


def test_without_agreements_nobody_takes_part() -> None:
    assert network_mentoring(SCHOOLS, frame(), *of_year(2021)) == ShareOfSchools(
        0, 4, 0.0, ()
    )


def test_a_share_of_no_schools_is_unknown() -> None:
    assert network_mentoring((), frame(), *of_year(2021)) == ShareOfSchools(
        0, 0, None, ()
    )


days = st.dates(date(2019, 1, 1), date(2024, 12, 31))


@given(st.sampled_from(["completed", "terminated"]), days, days, st.none() | days)
def test_counted_years_are_those_of_the_days_in_force(
    status: str, start: date, end: date, ended: date | None
) -> None:
    start, end = sorted((start, end))
    in_force = [start + timedelta(days=k) for k in range((end - start).days + 1)]
    if ended is not None and status == "completed":
        in_force = [day for day in in_force if day <= ended]
    if status == "terminated":
        in_force = [day for day in in_force if ended is not None and day < ended]

    assert years_counted(status, start, end, ended) == sorted(
        {day.year for day in in_force}
    )


@pytest.mark.parametrize(
    ("percent", "low", "high", "status"),
    [
        (50.0, 50, 100, "met"),
        (100.0, 50, 100, "met"),
        (49.99, 50, 100, "below"),
        (0.0, 0, 0, "met"),
        (5.0, 0, 0, "above"),
        (80.01, 40, 80, "above"),
        (100 / 3, 33.33, 40, "met"),
        (None, 0, 100, "no_data"),
    ],
)
def test_a_figure_stands_in_its_range(
    percent: float | None, low: float, high: float, status: str
) -> None:
    assert against_range(percent, low, high) == status


def test_an_upside_down_range_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="80"):
        against_range(50.0, 80, 30)
