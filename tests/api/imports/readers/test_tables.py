"""Opening workbooks that are not what they claim, and finding headers."""

import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from services.api.imports.readers import archive
from services.api.imports.readers.archive import UnreadableFileError
from services.api.imports.readers.tables import (
    Column,
    Table,
    find_tables,
    open_workbook,
)
from tests.api.imports.workbooks import workbook

COLUMNS = (Column("Год"), Column("Логин", ("Логин ОО",)), Column("2"), Column("3"))


def read(source: io.BytesIO) -> list[tuple[str, list[tuple[int, list[object]]]]]:
    with open_workbook(source) as sheets:
        return [
            (sheet.name, [(number, [*cells]) for number, cells in sheet.rows])
            for sheet in sheets
        ]


def tables_of(source: io.BytesIO) -> list[Table]:
    with open_workbook(source) as sheets:
        return find_tables(sheets, COLUMNS)


def zipped(parts: dict[str, bytes]) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return target


def with_sheet(change: Callable[[bytes], bytes]) -> io.BytesIO:
    """Make a workbook and rewrite the XML of its first sheet."""
    with zipfile.ZipFile(workbook({"A": [["Год", 1], [2019, 2]]})) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    changed = change(parts[sheet])
    assert changed != parts[sheet]
    return zipped(parts | {sheet: changed})


def test_rows_carry_the_numbers_that_the_user_sees() -> None:
    source = workbook({"A": [[], [], ["", "x", 2.0]], "B": [["y"]]})
    (first, second) = read(source)
    assert first[0] == "A"
    assert [(n, cells) for n, cells in first[1] if any(cells)] == [(3, ["x", 2.0])]
    assert second == ("B", [(1, ["y"])])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "пуст"),
        ("Год;Класс\n2019;4\n".encode(), "не книга .xlsx"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "не книга .xlsx"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(512), "старого формата .xls"),
        (
            bytes.fromhex("D0CF11E0A1B11AE1")
            + bytes(512)
            + "EncryptedPackage".encode("utf-16-le"),
            "паролем",
        ),
        (b"PK\x03\x04" + bytes(40), "повреждён"),
        (zipped({"a.txt": b"text"}).getvalue(), "нет листов"),
        (zipped({"xl/workbook.xml": b"<workbook/>"}).getvalue(), "повреждён"),
    ],
)
def test_what_is_no_workbook_is_said_in_words(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read(io.BytesIO(content))
    assert says in caught.value.detail.ru
    assert caught.value.detail.en


def test_a_truncated_workbook_is_damaged() -> None:
    content = workbook({"A": [["Год"]]}).getvalue()
    with pytest.raises(UnreadableFileError, match="damaged"):
        read(io.BytesIO(content[: len(content) // 2]))


def test_a_workbook_with_only_empty_or_hidden_sheets_holds_no_data() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet("Пусто")
    hidden = book.add_worksheet("Скрыт")
    hidden.write(0, 0, "Год")
    hidden.hide()
    book.close()
    with pytest.raises(UnreadableFileError, match="no data"):
        read(target)


def test_one_distant_cell_cannot_claim_the_memory() -> None:
    source = with_sheet(lambda xml: xml.replace(b'r="B2"', b'r="XFD1048576"'))
    with pytest.raises(UnreadableFileError, match="too large"):
        read(source)


def test_many_sheets_cannot_claim_together_what_one_may_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive, "MAX_CELLS", 10)
    row = [[1, 2, 3, 4, 5, 6]]
    assert read(workbook({"A": row}))
    with pytest.raises(UnreadableFileError, match="too large"):
        read(workbook({"A": row, "B": row}))


@pytest.mark.parametrize(
    ("plain", "disguised"),
    [
        (b'<c r="B2"', b'<c s=" r=\'A1\'" r="XFD1048576"'),
        (b'<c r="B2"', b"<c"),
        (b'<c r="B2"', b'<x:c r="XFD1048576"'),
        (b'<c r="B2"', b'<c r="&#65;1"'),
    ],
)
def test_a_cell_whose_place_cannot_be_measured_is_refused(
    plain: bytes, disguised: bytes
) -> None:
    source = with_sheet(lambda xml: xml.replace(plain, disguised))
    with pytest.raises(UnreadableFileError, match="damaged"):
        read(source)


def test_cells_are_measured_wherever_a_chunk_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = workbook({"A": [["x", "y", 3]] * 20})
    expected = read(source)
    for size in (1, 7, 64):
        monkeypatch.setattr(archive, "_CHUNK", size * 8)
        assert read(source) == expected


def test_an_unpacked_size_beyond_the_bound_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 100_000)
    source = with_sheet(lambda xml: xml + b" " * 200_000)
    assert len(source.getvalue()) < 100_000
    with pytest.raises(UnreadableFileError, match="too large"):
        read(source)


def test_a_header_is_found_below_a_title_in_any_order_and_spelling() -> None:
    rows: list[list[object]] = [
        ["Отчёт за 2019 год"],
        [],
        ["логин  оо", 3.0, "ещё", "ГОД", "2 "],
        ["a"],
    ]
    (table,) = tables_of(workbook({"Титул": [["x"]], "ВПР": rows}))
    assert (table.sheet, table.header_row) == ("ВПР", 3)
    assert table.positions == {"Логин": 0, "3": 1, "Год": 3, "2": 4}


def test_a_file_without_the_header_is_told_what_is_missing() -> None:
    with pytest.raises(UnreadableFileError) as caught:
        tables_of(workbook({"ВПР": [["Название"], ["Год", "Логин", "Итого"]]}))
    (fault,) = caught.value.faults
    assert (fault.sheet, fault.row) == ("ВПР", 2)
    assert fault.reason.ru == "Не найдены столбцы: 2, 3."
    assert "2, 3" in caught.value.detail.en


def test_a_sheet_with_half_a_header_is_not_passed_over() -> None:
    sound: list[list[object]] = [["Год", "Логин", 2, 3]]
    with pytest.raises(UnreadableFileError, match="Missing columns: 3"):
        tables_of(workbook({"A": sound, "B": [["Год", "Логин", 2]]}))


def test_a_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(UnreadableFileError) as caught:
        tables_of(workbook({"A": [["Год", "Логин", 2, 3, "логин"]]}))
    assert [fault.column for fault in caught.value.faults] == ["Логин"]
