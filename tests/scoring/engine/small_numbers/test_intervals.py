"""Intervals of figures, against the posterior of an independent library."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import dirichlet, t
from statsmodels.stats.proportion import proportion_confint

from services.scoring.engine.small_numbers.intervals import (
    figure_interval,
    standard_error,
)
from services.scoring.engine.small_numbers.tallies import TALLIES

MARKS, SOU, RATE = (TALLIES[code] for code in ("mean_mark", "sou", "low_share"))


def school(*pupils: int) -> pl.DataFrame:
    return pl.DataFrame({f"tally_{i}": [count] for i, count in enumerate(pupils)})


@pytest.mark.parametrize(
    ("tally", "pupils"),
    [
        (MARKS, (2, 4, 3, 1)),
        (MARKS, (0, 0, 9, 0)),
        (SOU, (0, 1, 0, 5, 2)),
        (RATE, (3, 17)),
    ],
)
def test_the_standard_error_is_that_of_the_posterior(
    tally: object, pupils: tuple[int, ...]
) -> None:
    tally = next(each for each in (MARKS, SOU, RATE) if each is tally)
    weights = np.array(tally.weights)
    posterior = dirichlet([count + 1 / len(pupils) for count in pupils])

    found = school(*pupils).select(standard_error(tally)).item()

    assert found == pytest.approx(np.sqrt(weights @ posterior.cov() @ weights))


def test_the_interval_of_a_mean_reaches_as_far_from_the_posteriors_as_students_t() -> (
    None
):
    pupils = (20, 40, 30, 10)
    low, high = figure_interval(MARKS, 0.95)
    weights = np.array(MARKS.weights)
    posterior = dirichlet([count + 0.25 for count in pupils])
    centre = weights @ posterior.mean()
    reach = t.ppf(0.975, 100) * np.sqrt(weights @ posterior.cov() @ weights)

    found = school(*pupils).select(low=low, high=high).row(0)

    assert found == pytest.approx((centre - reach, centre + reach), abs=1e-9)


def test_the_interval_of_a_rate_is_wilsons_in_per_cent() -> None:
    low, high = figure_interval(RATE, 0.9)
    expected = proportion_confint(3, 20, alpha=0.1, method="wilson")

    found = school(3, 17).select(low=low, high=high).row(0)

    assert found == pytest.approx([100 * end for end in expected])


@given(st.tuples(*[st.integers(0, 50)] * 4), st.sampled_from([0.1, 0.5, 0.95, 0.999]))
def test_a_mean_lies_in_its_interval_and_the_interval_within_the_marks(
    pupils: tuple[int, ...], confidence: float
) -> None:
    low, high = (
        school(*pupils)
        .select(
            *(
                end.alias(str(i))
                for i, end in enumerate(figure_interval(MARKS, confidence))
            )
        )
        .row(0)
    )
    if not sum(pupils):
        assert (low, high) == (None, None)
        return
    mean = sum(w * count for w, count in zip((5, 4, 3, 2), pupils, strict=True))
    assert 2 <= low <= mean / sum(pupils) <= high <= 5
    assert low < high


def test_five_equal_marks_leave_room_for_others() -> None:
    low, high = figure_interval(MARKS, 0.95)

    found = school(5, 0, 0, 0).select(low=low, high=high).row(0)

    assert found[0] < 4.5
    assert found[1] == 5
