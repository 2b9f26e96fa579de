"""Wilson's intervals against an independent computation, and what always holds."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from services.scoring.engine.small_numbers.wilson import wilson_interval
from shared.domain.errors import InvalidInputError


def intervals(
    rows: list[tuple[int | None, int | None]], confidence: float = 0.95
) -> list[tuple[float | None, float | None]]:
    frame = pl.DataFrame(rows, schema={"k": pl.Int64, "n": pl.Int64}, orient="row")
    low, high = wilson_interval(pl.col("k"), pl.col("n"), confidence)
    return frame.select(low=low, high=high).rows()


@pytest.mark.parametrize("confidence", [0.8, 0.9, 0.95, 0.99])
def test_the_interval_is_that_of_an_independent_computation(confidence: float) -> None:
    rows = [(k, n) for n in (*range(1, 31), 250, 40_000) for k in {0, 1, n // 3, n}]

    for (k, n), (low, high) in zip(rows, intervals(rows, confidence), strict=True):
        expected = proportion_confint(k, n, alpha=1 - confidence, method="wilson")
        assert (low, high) == pytest.approx(expected, abs=1e-12)


def test_a_rate_over_nobody_has_no_interval() -> None:
    assert intervals([(0, 0), (None, 5), (3, None)]) == [(None, None)] * 3


def test_none_and_all_reach_the_very_end_of_the_scale() -> None:
    (low, _), (_, high) = intervals([(0, 7), (7, 7)])

    assert (low, high) == (0.0, 1.0)


@given(
    st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
)
def test_the_interval_holds_its_rate_and_mirrors_its_opposite(
    school: tuple[int, int],
) -> None:
    k, n = school
    (low, high), (mirrored_low, mirrored_high) = intervals([(k, n), (n - k, n)])

    assert low is not None
    assert high is not None
    assert 0 <= low <= k / n <= high <= 1
    assert low < high
    assert (mirrored_low, mirrored_high) == pytest.approx((1 - high, 1 - low))


def test_more_pupils_and_less_confidence_make_it_narrower() -> None:
    widths = [
        high - low
        for low, high in (
            *intervals([(3, 5), (30, 50), (300, 500)]),
            *intervals([(300, 500)], confidence=0.8),
        )
        if low is not None and high is not None
    ]

    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize("confidence", [0.0, 1.0, -0.5, 95.0, float("nan")])
def test_a_confidence_in_per_cent_is_refused(confidence: float) -> None:
    with pytest.raises(InvalidInputError, match="A confidence of"):
        wilson_interval(pl.col("k"), pl.col("n"), confidence)
