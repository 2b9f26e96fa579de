"""Shrinkage, against analysis of variance and maximum likelihood elsewhere."""

from itertools import groupby

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from scipy.optimize import minimize
from scipy.stats import betabinom, f_oneway
from statsmodels.regression.mixed_linear_model import MixedLM

from services.scoring.engine.small_numbers.shrinkage import shrink
from services.scoring.engine.small_numbers.tallies import TALLIES
from tests.scoring.engine.result_frames import content
from tests.scoring.engine.small_numbers.schools import Row, districts, rates

RATE, MARKS = TALLIES["quality_rate"], TALLIES["mean_mark"]


def shrunk(rows: list[Row]) -> list[tuple[float | None, float | None, float | None]]:
    return shrink(rates(rows), RATE).select("shrunk", "weight", "common").rows()


def test_the_weight_follows_from_the_f_statistic_of_an_analysis_of_variance() -> None:
    classes = [(9, 1), (5, 5), (8, 2), (2, 8), (6, 4)]
    pupils = [[100.0] * good + [0.0] * bad for good, bad in classes]
    f_statistic = f_oneway(*pupils).statistic
    # With equal sizes m the weight m/(m + K) is 1 - 1/F.
    found = shrunk([(1, i, *each) for i, each in enumerate(classes)])

    assert [weight for _, weight, _ in found] == pytest.approx(
        [1 - 1 / f_statistic] * 5
    )
    assert [common for *_, common in found] == pytest.approx([60.0] * 5)
    assert found[0][0] == pytest.approx(90 * (1 - 1 / f_statistic) + 60 / f_statistic)


def test_marks_are_shrunk_by_the_same_analysis() -> None:
    marks = [[5, 5, 4, 4], [4, 3, 3, 2], [5, 4, 4, 3]]
    f_statistic = f_oneway(*marks).statistic
    counts = {
        f"tally_{i}": [each.count(mark) for each in marks]
        for i, mark in enumerate(MARKS.weights)
    }
    frame = pl.DataFrame({"municipality_id": [1] * 3, "school_id": [1, 2, 3]} | counts)

    found = shrink(frame, MARKS)

    assert found["weight"].to_list() == pytest.approx([1 - 1 / f_statistic] * 3)


@pytest.mark.parametrize("measure", ["mean_mark", "sou"])
def test_means_of_classes_of_one_size_are_those_that_a_mixed_model_predicts(
    measure: str,
) -> None:
    # With equal sizes the moments are the estimate of restricted maximum likelihood.
    tally = TALLIES[measure]
    draw = np.random.default_rng(9)
    weights = np.array(tally.weights)
    levels = [draw.dirichlet(np.full(len(weights), 3.0)) for _ in range(12)]
    marks = np.array([draw.choice(weights, 25, p=level) for level in levels])
    counts = {
        name: (marks == weight).sum(axis=1).tolist()
        for name, weight in zip(tally.names, tally.weights, strict=True)
    }
    schools = {"municipality_id": [1] * 12, "school_id": list(range(12))}

    found = shrink(pl.DataFrame(schools | counts), tally)

    groups = np.repeat(np.arange(12), 25)
    model = MixedLM(marks.ravel().astype(float), np.ones((groups.size, 1)), groups)
    fitted = model.fit(reml=True)
    effects = np.array([fitted.random_effects[each].item() for each in range(12)])
    predicted = fitted.fe_params.item() + effects
    assert found["weight"][0] > 0.3
    assert found["shrunk"].to_list() == pytest.approx(predicted.tolist(), rel=1e-4)


def test_the_moments_come_near_to_the_maximum_of_the_marginal_likelihood() -> None:
    draw = np.random.default_rng(20)
    n = draw.integers(5, 80, 400)
    good = draw.binomial(n, draw.beta(6, 4, 400))

    def negative(logs: np.ndarray) -> float:
        return -float(betabinom.logpmf(good, n, *np.exp(logs)).sum())

    likeliest = np.exp(minimize(negative, np.zeros(2), method="Nelder-Mead").x)
    found = shrunk(
        [
            (1, i, int(k), int(m - k))
            for i, (k, m) in enumerate(zip(good, n, strict=True))
        ]
    )

    posterior = 100 * (good + likeliest[0]) / (n + likeliest.sum())
    assert np.abs(np.array([value for value, *_ in found]) - posterior).max() < 2.0


def test_schools_that_differ_by_chance_only_all_have_the_common_figure() -> None:
    found = shrunk([(1, 1, 5, 5), (1, 2, 5, 5), (1, 3, 6, 4)])

    assert {weight for _, weight, _ in found} == {0.0}
    assert {value for value, *_ in found} == {common for *_, common in found}
    assert found[0][0] == pytest.approx(160 / 3)


def test_schools_without_any_chance_in_them_keep_their_own_figures() -> None:
    assert shrunk([(1, 1, 9, 0), (1, 2, 0, 7)]) == [
        (100.0, 1.0, 56.25),
        (0.0, 1.0, 56.25),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [(1, 1, 3, 4)],
        [(1, 1, 3, 4), (1, 2, 0, 0)],
        [(1, 1, 1, 0), (1, 2, 0, 1)],
        [(1, 1, 0, 0)],
    ],
)
def test_too_little_to_estimate_from_shrinks_nothing(rows: list[Row]) -> None:
    assert shrunk(rows) == [(None, None, None)] * len(rows)


@given(districts)
def test_a_shrunk_figure_lies_between_the_own_and_the_common_one(
    rows: list[Row],
) -> None:
    for (_, _, good, bad), (value, weight, common) in zip(
        rows, shrunk(rows), strict=True
    ):
        if value is None or weight is None or common is None:
            continue
        own = 100 * good / (good + bad)
        assert 0 <= weight <= 1
        assert min(own, common) - 1e-9 <= value <= max(own, common) + 1e-9


@given(districts)
def test_a_district_is_shrunk_alone_as_among_others_to_the_last_bit(
    rows: list[Row],
) -> None:
    together = shrink(rates(list(reversed(rows))), RATE)
    alone = [
        shrink(rates(list(own)), RATE)
        for _, own in groupby(rows, key=lambda row: row[0])
    ]

    assert content(pl.concat(alone)) == content(together)
