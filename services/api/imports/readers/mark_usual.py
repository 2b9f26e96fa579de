"""Reading the rows of «Статистика по отметкам» that are as nearly all are.

A large file has few schools, subjects, years and grades, each on many rows: what a cell
says is found out once, by the reading that explains every fault, and then known. Of a
row whose cells are all known only the numbers are left to look at. Whatever is unusual
is left to the other reading, so that no fault is ever told here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias

from services.api.imports.readers.cells import Cell, is_blank, text_of
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
from services.api.imports.readers.mark_runs import MarkRun, Marks, Shares
from services.api.imports.readers.rows import ImportedRow, ReadRow, RowNames
from services.api.imports.readers.tables import NumberedRow, Table
from shared.domain.assessments import plain_counts

Parse: TypeAlias = Callable[[NumberedRow], ReadRow | None]

_WHAT = (SUBJECT, MUNICIPALITY, SCHOOL, LOGIN)
_WHOLE = (0.998, 1.002)  # what fractions may sum to
_DECIMALS = 10
_REMEMBERED = 1 << 14
_FLOAT, _TEXT = {float}, {str}


class UsualRows:
    """Reads the usual rows of one table."""

    def __init__(self, table: Table, parse: Parse) -> None:
        """Read rows of `table`; `parse` explains one of them cell by cell."""
        places = table.positions
        self._sheet = table.sheet
        self._parse = parse
        self._positions = places
        self._figures = itemgetter(places[PARTICIPANTS], *(places[s] for s in SHARES))
        self._when = itemgetter(places[YEAR], places[GRADE])
        self._what = itemgetter(*(places[title] for title in _WHAT))
        self._keys: dict[tuple[Cell, ...], Mapping[str, Any]] = {}
        self._names = _Names()
        self._known = _Rounded()

    def split(self, numbered: Sequence[NumberedRow]) -> Iterator[MarkRun | NumberedRow]:
        """Put together what is usual; leave other rows as they are, in their order."""
        rows = [row for _, row in numbered]
        names = [*map(self._names.__getitem__, map(self._what, rows))]
        keys = self._keys_of(numbered)
        marks = [*map(self._marks, map(self._figures, rows))]
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        usual = [
            name is not None and key is not None and figures is not None
            for name, key, figures in zip(names, keys, marks, strict=True)
        ]
        for is_usual, part in _alike(usual):
            if not is_usual:
                yield from numbered[part]
                continue
            yield MarkRun(
                sheet=self._sheet,
                rows=[number for number, _ in numbered[part]],
                names=[name for name in names[part] if name is not None],
                keys=[key for key in keys[part] if key is not None],
                marks=[figures for figures in marks[part] if figures is not None],
                positions=self._positions,
                cells=rows[part],
            )

    def _keys_of(
        self, numbered: Sequence[NumberedRow]
    ) -> list[Mapping[str, Any] | None]:
        """Return what year and grade of each row say, where that is known."""
        when = [self._when(row) for _, row in numbered]
        unknown = {*when} - self._keys.keys()
        if unknown:
            first = dict(zip(reversed(when), reversed(numbered), strict=True))
            for cells in unknown:
                read = self._parse(first[cells])
                if isinstance(read, ImportedRow) and {*map(type, cells)} == _FLOAT:
                    self._keys[cells] = read.key
        return [*map(self._keys.get, when)]

    def _marks(self, figures: tuple[Cell, ...]) -> Marks | None:
        """Return what the numbers of a row say, if nothing is left to decide."""
        n, two, three, four, five = figures
        if not (
            isinstance(n, float)
            and isinstance(two, float)
            and isinstance(three, float)
            and isinstance(four, float)
            and isinstance(five, float)
            and n.is_integer()
        ):
            return None
        if _WHOLE[0] <= two + three + four + five <= _WHOLE[1]:
            shares = percentages_of((two, three, four, five))
        else:
            known = self._known
            shares = (known[two], known[three], known[four], known[five])
        pupils = int(n)
        counts = plain_counts(pupils, shares)
        return None if counts is None else (pupils, *counts, shares)


class _Names(dict[tuple[Cell, ...], RowNames | None]):
    """What texts of a row name, found out once; None where one takes a closer look."""

    def __missing__(self, cells: tuple[Cell, ...]) -> RowNames | None:
        subject, _, _, login = cells
        if {*map(type, cells)} != _TEXT or is_blank(subject) or is_blank(login):
            return None
        names = RowNames(*("" if is_blank(cell) else text_of(cell) for cell in cells))
        if len(self) < _REMEMBERED:
            self[cells] = names
        return names


class _Rounded(dict[float, float]):
    """Shares as exact as files have them, each rounded once: that takes its time."""

    def __missing__(self, share: float) -> float:
        rounded = self[share] = round(share, _DECIMALS)
        return rounded


def _alike(flags: Sequence[bool]) -> Iterator[tuple[bool, slice]]:
    """Yield where neighbours are alike, and what they are."""
    start = 0
    for flag, group in groupby(flags):
        stop = start + len([*group])
        yield flag, slice(start, stop)
        start = stop


def percentages_of(shares: Sequence[float]) -> Shares:
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
