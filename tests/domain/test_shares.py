"""Rebuilding counts of any kinds of pupils from their percentages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.assessments import InvalidMarksError
from shared.domain.shares import counts_of_shares


def test_counts_are_rebuilt_by_their_kinds() -> None:
    assert counts_of_shares(8, {"11": 12.5, "12": 87.5}) == {"11": 1, "12": 7}
    assert counts_of_shares(0, {"11": 0}) == {"11": 0}


@pytest.mark.parametrize(
    ("n", "shares", "column"),
    [
        (8, {"11": 13, "12": 87}, "11"),
        (8, {"11": -1, "12": 101}, "11"),
        (8, {"11": 12.5, "12": 75}, "11"),
        (0, {"11": 100}, "n"),
        (-1, {}, "n"),
        (3000, {"11": 10.5, "12": 89.9}, "11"),
    ],
)
def test_figures_that_no_pupils_give_are_refused_by_their_kind(
    n: int, shares: dict[str, float], column: str
) -> None:
    with pytest.raises(InvalidMarksError) as caught:
        counts_of_shares(n, shares)
    assert [fault.column for fault in caught.value.faults] == [column]


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60).filter(any))
def test_percentages_of_two_decimals_give_back_the_counts(counts: list[int]) -> None:
    n = sum(counts)
    shares = {str(at): round(100 * count / n, 2) for at, count in enumerate(counts)}

    # Beyond 10,000 pupils two decimals do not tell each of them.
    if n <= 5000:
        assert [*counts_of_shares(n, shares).values()] == counts
