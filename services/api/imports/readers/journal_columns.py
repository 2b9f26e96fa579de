"""Where the groups of «Сравнение отметок с отметками по журналу» stand in a table.

The groups go across, each with a count and a percentage, under a header of one row or
of two; or they go down, one row for each group of a school.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.api.imports.readers.cells import Cell, is_blank
from services.api.imports.readers.headings import Headings, Span, heading_key
from services.api.imports.readers.mark_columns import (
    COLUMNS as MARK_COLUMNS,
)
from services.api.imports.readers.mark_columns import (
    GRADE,
    LOGIN,
    MUNICIPALITY,
    SCHOOL,
    SUBJECT,
    YEAR,
)
from services.api.imports.readers.tables import Column, NumberedRow

LOWER, EQUAL, HIGHER, ALL = "Понизили", "Подтвердили", "Повысили", "Всего"
GROUPS: Final = (LOWER, EQUAL, HIGHER, ALL)
GROUP, COUNT, PERCENT = "Группы участников", "Кол-во участников", "%"
KEY_TITLES = (YEAR, GRADE, SUBJECT, MUNICIPALITY, SCHOOL, LOGIN)
KEYS = tuple(column for column in MARK_COLUMNS if column.title in KEY_TITLES)
REQUIRED = frozenset({YEAR, GRADE, SUBJECT, LOGIN})

ACROSS = Headings(KEYS, REQUIRED)
DOWN = Headings(
    (
        *KEYS,
        Column(GROUP, ("Группа участников", "Группа", "Группы")),
        Column(COUNT, ("Количество участников", "Кол-во", "Количество", "Чел.")),
        Column(PERCENT, ("Доля", "Доля, %", "Процент", "в %")),
    ),
    frozenset({GROUP, COUNT, PERCENT}),
)
EXPECTED = Headings(
    (*KEYS, *(Column(group) for group in GROUPS)), REQUIRED | {LOWER, EQUAL, HIGHER}
)

_STARTS: Final[dict[str, tuple[str, ...]]] = {
    LOWER: ("понизил",),
    EQUAL: ("подтвердил",),
    HIGHER: ("повысил",),
    ALL: ("всего", "итого"),
}
_PERCENT_WORDS = ("%", "доля", "процент")
_COUNT_WORDS = ("колво", "кол-во", "количество", "чел", "участник")


@dataclass(frozen=True, slots=True)
class JournalTable:
    """A header that was found; `below` is the number of its last row.

    `counts` and `percents` are the places of the groups across; where the groups go
    down both are empty, and `spans` has the columns of the group.
    """

    sheet: str
    below: int
    spans: Mapping[str, Span]
    counts: Mapping[str, int]
    percents: Mapping[str, int]


def group_of(cell: Cell) -> str | None:
    """Return the group that a cell names, as «Понизили (Отметка < …)» does."""
    key = heading_key(cell)
    return next((group for group in GROUPS if key.startswith(_STARTS[group])), None)


def find_journal_table(
    sheet: str, top: NumberedRow, below: NumberedRow | None
) -> JournalTable | None:
    """Return the table whose header is `top`, perhaps together with the row below."""
    number, cells = top
    down = DOWN.match(cells)
    if DOWN.is_header(down):
        return JournalTable(sheet, number, down, {}, {})
    subtitles = below[1] if below is not None and _are_subtitles(below[1]) else None
    spans = ACROSS.match(cells)
    if subtitles is not None:
        spans = ACROSS.match(subtitles) | spans
    titles = _flattened(cells, subtitles)
    places = {
        is_percent: {
            group: place
            for place, (group, percent) in reversed([*titles.items()])
            if percent is is_percent
        }
        for is_percent in (False, True)
    }
    if (
        not ACROSS.is_header(spans)
        or not {LOWER, EQUAL, HIGHER} <= places[False].keys()
    ):
        return None
    last = below[0] if below is not None and subtitles is not None else number
    return JournalTable(sheet, last, spans, places[False], places[True])


def known_titles(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Return what of the expected header a row has."""
    groups = {group_of(cell) for cell in cells if not is_blank(cell)}
    return (*ACROSS.match(cells), *(group for group in GROUPS if group in groups))


def _flattened(
    top: Sequence[Cell], subtitles: Sequence[Cell] | None
) -> dict[int, tuple[str, bool]]:
    """Return group and kind by place: whether a percentage, rather than a count."""
    titles: dict[int, tuple[str, bool]] = {}
    above: Cell = ""
    for place, cell in enumerate(top):
        above = above if subtitles is not None and is_blank(cell) else cell
        own = subtitles[place] if subtitles and place < len(subtitles) else ""
        group = group_of(above) if not is_blank(above) else None
        if group is not None and (subtitles is None or not is_blank(own)):
            key = heading_key(above if subtitles is None else own)
            titles[place] = (group, any(word in key for word in _PERCENT_WORDS))
    return titles


def _are_subtitles(cells: Sequence[Cell]) -> bool:
    keys = [heading_key(cell) for cell in cells if not is_blank(cell)]
    words = (*_PERCENT_WORDS, *_COUNT_WORDS)
    telling = [key for key in keys if key.startswith(words)]
    return len(telling) >= len((LOWER, EQUAL, HIGHER))
