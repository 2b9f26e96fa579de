"""Bands of statistical ties, against a pairwise check by brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
)

from services.scoring.engine.small_numbers.bands import bands

School = tuple[int, int]

schools = st.lists(
    st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    max_size=10,
)


def banded(table: list[School]) -> list[int]:
    if not table:
        return list(bands(np.zeros(0, np.int32), *np.zeros((3, 0))))
    good, n = np.array(table).T
    low, high = proportion_confint(good, n, method="wilson")
    places = rankdata(-good / n, method="min").astype(np.int32)
    return [int(band) for band in bands(places, good / n, low, high)]


def differ(one: School, other: School) -> bool:
    """Ask an independent library for Newcombe's interval of the difference."""
    ends = confint_proportions_2indep(*one, *other, method="newcomb")
    return bool(ends[0] > 1e-12 or ends[1] < -1e-12)


def by_brute_force(table: list[School]) -> dict[School, int]:
    """Go from place to place; whoever differs from one in the band opens the next."""
    rates = sorted({good / n for good, n in table}, reverse=True)
    band, members, found = 1, list[School](), dict[School, int]()
    for rate in rates:
        tied = [each for each in table if each[0] / each[1] == rate]
        if any(differ(member, each) for member in members for each in tied):
            band, members = band + 1, []
        members += tied
        found.update(dict.fromkeys(tied, band))
    return found


@settings(max_examples=25)
@given(schools)
def test_bands_are_those_of_a_pairwise_check_by_brute_force(
    table: list[School],
) -> None:
    expected = by_brute_force(table)

    assert banded(table) == [expected[each] for each in table]


@settings(max_examples=25)
@given(schools)
def test_nobody_differs_within_a_band_and_somebody_does_between_neighbours(
    table: list[School],
) -> None:
    found = banded(table)
    for band in range(1, max(found, default=0) + 1):
        inside = [each for each, its in zip(table, found, strict=True) if its == band]
        after = [
            each for each, its in zip(table, found, strict=True) if its == band + 1
        ]
        assert inside
        assert not any(differ(one, other) for one in inside for other in inside)
        assert not after or any(differ(one, other) for one in inside for other in after)


@pytest.mark.parametrize("size", [10, 100, 1_000])
def test_more_pupils_tell_more_schools_apart(size: int) -> None:
    table = [(size * good // 10, size) for good in (9, 8, 7, 6, 5)]

    expected = {10: [1, 1, 1, 1, 1], 100: [1, 2, 2, 3, 3], 1_000: [1, 2, 3, 4, 5]}
    assert banded(table) == expected[size]
