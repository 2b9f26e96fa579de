"""Indicators of programmes against their yearly ranges."""

from datetime import date
from typing import Literal

import polars as pl
import pytest

from services.scoring.engine.listing import (
    SCHOOL_SCHEMA,
    counted_schools,
    ranked_schools,
)
from services.scoring.engine.programme import (
    AGREEMENT_SCHEMA,
    ProgrammeInputs,
    RangeStatus,
)
from services.scoring.engine.targets import Target, programme_years, value_of
from tests.scoring.engine.result_frames import frame, result

Years = Literal["calendar", "academic"]
START, END = date(2021, 2, 1), date(2021, 12, 24)
AGREEMENTS = pl.DataFrame(
    [(7, 8, "active", START, END, None)], schema=AGREEMENT_SCHEMA, orient="row"
)
INPUTS = ProgrammeInputs(year=2021, schools=[7, 8, 9, 10], agreements=AGREEMENTS)


def target(
    code: str = "network_mentoring",
    *,
    years: Years = "calendar",
    low: float | None = None,
    high: float | None = None,
) -> Target:
    return Target(indicator_id=1, code=code, years=years, year=2021, low=low, high=high)


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [
        (50, 100, RangeStatus.MET),
        (80, 100, RangeStatus.BELOW),
        (0, 0, RangeStatus.ABOVE),
        (None, None, RangeStatus.NO_DATA),
    ],
)
def test_a_share_is_held_against_the_range_of_its_year(
    low: float | None, high: float | None, status: RangeStatus
) -> None:
    value = value_of(target(low=low, high=high), INPUTS)

    assert value.status is status
    assert value.share is not None
    assert value.share.percent == 50.0


@pytest.mark.parametrize(
    "uncounted",
    [
        target("satisfaction", low=30, high=100),
        target(years="academic", low=30, high=100),
    ],
)
def test_what_no_rule_counts_has_no_data(uncounted: Target) -> None:
    value = value_of(uncounted, INPUTS)

    assert (value.share, value.status) == (None, RangeStatus.NO_DATA)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "years", "expected"),
    [
        (date(2020, 9, 1), date(2022, 12, 30), "calendar", [2020, 2021, 2022]),
        (date(2020, 9, 1), date(2022, 8, 31), "academic", [2020, 2021]),
        (date(2021, 1, 1), date(2021, 1, 1), "academic", [2020]),
    ],
)
def test_a_programme_has_the_years_that_it_touches(
    starts_on: date, ends_on: date, years: Years, expected: list[int]
) -> None:
    assert programme_years(starts_on, ends_on, years) == expected


def test_a_branch_is_ranked_by_results_of_its_own_but_never_counted() -> None:
    rows = [(9, "secondary"), (7, "branch"), (8, "branch")]
    schools = pl.DataFrame(rows, schema=SCHOOL_SCHEMA, orient="row")

    assert counted_schools(schools) == [9]
    assert ranked_schools(schools, frame(result(8))) == [8, 9]
