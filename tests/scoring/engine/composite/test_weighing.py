"""Weighted means over what is there: by hand, against numpy, and as a whole."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.engine.composite.weighing import (
    compose,
    nominal_weights,
    weigh,
)
from shared.domain.errors import Text
from shared.domain.methods.composites import Composite, Group

NAN = math.nan
TITLE = Text("Группа", "Group")


def composite(
    groups: dict[str, tuple[float, dict[str, float]]], least: float = 0.5
) -> Composite:
    return Composite(
        groups=tuple(
            Group(code=code, title=TITLE, weight=weight, members=tuple(members.items()))
            for code, (weight, members) in groups.items()
        ),
        minimum_coverage=least,
        tolerance=0.0,
    )


def columns(**scores: list[float]) -> dict[str, Any]:
    return {code: np.array(column) for code, column in scores.items()}


TWO = composite({"x": (1.0, {"a": 3.0, "b": 1.0}), "y": (3.0, {"c": 1.0})})


def test_a_composite_is_the_weighted_mean_of_its_groups_by_hand() -> None:
    composed = compose(columns(a=[80.0], b=[40.0], c=[30.0]), TWO)

    assert composed.groups["x"].mean.tolist() == [70.0]
    assert composed.groups["y"].mean.tolist() == [30.0]
    assert composed.composite.mean.tolist() == [(70.0 + 3 * 30.0) / 4]
    assert composed.composite.coverage.tolist() == [1.0]


def test_what_is_missing_leaves_its_weight_to_the_others() -> None:
    composed = compose(columns(a=[80.0, NAN], b=[NAN, 40.0], c=[30.0, 30.0]), TWO)

    assert composed.groups["x"].mean[0] == 80.0
    assert math.isnan(composed.groups["x"].mean[1])  # a quarter of it is not enough
    assert composed.groups["x"].coverage.tolist() == [0.75, 0.25]
    assert composed.composite.mean.tolist() == [(80.0 + 90.0) / 4, 30.0]
    assert composed.composite.coverage.tolist() == [(0.75 + 3) / 4, 0.75]


def test_below_the_least_coverage_there_is_no_composite() -> None:
    scores = columns(a=[80.0, NAN], b=[40.0, NAN], c=[NAN, NAN])

    composed = compose(scores, TWO)

    assert np.isnan(composed.composite.mean).all()
    assert composed.composite.coverage.tolist() == [0.25, 0.0]


def test_a_coverage_that_is_the_least_but_for_float_noise_is_enough() -> None:
    tenths = composite({"x": (1.0, {"a": 0.1, "b": 0.2, "c": 0.7})}, least=0.3)

    composed = compose(columns(a=[5.0], b=[5.0], c=[NAN]), tenths)

    assert composed.composite.mean[0] == pytest.approx(5.0)


def test_nominal_weights_add_up_to_one() -> None:
    shares = nominal_weights(TWO)

    assert shares == {
        "x": 0.25,
        "x/a": 0.1875,
        "x/b": 0.0625,
        "y": 0.75,
        "y/c": 0.75,
    }


scores = st.lists(st.floats(0, 100) | st.just(NAN), min_size=3, max_size=3)
weights = st.lists(st.floats(0.01, 100), min_size=3, max_size=3)


@given(scores, weights)
def test_a_mean_is_numpys_over_what_is_there(
    given_scores: list[float], given_weights: list[float]
) -> None:
    weighed = weigh([np.array([x]) for x in given_scores], given_weights)
    there = [not math.isnan(x) for x in given_scores]

    if any(there):
        expected = np.average(
            np.array(given_scores)[there], weights=np.array(given_weights)[there]
        )
        assert weighed.mean[0] == pytest.approx(expected)
        share = np.array(given_weights)[there].sum() / sum(given_weights)
        assert weighed.coverage[0] == pytest.approx(share)
    else:
        assert math.isnan(weighed.mean[0])
        assert weighed.coverage[0] == 0.0


@given(scores, weights, st.sampled_from([0.5, 4.0, 1024.0]))
def test_only_the_proportions_of_weights_matter(
    given_scores: list[float], given_weights: list[float], factor: float
) -> None:
    arrays = [np.array([x]) for x in given_scores]

    once = weigh(arrays, given_weights)
    again = weigh(arrays, [weight * factor for weight in given_weights])

    assert repr(once) == repr(again)


@given(scores, weights)
def test_the_order_in_a_method_changes_no_bit(
    given_scores: list[float], given_weights: list[float]
) -> None:
    named = dict(zip("abc", given_scores, strict=True))
    shares = dict(zip("abc", given_weights, strict=True))
    arrays = columns(**{code: [score] for code, score in named.items()})

    def composed(order: str) -> str:
        members = {code: shares[code] for code in order}
        return repr(compose(arrays, composite({"x": (1.0, members)})).composite)

    assert composed("abc") == composed("cab") == composed("bca")


@given(scores, weights)
def test_a_composite_lies_between_its_parts(
    given_scores: list[float], given_weights: list[float]
) -> None:
    weighed = weigh([np.array([x]) for x in given_scores], given_weights)
    there = [x for x in given_scores if not math.isnan(x)]

    if there:
        assert min(there) - 1e-9 <= weighed.mean[0] <= max(there) + 1e-9
