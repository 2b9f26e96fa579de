"""Mark counts, and their rebuilding from percentages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.assessments import (
    MAX_PARTICIPANTS,
    ROUNDING_TOLERANCE,
    InvalidMarksError,
    MarkCounts,
    counts_from_percentages,
)

Quartet = tuple[float, float, float, float]


@st.composite
def mark_counts(draw: st.DrawFn, *, largest: int) -> MarkCounts:
    n = draw(st.integers(0, largest))
    cuts = sorted(draw(st.lists(st.integers(0, n), min_size=3, max_size=3)))
    return MarkCounts(n, cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1], n - cuts[2])


def test_counts_that_do_not_add_up_are_refused_with_both_numbers() -> None:
    with pytest.raises(InvalidMarksError) as caught:
        MarkCounts(25, 3, 7, 10, 4)
    assert "24" in caught.value.detail.ru
    assert "25" in caught.value.detail.en
    assert caught.value.faults[0].column == "n"


def test_a_negative_count_is_refused_at_its_own_column() -> None:
    with pytest.raises(InvalidMarksError) as caught:
        MarkCounts(5, -1, 2, 2, 2)
    assert [(f.column, f.value) for f in caught.value.faults] == [("n2", "-1")]


@pytest.mark.parametrize(
    ("n", "shares", "expected"),
    [
        (25, (12, 28, 40, 20), (3, 7, 10, 5)),
        (3, (33.33, 33.33, 33.33, 0), (1, 1, 1, 0)),
        (7, (14.29, 14.29, 14.29, 57.14), (1, 1, 1, 4)),
        (12, (8.3, 25.0, 41.7, 25.0), (1, 3, 5, 3)),
        (1, (0, 0, 100, 0), (0, 0, 1, 0)),
        (0, (0, 0, 0, 0), (0, 0, 0, 0)),
    ],
)
def test_whole_counts_are_rebuilt(
    n: int, shares: Quartet, expected: tuple[int, ...]
) -> None:
    assert counts_from_percentages(n, shares).marks == expected


@given(mark_counts(largest=2_000))
def test_rounding_to_two_decimals_loses_no_pupil(counts: MarkCounts) -> None:
    assert counts_from_percentages(counts.n, counts.percentages) == counts


@given(mark_counts(largest=500))
def test_rounding_to_one_decimal_loses_no_pupil_of_a_school(counts: MarkCounts) -> None:
    shares = [round(100 * mark / (counts.n or 1), 1) for mark in counts.marks]
    assert counts_from_percentages(counts.n, shares) == counts


@given(
    st.integers(1, 50_000),
    st.lists(st.floats(0, 100, allow_nan=False), min_size=4, max_size=4),
)
def test_what_is_accepted_reproduces_the_file(n: int, shares: list[float]) -> None:
    try:
        counts = counts_from_percentages(n, shares)
    except InvalidMarksError:
        return
    assert counts.n == n
    for mark, share in zip(counts.marks, shares, strict=True):
        assert 100 * mark / n == pytest.approx(share, abs=ROUNDING_TOLERANCE + 1e-5)


@pytest.mark.parametrize(
    ("shares", "ru", "en"),
    [
        ((10, 20, 30, 37), "97 %", "sum to 97 %"),
        ((10.5, 20, 30, 39.75), "100,25 %", "sum to 100.25 %"),
        ((0, 0, 0, 0), "дают 0 %", "sum to 0 %"),
    ],
)
def test_a_row_that_misses_100_says_its_sum(shares: Quartet, ru: str, en: str) -> None:
    with pytest.raises(InvalidMarksError) as caught:
        counts_from_percentages(100, shares)
    assert ru in caught.value.detail.ru
    assert en in caught.value.detail.en
    assert caught.value.faults[0].column == "2, 3, 4, 5"


@pytest.mark.parametrize(
    ("n", "shares"),
    [
        (500, (24.95, 24.95, 24.95, 24.95)),
        (500, (25.05, 25.05, 25.05, 25.05)),
    ],
)
def test_a_sum_at_the_edge_of_rounding_is_accepted(n: int, shares: Quartet) -> None:
    assert counts_from_percentages(n, shares).marks == (125, 125, 125, 125)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ((0, 0, 49.9, 49.9), (0, 0, 1000, 1000)),
        ((0, 0, 50.1, 50.1), (0, 0, 1000, 1000)),
    ],
)
def test_a_mark_of_zero_per_cent_is_never_invented(
    shares: Quartet, expected: tuple[int, ...]
) -> None:
    with pytest.raises(InvalidMarksError):
        counts_from_percentages(1_000, shares)
    near = [share and share + (50 - share) / 2 for share in shares]
    assert counts_from_percentages(2_000, near).marks == expected


def test_a_share_no_whole_pupils_can_give_names_the_nearest_one() -> None:
    with pytest.raises(InvalidMarksError) as caught:
        counts_from_percentages(25, (13.4, 26.6, 40, 20))
    (fault,) = caught.value.faults
    assert (fault.column, fault.value) == ("2", "13.4")
    assert "12.00 % (3 of 25)" in fault.reason.en


@pytest.mark.parametrize(
    ("n", "shares", "column"),
    [
        (-1, (0, 0, 0, 0), "n"),
        (MAX_PARTICIPANTS + 1, (0, 0, 0, 100), "n"),
        (0, (0, 0, 0, 100), "n"),
        (10, (-10, 20, 40, 50), "2"),
        (10, (0, 0, 0, 1000), "5"),
        (10, (0, float("nan"), 0, 100), "3"),
    ],
)
def test_impossible_figures_are_refused_at_their_column(
    n: int, shares: Quartet, column: str
) -> None:
    with pytest.raises(InvalidMarksError) as caught:
        counts_from_percentages(n, shares)
    assert caught.value.faults[0].column == column
