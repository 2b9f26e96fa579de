"""Rules of scoring, by hand-worked tables, against numpy and scipy, and as a whole."""

from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import percentileofscore, zscore

from services.scoring.engine.composite.scores import NEUTRAL, scores
from services.scoring.engine.rounding import rounded_figure
from shared.domain.measures import Direction
from shared.domain.methods.scoring_rules import Rule, Scoring

MORE, LESS = Direction.MORE_IS_BETTER, Direction.LESS_IS_BETTER
BANDS = Scoring(rule=Rule.BANDS, cuts=(50.0, 65.0, 80.0), points=(0.0, 1.0, 2.0, 3.0))

Values = list[float | None]


def scored(
    values: Values, rule: Rule, direction: Direction = MORE, municipality: Any = None
) -> list[float | None]:
    frame = pl.DataFrame(
        {"municipality_id": municipality or [1] * len(values), "value": values},
        schema={"municipality_id": pl.Int64, "value": pl.Float64},
    )
    scoring = BANDS if rule is Rule.BANDS else Scoring(rule=rule)
    return scores(frame, scoring=scoring, direction=direction).to_list()


tables = st.lists(
    st.one_of(
        st.none(),
        st.integers(0, 8).map(lambda k: 100 * k / 8),
        st.floats(0, 100, allow_subnormal=False).map(lambda x: round(x, 6)),
    ),
    min_size=1,
    max_size=15,
)
rules = st.sampled_from(Rule)
directions = st.sampled_from(Direction)


@pytest.mark.parametrize(
    ("rule", "direction", "values", "expected"),
    [
        (Rule.BEST_IS_100, MORE, [40, 80, None, 20], [50, 100, None, 25]),
        (Rule.BEST_IS_100, LESS, [40, 80, None, 20], [50, 25, None, 100]),
        (Rule.BEST_IS_100, MORE, [0, 0, None], [100, 100, None]),
        (Rule.BEST_IS_100, MORE, [0, 50, -10], [0, 100, 0]),
        (Rule.BEST_IS_100, MORE, [-20, -10], [0, 100]),
        (Rule.BEST_IS_100, LESS, [0, 4, 0], [100, 0, 100]),
        (Rule.BEST_IS_100, LESS, [-5, 4, 8], [100, 0, 0]),
        (Rule.BEST_IS_100, MORE, [7], [100]),
        (Rule.MIN_MAX, MORE, [40, 80, None, 20, 50], [100 / 3, 100, None, 0, 50]),
        (Rule.MIN_MAX, LESS, [40, 80, None, 20, 50], [200 / 3, 0, None, 100, 50]),
        (Rule.MIN_MAX, MORE, [-1, 0, 3], [0, 25, 100]),
        (Rule.MIN_MAX, MORE, [5, 5, None], [NEUTRAL, NEUTRAL, None]),
        (Rule.Z_SCORE, MORE, [2, 4, 4, 4, 5, 5, 7, 9], [-1.5, *[-0.5] * 3, 0, 0, 1, 2]),
        (Rule.Z_SCORE, LESS, [1, None, 3], [1, None, -1]),
        (Rule.Z_SCORE, MORE, [0.1, 0.1, 0.1], [0, 0, 0]),
        (Rule.BANDS, MORE, [49.99, 50, 64.99, 65, 80, None], [0, 1, 1, 2, 3, None]),
        (Rule.BANDS, LESS, [0.0, 100.0], [0, 3]),
        (Rule.RANK_PERCENTILE, MORE, [40, 80, 20, 40], [50, 87.5, 12.5, 50]),
        (Rule.RANK_PERCENTILE, LESS, [40, 80, 20, 40], [50, 12.5, 87.5, 50]),
        (Rule.RANK_PERCENTILE, MORE, [1, None], [50, None]),
        (Rule.VALUE, MORE, [12.5, None, -3], [12.5, None, -3]),
    ],
)
def test_the_rules_by_hand(
    rule: Rule, direction: Direction, values: Values, expected: Values
) -> None:
    assert scored(values, rule, direction) == pytest.approx(expected, abs=1e-12)


def test_a_cut_that_floats_miss_by_noise_is_reached() -> None:
    assert scored([65 * (1 - 2**-52), 64.999999], Rule.BANDS) == [2.0, 1.0]


def test_figures_that_read_the_same_share_their_percentile() -> None:
    found = scored([0.1 + 0.2, 0.3, 9.0], Rule.RANK_PERCENTILE)

    assert found == pytest.approx([100 / 3, 100 / 3, 250 / 3])
    assert found[0] == found[1]


@given(tables, directions)
def test_the_best_always_has_100_and_nobody_more(
    values: Values, direction: Direction
) -> None:
    found = [x for x in scored(values, Rule.BEST_IS_100, direction) if x is not None]

    assert not found or max(found) == 100.0
    assert all(0 <= x <= 100 for x in found)


@given(tables, directions)
def test_z_scores_are_scipys(values: Values, direction: Direction) -> None:
    known = np.array([x for x in values if x is not None])
    found = [x for x in scored(values, Rule.Z_SCORE, direction) if x is not None]

    if len(set(known)) > 1 and np.ptp(known) > 1e-3:
        expected = zscore(known) * (1 if direction is MORE else -1)
        assert found == pytest.approx(expected.tolist(), rel=1e-6, abs=1e-6)
    elif len(set(known)) <= 1:
        assert found == [0.0] * len(known)


@given(tables, directions)
def test_percentiles_are_scipys(values: Values, direction: Direction) -> None:
    shown = [rounded_figure(x) for x in values if x is not None]
    found = [
        x for x in scored(values, Rule.RANK_PERCENTILE, direction) if x is not None
    ]
    sign = 1 if direction is MORE else -1
    turned = [sign * x for x in shown]

    expected = [percentileofscore(turned, x, kind="mean") for x in turned]
    assert found == pytest.approx(expected)


@given(tables, directions)
def test_min_max_is_numpys_interpolation(values: Values, direction: Direction) -> None:
    known = [x for x in values if x is not None]
    found = [x for x in scored(values, Rule.MIN_MAX, direction) if x is not None]

    if len(set(known)) > 1:
        ends = (0.0, 100.0) if direction is MORE else (100.0, 0.0)
        expected = np.interp(known, (min(known), max(known)), ends)
        assert found == pytest.approx(expected.tolist(), abs=1e-6)


@given(tables, st.sampled_from([r for r in Rule if r is not Rule.BANDS]), directions)
def test_a_better_figure_never_scores_less(
    values: Values, rule: Rule, direction: Direction
) -> None:
    sign = 1 if direction is MORE or rule is Rule.VALUE else -1
    found = scored(values, rule, direction)
    known = sorted(
        (sign * x, y)
        for x, y in zip(values, found, strict=True)
        if x is not None and y is not None
    )

    for (_, worse), (_, better) in pairwise(known):
        assert better >= worse - 1e-9


@given(tables, rules, directions)
def test_a_school_has_a_score_exactly_where_it_has_a_figure(
    values: Values, rule: Rule, direction: Direction
) -> None:
    found = scored(values, rule, direction)

    assert [x is None for x in found] == [x is None for x in values]


@given(tables, tables, rules, directions)
def test_other_municipalities_change_no_bit(
    values: Values, others: Values, rule: Rule, direction: Direction
) -> None:
    crowd = [1] * len(others) + [2] * len(values) + [3] * len(others)

    together = scored([*others, *values, *others], rule, direction, crowd)

    alone = scored(values, rule, direction)
    assert repr(together[len(others) : -len(others)]) == repr(alone)


@given(tables, directions, st.sampled_from([2.0, 0.5, 8.0]))
def test_another_unit_changes_no_score_that_compares(
    values: Values, direction: Direction, factor: float
) -> None:
    turned = [None if x is None else x * factor for x in values]

    for rule in (Rule.BEST_IS_100, Rule.MIN_MAX, Rule.Z_SCORE):
        once = scored(values, rule, direction)
        assert scored(turned, rule, direction) == once
