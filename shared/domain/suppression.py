"""Withholding small figures, and whatever they could be derived from.

A table has counts of pupils: rows are schools and, last, their total; columns are the
parts of a row and, last, their sum. Whoever reads it knows both sums. A count below the
minimum is withheld (primary suppression), then as many others as are needed that

* no withheld small count has one possible value only, whatever is subtracted from
  whatever (counts are never negative, and a reader knows that, too);
* no line shows, by its published sum, that what is withheld in it is together a count
  below the minimum.

Rates are published where both of their counts are. With sums along rows and columns
counts form a flow in a network: a cell is an edge between its row and its column, and a
withheld count can be another one exactly if it lies on a cycle of withheld edges that
can be gone round (D. Gusfield, "A graph theoretic approach to statistical data
security", SIAM J. Comput. 17 (1988)). Complements are found as the cheapest such cycle.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Cell = tuple[int, int]  # row and column, the last of each being the sum
Counts = Sequence[Sequence[int]]

_SUM_COSTS = 4  # times its count: sums are what readers want most


@dataclass(frozen=True, slots=True)
class _Edge:
    """A cell as an edge of the network; a count of 0 can only grow."""

    source: tuple[str, int]
    target: tuple[str, int]
    count: int
    cost: int


def with_sums(parts: Counts) -> list[list[int]]:
    """Return the table with the sum of each row, and of each column, at its end.

    >>> with_sums([[1, 2], [3, 4]])
    [[1, 2, 3], [3, 4, 7], [4, 6, 10]]
    """
    rows = [[*row, sum(row)] for row in parts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def suppress(table: Counts, *, minimum: int) -> frozenset[Cell]:
    """Return the cells that must be withheld of a table made by `with_sums`.

    >>> sorted(suppress(with_sums([[9, 9], [9, 3]]), minimum=5))
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    edges = _edges_of(table)
    small = [cell for cell, edge in edges.items() if edge.count < minimum]
    withheld = set(small)
    while True:
        before = len(withheld)
        for cell in small:
            withheld |= _cycle_through(cell, edges, withheld)
        for line in _lines_of(table):
            withheld |= _more_of(line, edges, withheld, minimum)
        if len(withheld) == before:
            return frozenset(withheld)


def _edges_of(table: Counts) -> dict[Cell, _Edge]:
    """Return the edges: parts flow from rows to columns, sums flow back."""
    last_row, last_column = len(table) - 1, len(table[0]) - 1
    edges = {}
    for row, counts in enumerate(table):
        for column, count in enumerate(counts):
            ends = ("row", row), ("column", column)
            is_sum = (row == last_row) is not (column == last_column)
            source, target = (ends[1], ends[0]) if is_sum else ends
            weight = 1 + (_SUM_COSTS - 1) * (row == last_row or column == last_column)
            edges[row, column] = _Edge(source, target, count, 1 + count * weight)
    return edges


def _cycle_through(
    cell: Cell, edges: Mapping[Cell, _Edge], withheld: set[Cell]
) -> set[Cell]:
    """Return the cells of the cheapest cycle along which the count can change."""
    edge = edges[cell]
    ways = [_cheapest(edge.target, edge.source, cell, edges, withheld)]
    if edge.count > 0:
        ways.append(_cheapest(edge.source, edge.target, cell, edges, withheld))
    found = [way for way in ways if way is not None]
    return min(found)[1] if found else set(edges)


def _cheapest(
    start: tuple[str, int],
    end: tuple[str, int],
    without: Cell,
    edges: Mapping[Cell, _Edge],
    withheld: set[Cell],
) -> tuple[int, set[Cell]] | None:
    """Return cost and cells of the cheapest way that avoids one cell (Dijkstra)."""
    arcs: dict[tuple[str, int], list[tuple[tuple[str, int], Cell, int]]] = {}
    for cell, edge in edges.items():
        if cell == without:
            continue
        cost = 0 if cell in withheld else edge.cost
        arcs.setdefault(edge.source, []).append((edge.target, cell, cost))
        if edge.count > 0:
            arcs.setdefault(edge.target, []).append((edge.source, cell, cost))
    reached: dict[tuple[str, int], tuple[tuple[str, int], Cell]] = {}
    done: set[tuple[str, int]] = set()
    waiting = [(0, start)]
    costs = {start: 0}
    while waiting:
        spent, node = heapq.heappop(waiting)
        if node == end:
            return spent, set(_way_back(reached, start, end))
        if node in done:
            continue
        done.add(node)
        for following, cell, cost in arcs.get(node, ()):
            total = spent + cost
            if following not in costs or total < costs[following]:
                costs[following] = total
                reached[following] = (node, cell)
                heapq.heappush(waiting, (total, following))
    return None


def _way_back(
    reached: Mapping[tuple[str, int], tuple[tuple[str, int], Cell]],
    start: tuple[str, int],
    end: tuple[str, int],
) -> Iterator[Cell]:
    node = end
    while node != start:
        node, cell = reached[node]
        yield cell


def _lines_of(table: Counts) -> Iterator[tuple[list[Cell], Cell]]:
    """Yield the parts of each row and of each column, with their sum."""
    last_row, last_column = len(table) - 1, len(table[0]) - 1
    for row in range(last_row + 1):
        yield [(row, column) for column in range(last_column)], (row, last_column)
    for column in range(last_column + 1):
        yield [(row, column) for row in range(last_row)], (last_row, column)


def _more_of(
    line: tuple[list[Cell], Cell],
    edges: Mapping[Cell, _Edge],
    withheld: set[Cell],
    minimum: int,
) -> set[Cell]:
    """Return what else of the line must go, if its sum tells a small count."""
    parts, total = line
    hidden = [cell for cell in parts if cell in withheld]
    if not hidden or total in withheld:
        return set()
    if sum(edges[cell].count for cell in hidden) >= minimum:
        return set()
    shown = [cell for cell in (*parts, total) if cell not in withheld]
    return {min(shown, key=lambda cell: (edges[cell].cost, cell))}
