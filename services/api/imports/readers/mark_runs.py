"""Rows of marks in columns: what stands below each other and is as nearly all is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from services.api.imports.readers.cells import Cell
from services.api.imports.readers.rows import ImportedRow, ReadRow, RowNames

Shares: TypeAlias = tuple[float, float, float, float]
Marks: TypeAlias = tuple[int, int, int, int, int, Shares]


class TableCells(Mapping[str, Cell]):
    """The cells of a row by the titles of their columns, looked up when wanted."""

    __slots__ = ("_positions", "_row")

    def __init__(self, positions: Mapping[str, int], row: Sequence[Cell]) -> None:
        """Look into `row` by `positions`."""
        self._positions = positions
        self._row = row

    def __getitem__(self, title: str) -> Cell:
        return self._row[self._positions[title]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._positions)

    def __len__(self) -> int:
        return len(self._positions)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRun:
    """Sound rows that state marks and nothing else, one list for each column.

    Of equal names, and of equal keys, each is one object. `marks` are n, n2 … n5, which
    add up, and the percentages. A row of its own is made of one only when wanted.
    """

    sheet: str
    rows: Sequence[int]
    names: Sequence[RowNames]
    keys: Sequence[Mapping[str, Any]]
    marks: Sequence[Marks]
    positions: Mapping[str, int]
    cells: Sequence[Sequence[Cell]]

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.rows)

    def __iter__(self) -> Iterator[ImportedRow]:
        """Yield the rows one by one, as they are read otherwise."""
        for number, names, key, marks, cells in zip(
            self.rows, self.names, self.keys, self.marks, self.cells, strict=True
        ):
            figures, shown = figures_of(marks), TableCells(self.positions, cells)
            yield ImportedRow(self.sheet, number, names, key, figures, cells=shown)


def each_row(read: Iterable[ReadRow | MarkRun]) -> Iterator[ReadRow]:
    """Yield the rows one by one."""
    for row in read:
        if isinstance(row, MarkRun):
            yield from row
        else:
            yield row


def figures_of(marks: Marks) -> dict[str, object]:
    """Return the figures of a row: the counts, and the percentages that it states."""
    n, n2, n3, n4, n5, (two, three, four, five) = marks
    return {
        "n": n,
        "n2": n2,
        "n3": n3,
        "n4": n4,
        "n5": n5,
        "percentages": {"2": two, "3": three, "4": four, "5": five},
        "counts_rebuilt": True,
    }
