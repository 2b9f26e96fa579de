"""Means of marks over few pupils, against scipy and by simulation."""

import doctest
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import dirichlet
from scipy.stats import t as student_t

from shared.domain import means, student
from shared.domain.means import Marks, estimate, marks_of
from shared.domain.student import student_quantile

WEIGHTS = {"sou": (16, 36, 64, 100, 7), "mean_mark": (2, 3, 4, 5)}
pupils = st.integers(0, 3_000)
marks = st.builds(Marks, n2=pupils, n3=pupils, n4=pupils, n5=pupils, n_ungraded=pupils)


def figures_of(marks: Marks) -> SimpleNamespace:
    """Return the figures that a run writes of marks."""
    graded = marks.n2 + marks.n3 + marks.n4 + marks.n5
    marked = graded + marks.n_ungraded
    good, total = marks.n4 + marks.n5, 2 * marks.n2 + 3 * marks.n3 + 4 * marks.n4
    return SimpleNamespace(
        quality_rate=100 * good / marked if marked else None,
        success_rate=100 * (good + marks.n3) / marked if marked else None,
        mean_mark=(total + 5 * marks.n5) / graded if graded else None,
        n_marked=marked,
        n_graded=graded,
    )


@given(marks=marks)
def test_the_marks_are_found_again_from_the_figures(marks: Marks) -> None:
    assert marks_of(figures_of(marks)) == marks


@given(confidence=st.floats(50, 99.9), degrees=st.integers(1, 100_000))
def test_the_quantile_is_that_of_scipy(confidence: float, degrees: int) -> None:
    expected = student_t.ppf((1 + confidence / 100) / 2, degrees)

    assert student_quantile(confidence, degrees) == pytest.approx(expected, rel=1e-8)


@given(
    marks=marks,
    confidence=st.floats(50, 99.9),
    measure=st.sampled_from(sorted(WEIGHTS)),
)
def test_the_interval_is_that_of_the_posterior_by_scipy_and_holds_the_mean(
    marks: Marks, confidence: float, measure: str
) -> None:
    weights = np.array(WEIGHTS[measure])
    counts = np.array([marks.n2, marks.n3, marks.n4, marks.n5, marks.n_ungraded])
    counts = counts[: len(weights)]

    found = estimate(measure, marks, confidence)

    if not counts.sum():
        assert found is None
        return
    assert found is not None
    posterior = dirichlet(counts + 1 / len(weights))
    error = np.sqrt(weights @ posterior.cov() @ weights)
    reach = student_t.ppf((1 + confidence / 100) / 2, counts.sum()) * error
    mean, value = weights @ posterior.mean(), weights @ counts / counts.sum()
    assert found.value == pytest.approx(value)
    assert found.n == counts.sum()
    assert found.standard_error == pytest.approx(error)
    low, high = max(mean - reach, weights.min()), min(mean + reach, weights.max())
    assert (found.low, found.high) == pytest.approx((min(low, value), max(high, value)))


@pytest.mark.parametrize("n", [3, 5, 10, 25, 100])
@pytest.mark.parametrize(
    "shares", [(0.1, 0.3, 0.4, 0.2), (0.02, 0.1, 0.5, 0.38), (0.6, 0.38, 0.02, 0.0)]
)
def test_simulated_schools_hold_the_true_mean_as_often_as_the_interval_says(
    n: int, shares: tuple[float, ...]
) -> None:
    truth = float(np.dot(shares, WEIGHTS["mean_mark"]))
    drawn = np.random.default_rng(2_020).multinomial(n, shares, 4_000)
    kinds, times = np.unique(drawn, axis=0, return_counts=True)

    held = 0
    for kind, often in zip(kinds.tolist(), times.tolist(), strict=True):
        n2, n3, n4, n5 = kind
        marks = Marks(n2=n2, n3=n3, n4=n4, n5=n5, n_ungraded=0)
        found = estimate("mean_mark", marks, 95)
        assert found is not None
        held += often * (found.low <= truth <= found.high)

    # Four thousand draws tell 95 % from 94 % by three of their own standard errors.
    assert held / 4_000 >= 0.94


@given(marks=marks)
def test_with_many_pupils_the_interval_is_the_usual_one(marks: Marks) -> None:
    many = Marks(
        n2=marks.n2 + 900,
        n3=marks.n3 + 900,
        n4=marks.n4 + 900,
        n5=marks.n5 + 900,
        n_ungraded=0,
    )
    drawn = np.repeat([2, 3, 4, 5], [many.n2, many.n3, many.n4, many.n5])
    low, high = student_t.interval(
        0.95, len(drawn) - 1, drawn.mean(), drawn.std(ddof=1) / np.sqrt(len(drawn))
    )

    found = estimate("mean_mark", many, 95)

    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-3)


@pytest.mark.parametrize("module", [means, student])
def test_the_worked_examples_come_out(module: ModuleType) -> None:
    found = doctest.testmod(module)

    assert (found.failed, found.attempted > 0) == (0, True)
