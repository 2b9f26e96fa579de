"""Reading the rows of «Статистика по отметкам» that are as nearly all are.

A large file has few schools, subjects, years and grades, each on many rows: what a cell
says is found out once, by the reading that explains every fault, and then known. Of a
row whose cells are all known only the numbers are left to look at. Whatever is unusual
is left to the other reading, so that no fault is ever told here.
"""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

from services.api.imports.readers.cells import Cell
from services.api.imports.readers.mark_columns import (
    GRADE,
    LOGIN,
    MUNICIPALITY,
    PARTICIPANTS,
    SCHOOL,
    SHARES,
    SUBJECT,
    YEAR,
)
from services.api.imports.readers.rows import ImportedRow, ReadRow, RowNames
from services.api.imports.readers.tables import NumberedRow, Table
from shared.domain.assessments import plain_counts

_WHAT = (SUBJECT, MUNICIPALITY, SCHOOL, LOGIN)
_WHOLE = (0.998, 1.002)  # what fractions may sum to
_DECIMALS = 10
_REMEMBERED = 1 << 14
_FLOAT, _TEXT = {float}, {str}

_Shares: TypeAlias = tuple[float, float, float, float]


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


class UsualRows:
    """Reads the usual rows of one table."""

    def __init__(self, table: Table) -> None:
        """Read rows of `table`."""
        places = table.positions
        self._sheet = table.sheet
        self._positions = places
        self._figures = itemgetter(places[PARTICIPANTS], *(places[s] for s in SHARES))
        self._when = itemgetter(places[YEAR], places[GRADE])
        self._what = itemgetter(*(places[title] for title in _WHAT))
        self._keys: dict[tuple[Cell, ...], Mapping[str, Any]] = {}
        self._names: dict[tuple[Cell, ...], RowNames] = {}
        self._known = _Rounded()

    def read(self, numbered: NumberedRow) -> ImportedRow | None:
        """Return what a row says; None if anything of it is unusual or yet unknown."""
        number, row = numbered
        names = self._names.get(self._what(row))
        key = self._keys.get(self._when(row))
        figures = self._figures(row)
        n, shares = figures[0], figures[1:]
        if (
            names is None
            or key is None
            or {*map(type, figures)} != _FLOAT
            or not n.is_integer()
        ):
            return None
        percentages = self._rounded(shares)
        marks = plain_counts(int(n), percentages)
        if marks is None:
            return None
        stated = figures_of(int(n), marks, percentages)
        cells = TableCells(self._positions, row)
        return ImportedRow(self._sheet, number, names, key, stated, cells=cells)

    def learn(self, numbered: NumberedRow, read: ReadRow | None) -> None:
        """Remember what the cells of a row say that turned out to be sound."""
        _, row = numbered
        when, what = self._when(row), self._what(row)
        if isinstance(read, ImportedRow):
            if {*map(type, when)} == _FLOAT:
                self._keys.setdefault(when, read.key)
            if {*map(type, what)} == _TEXT and len(self._names) < _REMEMBERED:
                self._names.setdefault(what, read.names)

    def _rounded(self, shares: _Shares) -> _Shares:
        known = self._known
        if len(known) > _REMEMBERED:
            known.clear()
        two, three, four, five = shares
        if _WHOLE[0] <= two + three + four + five <= _WHOLE[1]:
            return percentages_of(shares)
        return (known[two], known[three], known[four], known[five])


class _Rounded(dict[float, float]):
    """Shares as exact as files have them, each rounded once: that takes its time."""

    def __missing__(self, share: float) -> float:
        rounded = self[share] = round(share, _DECIMALS)
        return rounded


def percentages_of(shares: Sequence[float]) -> _Shares:
    """Return shares in per cent, as exact as files have them.

    Cells in the spreadsheet's own percent format hold 0.125 for 12.5 %.
    """
    two, three, four, five = shares
    scale = 100 if _WHOLE[0] <= two + three + four + five <= _WHOLE[1] else 1
    return (
        round(scale * two, _DECIMALS),
        round(scale * three, _DECIMALS),
        round(scale * four, _DECIMALS),
        round(scale * five, _DECIMALS),
    )


def figures_of(
    n: int, marks: tuple[int, int, int, int], shares: _Shares
) -> dict[str, object]:
    """Return the figures of a row: the counts, and the percentages that it states."""
    n2, n3, n4, n5 = marks
    two, three, four, five = shares
    return {
        "n": n,
        "n2": n2,
        "n3": n3,
        "n4": n4,
        "n5": n5,
        "percentages": {"2": two, "3": three, "4": four, "5": five},
        "counts_rebuilt": True,
    }
