"""Exact binomial tests over columns against scipy's one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from services.scoring.engine.objectivity.binomial import greater, two_sided


@pytest.mark.parametrize("trials", [1, 2, 7, 24, 61])
@pytest.mark.parametrize("chance", [0.0, 1e-9, 0.125, 1 / 3, 0.5, 0.7, 0.999, 1.0])
def test_every_outcome_has_the_p_value_that_scipy_gives(
    trials: int, chance: float
) -> None:
    outcomes = np.arange(trials + 1)

    p_values = two_sided(
        outcomes, np.full(trials + 1, trials), np.full(trials + 1, chance)
    )

    one_by_one = [binomtest(int(k), trials, chance).pvalue for k in outcomes]
    assert p_values == pytest.approx(one_by_one, rel=1e-12, abs=1e-300)


# A chance that is computed is a share of whole pupils.
chances = st.integers(0, 1000).map(lambda part: part / 1000)


@given(
    st.lists(
        st.tuples(st.integers(1, 400), st.floats(0, 1), chances),
        min_size=1,
        max_size=8,
    )
)
def test_tests_of_different_sizes_side_by_side_are_those_of_scipy(
    drawn: list[tuple[int, float, float]],
) -> None:
    trials = np.array([n for n, _, _ in drawn])
    successes = np.array([round(n * share) for n, share, _ in drawn])
    chances = np.array([chance for _, _, chance in drawn])

    p_values = two_sided(successes, trials, chances)
    upper = greater(successes, trials, chances)

    for k, n, chance, p_value, tail in zip(
        successes, trials, chances, p_values, upper, strict=True
    ):
        test = binomtest(int(k), int(n), chance)
        assert p_value == pytest.approx(test.pvalue, rel=1e-9, abs=1e-300)
        one_sided = binomtest(int(k), int(n), chance, alternative="greater")
        assert tail == pytest.approx(one_sided.pvalue, rel=1e-12, abs=1e-300)
