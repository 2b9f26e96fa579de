"""Reading a table that somebody copied as text: from Word, Excel, a site or a PDF.

Cells stand between tabs, bars or wide gaps. What a PDF viewer copies has no cells at
all: there a line begins with its number and ends with its term.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from services.api.imports.readers.archive import UnreadableFileError
from shared.domain.errors import Text
from shared.domain.plan_tables.tables import (
    SourceTable,
    TableRow,
    cleaned,
    is_number,
    split_number,
)
from shared.domain.schedule import UnreadableTermError, parse_term

NAME: Final = "text"
MAX_LINES: Final = 20_000
COLUMNS_OF_PDF: Final = ("№", "Мероприятие", "Срок")
_LONGEST_TERM_WORDS: Final = 16
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
# Where tags were, blanks stand that nobody sees: `<i>шефства</i> .`
_AFTER_TAG: Final = re.compile(r"(?<=[a-zA-Z]>)\s+(?=[.,;:!?)»])")
_BEFORE_TAG: Final = re.compile(r"(?<=[(«])\s+(?=<[a-zA-Z])")
_RULE: Final = re.compile(r"[\s|:+=-]+")
_GAP: Final = re.compile(r" {2,}|\u00a0{2,}")
_QUOTED: Final = re.compile(r'(?:(?<=\t)|^)"((?:[^"]|"")*)"(?=\t|\n|$)', re.MULTILINE)

# What terms begin with; reading each ending of each line would take too long.
_BEGINS_TERM: Final = re.compile(
    r"[0-9(]|[ivх]+ кв|январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр|"
    r"ноябр|декабр|еже|кажд|кон(?:ец|це)|в |во |весь|всего|по |период|раз|один|одного|"
    r"дв[аеу]|дважды|тр[ие]|четыре|пят|шест|не |до |к |с |со |срок"
)

NumberedCells = tuple[int, list[str]]


def read_pasted(text: str) -> list[SourceTable]:
    """Return the table of a text; rows are numbered as its lines are.

    Raises:
        UnreadableFileError: there is nothing in it, or too much.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = _QUOTED.sub(_unquoted, text).split("\n")
    if not text.strip():
        raise UnreadableFileError(
            Text("Текст пуст: вставьте таблицу.", "The text is empty: paste the table.")
        )
    if len(lines) > MAX_LINES:
        raise UnreadableFileError(
            Text(
                f"В тексте больше {MAX_LINES} строк: вставьте только таблицу.",
                f"The text has over {MAX_LINES} lines: paste nothing but the table.",
            )
        )
    rows = [
        TableRow(number, tuple(_plain(cell) for cell in cells))
        for number, cells in _cells(lines)
    ]
    return [SourceTable(NAME, tuple(row for row in rows if any(row.cells)))]


def _plain(cell: str) -> str:
    return cleaned(_TAG.sub("", _BEFORE_TAG.sub("", _AFTER_TAG.sub("", cell))))


def _unquoted(found: re.Match[str]) -> str:
    """Take off the quotes that spreadsheets put round a cell with a line break."""
    inner = found[1]
    if "\n" not in inner and '""' not in inner:
        return found[0]
    return inner.replace('""', '"').replace("\n", " ")


def _cells(lines: list[str]) -> Iterator[NumberedCells]:
    tabs = sum("\t" in line for line in lines)
    bars = sum("|" in line for line in lines)
    gaps = sum(_GAP.search(line.strip()) is not None for line in lines)
    if tabs and tabs >= bars:
        return _separated(lines, lambda line: line.split("\t"))
    if bars:
        framed = all(line.lstrip().startswith("|") for line in lines if "|" in line)
        return _separated(lines, lambda line: _between_bars(line, framed=framed))
    if gaps > len(lines) // 2:
        return _separated(lines, lambda line: _GAP.split(line.strip()))
    if any(split_number(_plain(line))[0] for line in lines):
        return _of_pdf(lines)
    return _separated(lines, lambda line: [line])


def _between_bars(line: str, *, framed: bool) -> list[str]:
    text = line.strip()
    if "|" in text and _RULE.fullmatch(text):
        return []
    return (text.removeprefix("|").removesuffix("|") if framed else text).split("|")


def _separated(
    lines: list[str], split: Callable[[str], list[str]]
) -> Iterator[NumberedCells]:
    """Yield rows; a row that a paragraph within a cell broke is put together again."""
    split_lines = [(number, split(line)) for number, line in enumerate(lines, start=1)]
    width = max((len(cells) for _, cells in split_lines), default=0)
    held: NumberedCells | None = None
    for number, cells in split_lines:
        if not any(cell.strip() for cell in cells):
            continue
        if held is not None and _is_rest(held[1], cells, width):
            held = held[0], [*held[1][:-1], f"{held[1][-1]} {cells[0]}", *cells[1:]]
            continue
        if held is not None:
            yield held
        held = number, cells
    if held is not None:
        yield held


def _is_rest(begun: list[str], cells: list[str], width: int) -> bool:
    """Tell whether cells end a row that began with a number and has too few."""
    first = cells[0].strip()
    is_begun = is_number(begun[0].strip()) and len(begun) < width
    fits = len(begun) + len(cells) - 1 <= width
    return is_begun and fits and bool(first) and not is_number(first)


def _of_pdf(lines: list[str]) -> Iterator[NumberedCells]:
    """Yield rows of a text without cells: number, words, and the term at the end."""
    yield 0, list(COLUMNS_OF_PDF)
    held: tuple[int, list[str]] | None = None
    for number, line in enumerate(lines, start=1):
        text = _plain(line)
        own, _ = split_number(text)
        if held is not None and (own or not text):
            yield held[0], _with_term(" ".join(held[1]))
            held = None
        if own:
            held = number, [text]
        elif held is not None:
            held[1].append(text)
        elif text:
            yield number, [text]
    if held is not None:
        yield held[0], _with_term(" ".join(held[1]))


def _with_term(text: str) -> list[str]:
    """Part a line before the longest ending that reads as a term."""
    number, rest = split_number(text)
    words = rest.split()
    for taken in range(min(len(words) - 1, _LONGEST_TERM_WORDS), 0, -1):
        term = " ".join(words[-taken:])
        if not _BEGINS_TERM.match(term.casefold()):
            continue
        try:
            parse_term(term)
        except UnreadableTermError:
            continue
        return [number, " ".join(words[:-taken]), term]
    return [number, rest, ""]
