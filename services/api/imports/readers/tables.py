"""Opening an uploaded workbook, and finding the table on a sheet of it."""

import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from services.api.imports.readers.archive import (
    UnreadableFileError,
    copy_readable_parts,
    damaged,
    empty,
)
from services.api.imports.readers.cells import Cell, text_of
from services.api.imports.readers.options import Meter
from services.api.imports.readers.pieces import (
    CuttableSheet,
    DisorderedRowsError,
    read_pieces,
)
from shared.domain.errors import Fault, Text

NumberedRow = tuple[int, list[Cell]]

HEADER_WITHIN_ROWS = 50


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet that is not empty; rows are numbered as the user sees them."""

    name: str
    rows: Iterator[NumberedRow]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a table must have: its usual title, and other spellings of it."""

    title: str
    spellings: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """The spellings as `title_key` reduces them."""
        return frozenset(title_key(text) for text in (self.title, *self.spellings))


@dataclass(frozen=True, slots=True)
class Table:
    """A table below its header: where each wanted column stands, and the rows."""

    sheet: str
    header_row: int
    positions: Mapping[str, int]  # by the column's own title
    rows: Iterator[NumberedRow]


@dataclass(frozen=True, slots=True)
class MissingHeader:
    """A sheet without the header that was looked for, and what it lacks of it."""

    sheet: str
    row: int | None  # of the row that came nearest
    missing: tuple[str, ...]
    found: int


@contextmanager
def open_workbook(
    source: BinaryIO,
    meter: Meter | None = None,
    *,
    hidden: Collection[str] = (),
    in_pieces: bool = False,
) -> Iterator[list[Sheet]]:
    """Give the sheets of an uploaded `.xlsx` while the context lasts.

    `meter` is told how many rows there are, and of each row that is taken. Sheets that
    are hidden are left out, but for those whose names are in `hidden`. A large sheet is
    read `in_pieces` if it can be; its first column is then A, even where that is empty.

    Raises:
        UnreadableFileError: not an `.xlsx`, encrypted, damaged, too large, or empty.
    """
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy:
        cuttable = copy_readable_parts(source, copy)
        copy.flush()
        file = _File(copy.name, cuttable if in_pieces else None)
        try:
            with CalamineWorkbook.from_path(copy.name) as workbook:
                sheets = [*_sheets(workbook, file, meter or Meter(), hidden)]
                if not sheets:
                    raise empty()
                yield sheets
        except (CalamineError, DisorderedRowsError) as error:
            raise damaged() from error


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    cuttable: CuttableSheet | None


def _sheets(
    workbook: CalamineWorkbook, file: _File, meter: Meter, hidden: Collection[str]
) -> Iterator[Sheet]:
    wanted = {title_key(name) for name in hidden}
    for meta in workbook.sheets_metadata:
        is_shown = meta.visible == SheetVisibleEnum.Visible
        if meta.typ != SheetTypeEnum.WorkSheet or not (
            is_shown or title_key(meta.name) in wanted
        ):
            continue
        if file.cuttable is not None and len(workbook.sheets_metadata) == 1:
            yield from _in_pieces(meta.name, file.path, file.cuttable, meter)
            return
        sheet = workbook.get_sheet_by_name(meta.name)
        if sheet.height:
            last, _ = sheet.end or (-1, -1)
            meter.total += last + 1
            yield Sheet(meta.name, _numbered(sheet.iter_rows(), meter, last + 1))


def _in_pieces(
    name: str, path: str, sheet: CuttableSheet, meter: Meter
) -> Iterator[Sheet]:
    rows = read_pieces(path, sheet)
    first = next(rows, None)
    if first is not None:
        last = sheet.extent.rows  # or less: there may be empty cells at the end
        meter.total += last
        yield Sheet(name, _numbered(chain([first], rows), meter, last))


def _numbered(
    rows: Iterator[list[Cell]], meter: Meter, expected: int
) -> Iterator[NumberedRow]:
    number = 0
    for number, row in enumerate(rows, start=1):
        meter.read += 1
        yield number, row
    meter.total += number - expected


def find_table(sheet: Sheet, columns: Iterable[Column]) -> Table | MissingHeader:
    """Look for the header among the first rows of `sheet`, below any title block.

    The order of the columns, case, blanks and further columns do not count.

    Raises:
        UnreadableFileError: a wanted column stands in the header twice.
    """
    wanted = list(columns)
    nearest = MissingHeader(sheet.name, None, tuple(c.title for c in wanted), 0)
    for number, cells in islice(sheet.rows, HEADER_WITHIN_ROWS):
        positions = _positions(cells, wanted)
        missing = tuple(c.title for c in wanted if c.title not in positions)
        if not missing:
            _require_once(sheet.name, number, positions)
            first = {title: places[0] for title, places in positions.items()}
            return Table(sheet.name, number, first, sheet.rows)
        if len(positions) > nearest.found:
            nearest = MissingHeader(sheet.name, number, missing, len(positions))
    return nearest


def find_tables(sheets: Iterable[Sheet], columns: Iterable[Column]) -> list[Table]:
    """Find the table on every sheet; sheets that resemble no table are passed over.

    Raises:
        UnreadableFileError: no sheet has the header, or a sheet has at least half of
            it but not all; each fault lists the columns that are missing.
    """
    wanted = list(columns)
    tables: list[Table] = []
    misses: list[MissingHeader] = []
    for sheet in sheets:
        match find_table(sheet, wanted):
            case Table() as table:
                tables.append(table)
            case MissingHeader() as miss:
                misses.append(miss)
    broken = [miss for miss in misses if 2 * miss.found >= len(wanted)]
    if broken or not tables:
        raise _no_header(broken or misses)
    return tables


def title_key(title: Cell) -> str:
    """Reduce a column's title: case, ё, blanks and quotes do not count; 2.0 is 2."""
    text = text_of(title).casefold().replace("ё", "е")
    return "".join(sign for sign in text if sign.isalnum() or sign in "-%")


def _positions(cells: list[Cell], wanted: list[Column]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    keys = [title_key(cell) for cell in cells]
    for column in wanted:
        found = [place for place, key in enumerate(keys) if key in column.keys]
        if found:
            places[column.title] = found
    return places


def _require_once(sheet: str, row: int, positions: Mapping[str, list[int]]) -> None:
    reason = Text(
        "Столбец встречается в заголовке дважды: оставьте один.",
        "The column stands in the header twice: keep one of them.",
    )
    faults = [
        Fault(reason=reason, sheet=sheet, row=row, column=title)
        for title, places in positions.items()
        if len(places) > 1
    ]
    if faults:
        raise UnreadableFileError(reason, faults=faults)


def _no_header(misses: list[MissingHeader]) -> UnreadableFileError:
    faults = [
        Fault(
            reason=Text(
                f"Не найдены столбцы: {', '.join(miss.missing)}.",
                f"Missing columns: {', '.join(miss.missing)}.",
            ),
            sheet=miss.sheet,
            row=miss.row,
        )
        for miss in misses
    ]
    return UnreadableFileError(
        Text(
            f"Лист «{misses[0].sheet}»: нет строки заголовка со всеми столбцами. "
            f"{faults[0].reason.ru}",
            f"Sheet “{misses[0].sheet}”: no header row with all columns. "
            f"{faults[0].reason.en}",
        ),
        faults=faults,
    )
