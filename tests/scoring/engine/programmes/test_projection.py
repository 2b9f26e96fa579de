"""A projection is the beta-binomial one, and says where a target stands."""

import math
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import binomtest

from services.scoring.engine.programmes.findings import (
    Prospect,
    Share,
    Verdict,
    no,
    share_of,
    undecided,
    yes,
)
from services.scoring.engine.programmes.projection import (
    Projection,
    against_before,
    against_target,
    project,
)
from shared.domain.programme_reasons import Reason

few = st.integers(0, 8)


def share(counted: int, others: int, unknown: int = 0) -> Share | None:
    schools = iter(range(counted + others + unknown))
    verdicts: list[Verdict] = [yes(next(schools)) for _ in range(counted)]
    verdicts += [no(next(schools), Reason.NO_SWOT) for _ in range(others)]
    verdicts += [undecided(next(schools), Reason.NO_SURVEY) for _ in range(unknown)]
    return share_of(verdicts, confidence=95)


def chance(k: int, m: int, a: float, b: float) -> float:
    """The chance of k of m, integrated over all rates that a and b leave open."""
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)

    def density(p: float) -> float:
        log = (k + a - 1) * math.log(p) + (m - k + b - 1) * math.log(1 - p)
        return math.exp(log - log_beta)

    found: float = quad(density, 0, 1, limit=200)[0]
    return math.comb(m, k) * found


@pytest.mark.parametrize(
    ("open_parts", "kept", "missed"), [(3, 4, 0), (6, 2, 5), (10, 0, 1), (1, 7, 7)]
)
def test_the_interval_is_that_of_a_rate_integrated_over_what_is_unknown(
    open_parts: int, kept: int, missed: int
) -> None:
    today = share(2, 18)
    prospect = Prospect(open_parts=open_parts, joining=0, kept=kept, missed=missed)

    found = project(today, prospect, confidence=95, prior=0.5)

    a, b = kept + 0.5, missed + 0.5
    chances = [chance(k, open_parts, a, b) for k in range(open_parts + 1)]
    below = list(accumulate(chances))
    low = next(k for k, total in enumerate(below) if total >= 0.025)
    high = next(k for k, total in enumerate(below) if total >= 0.975)
    mean = sum(k * each for k, each in enumerate(chances))
    assert found is not None
    assert (found.low, found.high) == (100 * (2 + low) / 20, 100 * (2 + high) / 20)
    assert found.percent == pytest.approx(100 * (2 + mean) / 20, rel=1e-6)


@given(st.tuples(few, few, few), few, few, few)
def test_a_projection_lies_between_nobody_and_everybody_who_is_open(
    schools: tuple[int, int, int], coming: int, kept: int, missed: int
) -> None:
    counted, others, unknown = schools
    today = share(counted, others, unknown)
    coming = min(coming, others)
    prospect = Prospect(
        open_parts=coming + unknown, joining=unknown, kept=kept, missed=missed
    )

    found = project(today, prospect, confidence=95, prior=0.5)

    if counted + others + unknown == 0:
        assert found is None
        return
    assert found is not None
    whole = counted + others + unknown
    least, most = 100 * counted / whole, 100 * (counted + coming + unknown) / whole
    assert least - 1e-9 <= found.low <= found.high <= most + 1e-9
    assert least - 1e-9 <= found.percent <= most + 1e-9
    more = Prospect(
        open_parts=prospect.open_parts, joining=unknown, kept=kept + 1, missed=missed
    )
    better = project(today, more, confidence=95, prior=0.5)
    assert better is not None
    assert better.percent >= found.percent
    assert better.low >= found.low


@given(few, few, few)
def test_shares_have_wilsons_interval_and_the_bounds_of_what_is_missing(
    counted: int, others: int, unknown: int
) -> None:
    found = share(counted, others, unknown)

    if counted + others == 0:
        assert found is None
        return
    assert found is not None
    exact = binomtest(counted, counted + others).proportion_ci(method="wilson")
    assert found.numerator <= found.denominator <= found.schools
    assert found.low == pytest.approx(100 * exact.low, abs=1e-9)
    assert found.high == pytest.approx(100 * exact.high, abs=1e-9)
    assert found.least is not None
    assert found.most is not None
    assert found.least - 1e-9 <= found.percent <= found.most + 1e-9


@pytest.mark.parametrize(
    ("low", "high", "outlook"),
    [
        (80.0, 100.0, "on_track"),
        (79.0, 80.0, "at_risk"),
        (10.0, 79.99, "missed"),
    ],
)
def test_a_target_is_reached_by_all_some_or_none_of_the_interval(
    low: float, high: float, outlook: str
) -> None:
    projection = Projection(
        percent=high, low=low, high=high, open_parts=1, expected=1, denominator=9
    )

    assert against_target(projection, 80) == outlook


def test_growth_needs_more_than_the_year_before() -> None:
    flat = Projection(
        percent=50, low=50, high=50, open_parts=0, expected=0, denominator=9
    )

    assert against_before(flat, 50) == "missed"
    assert against_before(flat, 49.9) == "on_track"
