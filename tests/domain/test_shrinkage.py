"""Figures drawn together, against the normal model's posterior by integration."""

import doctest
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from shared.domain import shrinkage
from shared.domain.shrinkage import drawn_together

figures = st.floats(0, 100)
pupils = st.integers(1, 5_000)
priors = st.floats(0, 1e6)


@given(own=figures, n=pupils, common=figures, prior=priors)
def test_a_figure_is_drawn_towards_that_of_all_and_never_past_it(
    own: float, n: int, common: float, prior: float
) -> None:
    shrunk, weight = drawn_together(own, n, common=common, prior_pupils=prior)

    assert min(own, common) - 1e-9 <= shrunk <= max(own, common) + 1e-9
    assert weight == pytest.approx(n / (n + prior))


@given(own=figures, common=figures, prior=priors)
def test_the_more_pupils_the_nearer_to_the_raw_figure(
    own: float, common: float, prior: float
) -> None:
    away = [
        abs(drawn_together(own, n, common=common, prior_pupils=prior)[0] - own)
        for n in (1, 10, 1_000, 10**12)
    ]

    assert all(more <= fewer + 1e-9 for fewer, more in pairwise(away))
    assert away[-1] < 1e-3


def test_where_only_chance_tells_schools_apart_all_have_the_common_figure() -> None:
    found = drawn_together(4.4, 10, common=3.6, prior_pupils=math.inf)

    assert found == (3.6, 0.0)


@pytest.mark.parametrize(
    ("own", "n", "common", "within", "between"),
    [(4.4, 30, 3.6, 0.9, 0.03), (3.1, 4, 3.6, 0.7, 0.2), (72.0, 9, 55.0, 640.0, 45.0)],
)
def test_a_mean_is_that_of_the_posterior_of_the_normal_model(
    own: float, n: int, common: float, within: float, between: float
) -> None:
    scale = math.sqrt(between)
    prior, sampling = norm(common, scale), norm(own, math.sqrt(within / n))

    def density(mean: float) -> float:
        return float(prior.pdf(mean) * sampling.pdf(mean))

    ends = (common - 12 * scale, common + 12 * scale)
    whole, _ = quad(density, *ends, points=[own])
    moment, _ = quad(lambda mean: mean * density(mean), *ends, points=[own])
    shrunk, _ = drawn_together(own, n, common=common, prior_pupils=within / between)

    assert shrunk == pytest.approx(moment / whole, rel=1e-6)


def test_the_worked_examples_come_out() -> None:
    found = doctest.testmod(shrinkage)

    assert (found.failed, found.attempted > 0) == (0, True)
