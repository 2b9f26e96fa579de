"""Rates over few pupils, against statsmodels and by hand."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from shared.domain import rates
from shared.domain.rates import Rate, rate_of, wilson_percent

counts = st.integers(1, 5_000).flatmap(
    lambda n: st.builds(Rate, st.integers(0, n), st.just(n))
)


@given(rate=counts, confidence=st.floats(50, 99.9))
def test_the_interval_is_that_of_statsmodels_and_holds_the_rate(
    rate: Rate, confidence: float
) -> None:
    ends = wilson_percent(rate, confidence)

    low, high = proportion_confint(
        rate.numerator, rate.n, alpha=1 - confidence / 100, method="wilson"
    )
    assert ends is not None
    assert rate.percent is not None
    assert ends == pytest.approx((100 * low, 100 * high), abs=1e-9)
    assert ends[0] - 1e-9 <= rate.percent <= ends[1] + 1e-9


@given(rate=counts)
def test_counts_are_found_again_from_the_rate(rate: Rate) -> None:
    assert rate_of(rate.percent, rate.n) == rate


def test_the_worked_examples_come_out() -> None:
    found = doctest.testmod(rates)

    assert (found.failed, found.attempted > 0) == (0, True)
