"""Intervals of places, against ranking by brute force and against the truth."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import rankdata

from services.scoring.engine.small_numbers.draws import Stream, draw_figures
from services.scoring.engine.small_numbers.rank_intervals import place_interval
from shared.domain.measures import Direction

MORE, LESS = Direction.MORE_IS_BETTER, Direction.LESS_IS_BETTER


@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 8), st.just(40)),
        elements=st.integers(0, 9),
    ),
    st.sampled_from([MORE, LESS]),
)
def test_each_draw_is_ranked_and_its_tails_are_left_out(
    draws: np.ndarray, direction: Direction
) -> None:
    signed = -draws if direction is MORE else draws
    places = np.sort(rankdata(signed, method="min", axis=0), axis=1)

    low, high = place_interval(draws, direction, confidence=0.9)

    assert low.tolist() == places[:, 2].tolist()
    assert high.tolist() == places[:, -3].tolist()


def test_more_confidence_gives_no_narrower_interval() -> None:
    draws = np.random.default_rng(3).normal(0, 1, (12, 1_000)).cumsum(axis=0)
    ends = [place_interval(draws, MORE, confidence=c) for c in (0.5, 0.9, 0.95, 0.99)]

    for (low, high), (wider_low, wider_high) in pairwise(ends):
        assert (wider_low <= low).all()
        assert (wider_high >= high).all()


def test_more_pupils_of_the_same_shares_narrow_the_interval() -> None:
    shares = np.array([[2, 8], [4, 6], [5, 5], [6, 4], [8, 2]])
    stream = Stream.of("m", 1, 2019)
    widths = []
    for times in (1, 10, 100):
        draws = draw_figures(
            shares * times, (100, 0), np.arange(5), stream, resamples=1_000
        )
        low, high = place_interval(draws, MORE, confidence=0.95)
        widths.append(int((high - low).sum()))

    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < widths[0]


def test_nobody_to_rank_has_no_intervals() -> None:
    low, high = place_interval(np.zeros((0, 1_000)), MORE, confidence=0.95)

    assert (low.size, high.size) == (0, 0)


@pytest.mark.parametrize("pupils", [(5, 40), (20, 200)])
def test_intervals_of_95_per_cent_hold_the_true_place_nine_times_in_ten(
    pupils: tuple[int, int],
) -> None:
    chance = np.random.default_rng(2019)
    held = []
    for municipality in range(60):
        truth = chance.beta(8, 6, 40)
        n = chance.integers(*pupils, 40)
        good = chance.binomial(n, truth)
        draws = draw_figures(
            np.stack([good, n - good], axis=1),
            (100, 0),
            np.arange(40),
            Stream.of("coverage", municipality, 2019),
            resamples=1_000,
        )
        low, high = place_interval(draws, MORE, confidence=0.95)
        place = rankdata(-truth)
        held.append((low <= place) & (place <= high))

    assert np.mean(held) >= 0.9
