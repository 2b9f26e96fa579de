"""Reading a large sheet in pieces, as if it were read as a whole."""

import io
import zipfile
from collections.abc import Callable, Sequence

import pytest

from services.api.imports.readers import pieces
from services.api.imports.readers.archive import UnreadableFileError
from services.api.imports.readers.mark_statistics import read_mark_statistics
from services.api.imports.readers.options import FileOptions, Meter
from services.api.imports.readers.rows import BadRow, ImportedRow
from services.api.imports.readers.tables import open_workbook
from tests.api.imports.workbooks import row, statistics, workbook

SHEET = "xl/worksheets/sheet1.xml"
Rows = list[tuple[int, list[object]]]


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a piece have one row, or a few."""
    monkeypatch.setattr(pieces, "PIECE_BYTES", 200)


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the parts that are read in pieces from now on."""
    met: list[str] = []
    read = pieces.read_pieces

    def noted(path: str, sheet: pieces.CuttableSheet) -> object:
        met.append(sheet.part)
        return read(path, sheet)

    monkeypatch.setattr("services.api.imports.readers.tables.read_pieces", noted)
    return met


def rows_of(source: io.BytesIO, *, in_pieces: bool, meter: Meter | None = None) -> Rows:
    with open_workbook(source, meter, in_pieces=in_pieces) as sheets:
        return [(number, [*cells]) for sheet in sheets for number, cells in sheet.rows]


def changed(source: io.BytesIO, change: Callable[[bytes], bytes]) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == SHEET else content)
    return target


def many(count: int) -> Sequence[Sequence[object]]:
    return [["школа", number, number / 4, "", True, "конец"] for number in range(count)]


def test_a_sheet_in_pieces_has_the_same_rows_with_the_same_numbers(
    cut: list[str],
) -> None:
    others: Sequence[Sequence[object]] = [["2020", "", 1.5, False], [], [], ["x"] * 9]
    source = workbook({"A": [[], [], *many(20), *others, [], *many(5), ["", "y"]]})
    whole, meter = Meter(), Meter()
    wanted = rows_of(source, in_pieces=False, meter=whole)
    assert cut == []
    assert rows_of(source, in_pieces=True, meter=meter) == wanted
    assert cut == [SHEET]
    assert meter == whole


def test_columns_that_are_empty_in_some_pieces_are_kept_apart() -> None:
    source = workbook({"A": [["", "b", "c"], ["", "", "c"] * 2, ["a"], ["", "b"]]})
    wanted = [
        (1, ["", "b", "c", "", "", ""]),
        (2, ["", "", "c", "", "", "c"]),
        (3, ["a", "", "", "", "", ""]),
        (4, ["", "b", "", "", "", ""]),
    ]
    assert rows_of(source, in_pieces=True) == wanted


def test_empty_cells_below_the_last_row_do_not_count_as_rows() -> None:
    below = b'<row r="60"><c r="B60" s="0"/></row></sheetData>'
    source = workbook({"A": many(30)})
    source = changed(source, lambda xml: xml.replace(b"</sheetData>", below))
    meter = Meter()
    assert len(rows_of(source, in_pieces=True, meter=meter)) == 30
    assert (meter.read, meter.total) == (30, 30)


def moved_up(xml: bytes) -> bytes:
    """Move the last row before all others."""
    head, last = xml.rsplit(b'<row r="', 1)
    last, end = last.split(b"</sheetData>")
    moved = b'<sheetData><row r="' + last
    return head.replace(b"<sheetData>", moved) + b"</sheetData>" + end


@pytest.mark.parametrize(
    "change",
    [
        moved_up,
        lambda xml: xml.replace(b"<sheetData>", b'<!-- <row r="1"> --><sheetData>'),
        lambda xml: xml.replace(b'<row r="9"', b'<row  r="9"'),
    ],
)
def test_a_sheet_that_is_written_unusually_is_read_as_a_whole(
    change: Callable[[bytes], bytes], cut: list[str]
) -> None:
    source = changed(workbook({"A": many(20)}), change)
    assert rows_of(source, in_pieces=True) == rows_of(source, in_pieces=False)
    assert cut == []


def test_of_several_sheets_each_is_read_as_a_whole(cut: list[str]) -> None:
    source = workbook({"A": many(20), "B": many(20)})
    assert rows_of(source, in_pieces=True) == rows_of(source, in_pieces=False)
    assert cut == []


@pytest.mark.parametrize(
    ("sound", "broken"),
    [(b"</c></row>", b"</row>"), (b'"B18"', b'"B2"')],
)
def test_a_sheet_that_breaks_further_down_is_refused_there(
    sound: bytes, broken: bytes
) -> None:
    def change(xml: bytes) -> bytes:
        head, mark, rest = xml.partition(b'<row r="18"')
        return head + mark + rest.replace(sound, broken, 1)

    source = changed(workbook({"A": [[n, n] for n in range(40)]}), change)
    with pytest.raises(UnreadableFileError):
        rows_of(source, in_pieces=True)


def test_bad_rows_of_later_pieces_are_told_with_their_places(cut: list[str]) -> None:
    rows = [row(year=2012 + number % 8) for number in range(30)]
    rows[25] = row(n="много")
    read = list(read_mark_statistics(statistics(*rows), FileOptions()))
    assert cut == [SHEET]
    assert [each.row for each in read] == [*range(2, 32)]
    bad = [each for each in read if not isinstance(each, ImportedRow)]
    assert isinstance(bad[0], BadRow)
    (fault,) = bad[0].faults
    place = (fault.sheet, fault.row, fault.column, fault.value)
    assert place == ("ВПР", 27, "Кол-во участников", "много")
    assert len(bad) == 1
