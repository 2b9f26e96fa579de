"""Resamples: where they come from, and from which distribution."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import beta, dirichlet, kstest, norm, pearsonr

from services.scoring.engine.small_numbers.draws import (
    Stream,
    draw_figures,
    draw_normal,
)

ROOT = Path(__file__).parents[4]
STREAM = Stream.of("a" * 64, 7, 2019)
COUNTS = np.array([[8, 2], [0, 5], [3, 0], [40, 60]])
SCHOOLS = np.array([11, 12, 13, 14])

DIGEST = """
from hashlib import sha256
import numpy as np
from services.scoring.engine.small_numbers.draws import Stream, draw_figures
stream = Stream.of("a" * 64, 7, 2019)
counts = np.array([[8, 2], [0, 5], [3, 0], [40, 60]])
schools = np.array([11, 12, 13, 14])
drawn = draw_figures(counts, (100, 0), schools, stream, resamples=1_000)
print(sha256(drawn.tobytes()).hexdigest())
"""


def test_another_process_draws_the_same_bytes() -> None:
    printed = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(printed) == 1


def test_a_schools_draws_depend_on_its_own_pupils_only() -> None:
    drawn = draw_figures(COUNTS, (100, 0), SCHOOLS, STREAM, resamples=1_000)

    others = np.array([3, 1])
    changed = draw_figures(
        COUNTS[others], (100, 0), SCHOOLS[others], STREAM, resamples=1_000
    )

    assert changed.tobytes() == drawn[others].tobytes()


@pytest.mark.parametrize(
    "other",
    [
        Stream.of("b" * 64, 7, 2019),
        Stream.of("a" * 64, 8, 2019),
        Stream.of("a" * 64, 7, 2018),
    ],
)
def test_another_method_municipality_or_year_draws_anew(other: Stream) -> None:
    drawn = draw_figures(COUNTS, (100, 0), SCHOOLS, STREAM, resamples=1_000)

    assert not np.isin(
        draw_figures(COUNTS, (100, 0), SCHOOLS, other, resamples=1_000), drawn
    ).any()


def test_two_schools_of_the_same_size_do_not_move_together() -> None:
    drawn = draw_figures(
        np.array([[5, 5], [5, 5]]), (100, 0), SCHOOLS[:2], STREAM, resamples=1_000
    )

    assert abs(pearsonr(*drawn).statistic) < 0.1


def test_draws_of_a_rate_are_of_the_posterior_with_the_prior_of_jeffreys() -> None:
    drawn = draw_figures(COUNTS, (100, 0), SCHOOLS, STREAM, resamples=4_000)

    for (good, bad), row in zip(COUNTS, drawn, strict=True):
        posterior = beta(good + 0.5, bad + 0.5)
        assert kstest(row / 100, posterior.cdf).pvalue > 0.001


def test_draws_of_a_mean_have_the_moments_of_the_posterior() -> None:
    counts, weights = np.array([[3, 9, 4, 0]]), np.array([5, 4, 3, 2])
    posterior = dirichlet(counts[0] + 0.25)

    drawn = draw_figures(counts, (5, 4, 3, 2), SCHOOLS[:1], STREAM, resamples=50_000)

    deviation = np.sqrt(weights @ posterior.cov() @ weights)
    assert drawn.mean() == pytest.approx(weights @ posterior.mean(), abs=0.005)
    assert drawn.std() == pytest.approx(deviation, rel=0.02)


def test_nobody_or_everybody_leaves_room_for_chance() -> None:
    drawn = draw_figures(COUNTS[1:3], (100, 0), SCHOOLS[1:3], STREAM, resamples=1_000)

    assert (drawn.std(axis=1) > 1).all()
    assert (drawn >= 0).all()
    assert (drawn <= 100).all()


def test_composites_are_drawn_by_their_standard_errors() -> None:
    values, errors = np.array([50.0, 60.0]), np.array([2.0, np.nan])

    drawn = draw_normal(values, errors, SCHOOLS[:2], STREAM, resamples=4_000)

    assert kstest(drawn[0], norm(50, 2).cdf).pvalue > 0.001
    assert (drawn[1] == 60.0).all()
