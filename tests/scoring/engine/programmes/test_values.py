"""Indicators in their years: status, reasons, growth, and what is projected."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.engine.listing import counted_schools
from services.scoring.engine.programmes.indicators import INDICATORS
from services.scoring.engine.programmes.needed_years import scored_years
from services.scoring.engine.programmes.period import Period, next_turn, periods_of
from services.scoring.engine.programmes.values import (
    Target,
    Value,
    value_of,
    without_method,
)
from tests.scoring.engine.programmes.programme_records import (
    LONG_AFTER,
    SPEC,
    academic,
    calendar,
    records,
)

SHIPPED = Path(__file__).parents[4] / "deploy/programmes"
MANAGEMENT = "municipal_management"


def target(
    code: str, period: Period, low: float | None = None, high: float | None = None
) -> Target:
    return Target(indicator_id=1, code=code, period=period, low=low, high=high)


def surveyed(*satisfied: int, year: int = 2021) -> list[tuple[Any, ...]]:
    """Ask 10 people in each school."""
    return [
        (school, year, MANAGEMENT, 10, count)
        for school, count in enumerate(satisfied, start=1)
    ]


def managed(
    year: int, schools: int, surveys: list[tuple[Any, ...]], as_of: date = LONG_AFTER
) -> Value:
    of = records(*range(1, schools + 1), as_of=as_of, surveys=surveys)
    wanted = target("satisfied_with_management", calendar(year), 80, 100)
    return value_of(wanted, of, SPEC)


@pytest.mark.parametrize("programme", ["zhigalovo-2020", "uzhur-2020"])
def test_every_indicator_of_the_shipped_programmes_is_counted(programme: str) -> None:
    document = yaml.safe_load((SHIPPED / f"{programme}.yaml").read_text("utf-8"))

    assert {each["code"] for each in document["indicators"]} <= INDICATORS.keys()


@pytest.mark.parametrize("code", sorted(INDICATORS))
def test_without_any_records_no_indicator_fails_or_claims_a_yes(code: str) -> None:
    for period in (calendar(2020), calendar(2021), calendar(2022), academic(2020)):
        value = value_of(target(code, period, 0, 100), records(1, 2), SPEC)
        assert all(each.holds is not True for each in value.verdicts)
        assert (value.share is None) == (value.reason is not None)
        assert value.status == ("no_data" if value.share is None else "met")


def test_what_nothing_counts_has_no_data_and_says_why() -> None:
    of = records(1)

    unknown = value_of(target("something_else", calendar(2021), 0, 100), of, SPEC)
    ahead = value_of(
        target("raised_quality", calendar(2021), 0, 100),
        records(1, as_of=date(2020, 12, 31)),
        SPEC,
    )

    assert (unknown.status, unknown.reason) == ("no_data", "unknown_indicator")
    assert (ahead.status, ahead.reason) == ("no_data", "year_not_begun")
    assert without_method(unknown.target).reason == "no_method"


def test_a_status_is_settled_when_the_undecided_cannot_change_it() -> None:
    few = managed(2021, 5, surveyed(9, 9))
    most = managed(2021, 5, surveyed(9, 9, 9, 9))
    enough = managed(2021, 10, surveyed(*[9] * 8))

    assert [each.status for each in (few, most, enough)] == ["met", "met", "met"]
    assert [each.is_settled for each in (few, most, enough)] == [False, True, True]
    assert few.share is not None
    assert (few.share.decided, few.share.schools) == (2, 5)
    assert (few.share.least, few.share.most) == (40.0, 100.0)


def test_growth_compares_with_the_year_before() -> None:
    both = surveyed(9, 1, year=2020) + surveyed(9, 9, year=2021)

    value = managed(2021, 2, both)

    assert value.growth == "grown"
    assert value.before is not None
    assert value.before.percent == 50.0
    assert managed(2020, 2, both).growth is None


def test_a_running_year_is_projected_from_what_is_decided() -> None:
    value = managed(2021, 4, surveyed(9, 9, 9), as_of=date(2021, 6, 1))

    assert value.projection is not None
    assert value.projection.open_parts == 1
    assert value.projection.percent == pytest.approx(100 * (3 + 3.5 / 4) / 4)
    assert (value.projection.low, value.projection.high) == (75.0, 100.0)
    assert value.outlook == "at_risk"
    assert managed(2021, 4, surveyed(9)).unprojected == "year_is_over"


def test_drafts_that_begin_this_year_may_still_count() -> None:
    start, end = date(2021, 10, 1), date(2022, 5, 31)
    agreements = [
        (1, 2, "signed", start, end, None),
        (3, 4, "proposed", start, end, None),
    ]
    of = records(1, 2, 3, 4, 5, as_of=date(2021, 9, 1), agreements=agreements)

    value = value_of(target("network_mentoring", calendar(2021), 80, 100), of, SPEC)

    assert value.status == "below"
    assert value.projection is not None
    assert (value.projection.low, value.projection.high) == (40.0, 80.0)
    assert value.projection.percent == pytest.approx(100 * (2 + 2 * 2.5 / 3) / 5)
    assert value.outlook == "at_risk"


def test_growth_of_a_programme_without_ranges_is_projected_too() -> None:
    rows = [
        (school, school, year, "1.1", score, 10)
        for school, scores in {1: (5, 5, 6), 2: (5, 4, 5)}.items()
        for year, score in zip((2018, 2019, 2020), scores, strict=True)
    ]
    of = records(1, 2, as_of=date(2021, 6, 1), msoko=rows)

    value = value_of(target("group_1_1_dynamics", academic(2020)), of, SPEC)

    assert (value.status, value.growth, value.outlook) == (
        "no_data",
        "grown",
        "on_track",
    )
    assert value.before is not None
    assert (value.before.percent, value.share and value.share.percent) == (50.0, 100.0)


@given(st.lists(st.integers(0, 10), max_size=6), st.integers(0, 4), st.data())
def test_one_more_satisfied_person_never_lowers_a_share(
    satisfied: list[int], unasked: int, data: st.DataObject
) -> None:
    schools = len(satisfied) + unasked
    value = managed(2021, schools, surveyed(*satisfied))

    assert len(value.verdicts) == schools
    if not satisfied:
        assert value.share is None
        return
    which = data.draw(st.integers(0, len(satisfied) - 1))
    more = [*satisfied]
    more[which] = min(10, more[which] + 1)
    after = managed(2021, schools, surveyed(*more))
    assert value.share is not None
    assert after.share is not None
    assert value.share.numerator <= after.share.numerator <= after.share.denominator
    assert value.share.denominator == len(satisfied)


def test_a_run_is_valid_until_an_answer_may_change() -> None:
    own = periods_of(date(2020, 9, 1), date(2022, 12, 30), "calendar")

    assert [each.year for each in own] == [2020, 2021, 2022]
    assert next_turn(own, date(2019, 5, 1)) == date(2020, 1, 1)
    assert next_turn(own, date(2021, 12, 31)) == date(2022, 1, 1)
    assert next_turn(own, date(2023, 1, 1)) is None


def test_scores_are_asked_for_begun_years_only() -> None:
    targets = [
        target(code, calendar(year))
        for code in ("raised_quality", "network_mentoring")
        for year in (2020, 2021)
    ]

    assert scored_years(targets, date(2020, 9, 16)) == {2018, 2019, 2020}
    assert scored_years(targets, date(2020, 8, 16)) == {2018, 2019}
    assert scored_years(targets[2:], date(2020, 9, 16)) == set()


def test_a_branch_is_never_counted() -> None:
    lives = [(9, "secondary", None, None), (7, "branch", None, None)]

    assert counted_schools(records(lives=lives).lives) == [9]
