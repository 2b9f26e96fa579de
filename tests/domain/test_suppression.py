"""Nobody derives a small count from what is published, by whatever arithmetic."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from shared.domain.suppression import Cell, Counts, suppress, with_sums

MINIMUM = 5
# Small schools, where nearly everything is small, beside large ones.
PARTS = st.lists(
    st.lists(st.one_of(st.integers(0, 7), st.integers(0, 60)), min_size=3, max_size=3),
    min_size=1,
    max_size=7,
)


def possible_values(
    table: Counts, withheld: frozenset[Cell], cell: Cell
) -> tuple[float, float]:
    """Return the least and the largest count that the published ones allow."""
    rows, columns = len(table), len(table[0])

    def index(row: int, column: int) -> int:
        return row * columns + column

    equations = []
    for row in range(rows):
        line = np.zeros(rows * columns)
        line[[index(row, column) for column in range(columns - 1)]] = 1
        line[index(row, columns - 1)] = -1
        equations.append(line)
    for column in range(columns):
        line = np.zeros(rows * columns)
        line[[index(row, column) for row in range(rows - 1)]] = 1
        line[index(rows - 1, column)] = -1
        equations.append(line)
    bounds = [
        (0, None) if (row, column) in withheld else (count, count)
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
    ]
    aim = np.zeros(rows * columns)
    aim[index(*cell)] = 1
    ends = []
    for sign in (1, -1):
        found = linprog(
            sign * aim, A_eq=equations, b_eq=np.zeros(len(equations)), bounds=bounds
        )
        # Nothing bounds a count from above where its sum is withheld, too.
        ends.append(sign * found.fun if found.status == 0 else sign * -np.inf)
    return ends[0], ends[1]


def small_cells(table: Counts) -> Iterator[Cell]:
    for row, counts in enumerate(table):
        for column, count in enumerate(counts):
            if count < MINIMUM:
                yield row, column


@settings(max_examples=40)
@given(PARTS)
def test_no_small_count_has_one_possible_value_only(parts: list[list[int]]) -> None:
    table = with_sums(parts)
    withheld = suppress(table, minimum=MINIMUM)
    for cell in small_cells(table):
        assert cell in withheld
        least, largest = possible_values(table, withheld, cell)
        assert largest - least >= 1 - 1e-6, (table, cell, least, largest)


@given(PARTS)
def test_no_line_tells_a_small_count_by_its_sum(parts: list[list[int]]) -> None:
    table = with_sums(parts)
    withheld = suppress(table, minimum=MINIMUM)
    last_row, last_column = len(table) - 1, len(table[0]) - 1
    lines = [
        ([(row, column) for column in range(last_column)], (row, last_column))
        for row in range(last_row + 1)
    ] + [
        ([(row, column) for row in range(last_row)], (last_row, column))
        for column in range(last_column + 1)
    ]
    for members, total in lines:
        hidden = [
            table[row][column] for row, column in members if (row, column) in withheld
        ]
        if hidden and total not in withheld:
            assert sum(hidden) >= MINIMUM


@given(PARTS, st.integers(1, 20))
def test_a_higher_minimum_never_publishes_a_smaller_count(
    parts: list[list[int]], minimum: int
) -> None:
    table = with_sums(parts)
    withheld = suppress(table, minimum=minimum)
    for row, counts in enumerate(table):
        for column, count in enumerate(counts):
            assert count >= minimum or (row, column) in withheld


@pytest.mark.parametrize(
    ("parts", "published"),
    [
        ([[9, 9, 9], [9, 9, 9]], 12),  # nothing is small
        ([[1, 1, 1]], 0),  # the total is the school
        ([[0, 0, 20], [9, 9, 9]], 0),
    ],
)
def test_what_is_published(parts: list[list[int]], published: int) -> None:
    table = with_sums(parts)
    cells = len(table) * len(table[0])
    if published:
        assert cells - len(suppress(table, minimum=MINIMUM)) == published
    else:
        assert {(0, 0), (0, 1)} <= suppress(table, minimum=MINIMUM)


def test_one_small_school_takes_a_second_one_and_no_more_with_it() -> None:
    table = with_sums([[1, 1, 1], [6, 7, 8], [30, 30, 30], [40, 40, 40]])
    withheld = suppress(table, minimum=MINIMUM)
    assert {row for row, _column in withheld} == {0, 1}


def test_a_minimum_that_nothing_reaches_withholds_everything() -> None:
    table = with_sums([[9, 9, 9], [9, 9, 9]])
    assert len(suppress(table, minimum=10**6)) == 12
