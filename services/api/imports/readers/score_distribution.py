"""Reading «Распределение первичных баллов»: percentages of pupils by primary score."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from services.api.imports.readers.cells import Cell, is_blank, text_of
from services.api.imports.readers.headings import (
    Headings,
    Nearest,
    RowCells,
    Span,
    require_header,
)
from services.api.imports.readers.mark_columns import (
    COLUMNS as MARK_COLUMNS,
)
from services.api.imports.readers.mark_columns import (
    LOGIN,
    PARTICIPANTS,
    SHARES,
)
from services.api.imports.readers.mark_columns import (
    ROLES as MARK_ROLES,
)
from services.api.imports.readers.mark_skips import skip_note
from services.api.imports.readers.options import FileOptions
from services.api.imports.readers.region_rows import RegionRow
from services.api.imports.readers.rows import ImportedRow, ReadRow, SkippedRow
from services.api.imports.readers.tables import (
    HEADER_WITHIN_ROWS,
    Column,
    NumberedRow,
    Sheet,
    open_workbook,
)
from shared.domain.assessments import InvalidMarksError
from shared.domain.result_figures import mean_of
from shared.domain.shares import counts_of_shares

KEYS = tuple(column for column in MARK_COLUMNS if column.title not in SHARES)
HEADINGS = Headings(KEYS, frozenset(column.title for column in KEYS))
SCORES = "0, 1, 2 …"
EXPECTED = Headings((*KEYS, Column(SCORES)), HEADINGS.required | {SCORES})
MOST_SCORES = 100
TITLES = (
    *(column.title for column in KEYS),
    *(str(score) for score in range(MOST_SCORES + 1)),
)
ROLES = {
    **{role: title for role, title in MARK_ROLES.items() if title not in SHARES},
    "score_counts": PARTICIPANTS,
    "mean_primary_score": PARTICIPANTS,
}
_SCORE = re.compile(r"(\d{1,3})(?:\s*б\w*\.?)?(?:,?\s*%)?", re.IGNORECASE)
_WHOLE = (0.99, 1.01)  # what fractions may sum to
_FEWEST_SCORES = 2


@dataclass(frozen=True, slots=True)
class _Table:
    """A header that was found: all columns, and the place of each score's."""

    sheet: str
    spans: dict[str, Span]
    scores: dict[int, int]


def read_score_distribution(file: BinaryIO, options: FileOptions) -> Iterator[ReadRow]:
    """Yield every row that is not empty, in the order of sheets and rows.

    The key is the file's ``year`` and ``grade``. Figures are the counts rebuilt from
    the percentages, their mean and, under ``percentages``, the file's own.

    Raises:
        UnreadableFileError: not a workbook, or no sheet has the header.
    """
    nearest: list[Nearest] = []
    is_found = False
    with open_workbook(file, options.meter) as sheets:
        for sheet in sheets:
            table = _find(sheet, nearest)
            if table is not None:
                is_found = True
                rows = (_parsed(table, numbered) for numbered in sheet.rows)
                yield from (row for row in rows if row is not None)
    require_header(EXPECTED, nearest, is_found=is_found)


def _find(sheet: Sheet, nearest: list[Nearest]) -> _Table | None:
    best: Nearest = (sheet.name, None, ())
    for number, cells in sheet.rows:
        spans = HEADINGS.match(cells)
        scores = _scores(cells)
        if HEADINGS.is_header(spans) and len(scores) >= _FEWEST_SCORES:
            own = {str(s): Span(place, place + 1) for s, place in scores.items()}
            return _Table(sheet.name, spans | own, scores)
        if len(spans) > len(best[2]):
            told = (SCORES,) if len(scores) >= _FEWEST_SCORES else ()
            best = (sheet.name, number, (*spans, *told))
        if number >= HEADER_WITHIN_ROWS:
            break
    nearest.append(best)
    return None


def _scores(header: Sequence[Cell]) -> dict[int, int]:
    """Return the places of the columns 0, 1, 2 … as far as they go on."""
    places: dict[int, int] = {}
    for place, cell in enumerate(header):
        found = _SCORE.fullmatch(text_of(cell))
        score = int(found[1]) if found else None
        if score is not None and score == len(places) <= MOST_SCORES:
            places[score] = place
    return places


def _parsed(table: _Table, numbered: NumberedRow) -> ReadRow | None:
    number, row = numbered
    cells = RowCells(table.spans, row)
    if is_blank(cells[LOGIN]) or is_blank(cells[PARTICIPANTS]):
        filled = [title for title, cell in cells.items() if not is_blank(cell)]
        if not filled:
            return None
        note = skip_note(cells, filled)
        if note is not None:
            return SkippedRow(table.sheet, number, *note)
    return _read(RegionRow(table.sheet, number, cells), table, row)


def _read(row: RegionRow, table: _Table, cells: Sequence[Cell]) -> ReadRow:
    key, names = row.key(), row.names()
    n = row.count()
    shares = _shares(row, table, cells)
    if n is None or row.faults:
        return row.bad(names)
    try:
        counts = counts_of_shares(n, shares)
    except InvalidMarksError as error:
        for fault in error.faults:
            row.keep(fault)
        return row.bad(names)
    by_score = {int(score): count for score, count in counts.items() if count}
    figures: dict[str, object] = {
        "n": n,
        "score_counts": {str(score): count for score, count in by_score.items()},
        "percentages": {f"score_{score}": share for score, share in shares.items()},
        "counts_rebuilt": True,
    }
    mean = mean_of(by_score)
    if mean is not None:
        figures["mean_primary_score"] = round(mean, 2)
    when_new = {"max_primary_score": float(_largest(table, cells))}
    return ImportedRow(row.sheet, row.row, names, key, figures, when_new, row.cells)


def _shares(row: RegionRow, table: _Table, cells: Sequence[Cell]) -> dict[str, float]:
    """Return the percentages that are not 0; of other cells most are, or are empty."""
    shares: dict[str, float] = {}
    for score, place in table.scores.items():
        cell = cells[place]
        if cell in ("", 0):
            continue
        share = cell if type(cell) is float else row.share(str(score))
        if share:
            shares[str(score)] = float(share)
    if _WHOLE[0] <= sum(shares.values()) <= _WHOLE[1]:
        return {score: round(100 * share, 10) for score, share in shares.items()}
    return shares


def _largest(table: _Table, cells: Sequence[Cell]) -> int:
    """Return the last score whose cell is filled: beyond it the work has none."""
    for score, place in reversed(table.scores.items()):
        if not is_blank(cells[place]):
            return score or max(table.scores)
    return max(table.scores)
