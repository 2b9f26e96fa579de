"""Which column of a plan's table holds what: found by the header, or stated."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.plan_tables.tables import SourceTable, TableRow

HEADER_WITHIN_ROWS = 50
LONGEST_HEADING = 500


class Role(StrEnum):
    """What a column of a plan holds."""

    NUMBER = "number"
    TERM = "term"
    RESPONSIBLE = "responsible"
    EXPECTED_RESULT = "expected_result"
    TITLE = "title"


# In this order: «Результат реализации мероприятия» is a result, not a title.
_HEADINGS: Mapping[Role, re.Pattern[str]] = {
    Role.NUMBER: re.compile(
        r"(?:№|n|no|номер)[\s.]*(?:п\s*[/\\.-]?\s*п\.?)?|п\s*/\s*п"
    ),
    Role.TERM: re.compile(r"(?:планируем\w+ )?(?:срок|период|дат[аы]\b|время).*"),
    Role.RESPONSIBLE: re.compile(r".*(?:ответствен|исполнител).*"),
    Role.EXPECTED_RESULT: re.compile(r".*(?:результат|продукт|показател|итог).*"),
    Role.TITLE: re.compile(
        r".*(?:мероприяти|наименовани|содержани|направлени|действи|работ).*"
    ),
}
NAMES: Mapping[Role, Text] = {
    Role.NUMBER: Text("номер", "number"),
    Role.TERM: Text("срок", "term"),
    Role.RESPONSIBLE: Text("ответственный", "responsible"),
    Role.EXPECTED_RESULT: Text("ожидаемый результат", "expected result"),
    Role.TITLE: Text("мероприятие", "measure"),
}


class PlanTableError(InvalidInputError):
    """No table of the document is a plan, or it is not clear which one or how."""

    code = "plan_table_not_found"
    title = Text("Таблица плана не найдена", "No table of a plan was found")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each column stands, from 0, and the cells of the header; none if stated.

    Headers that stand again, as after a page break, are known by `header`; `printed`
    are its words as they stand there.
    """

    places: Mapping[Role, int]
    header: tuple[str, ...] = ()
    header_row: int = 0
    printed: tuple[str, ...] = ()

    def is_header(self, row: TableRow) -> bool:
        """Tell whether a row is the header, standing here once more."""
        is_long = any(len(cell) > LONGEST_HEADING for cell in row.cells)
        return bool(self.header) and not is_long and _folded(row.cells) == self.header


@dataclass(frozen=True, slots=True)
class PlanTable:
    """A table that was recognised as a plan, from its first line on."""

    name: str
    layout: Layout
    rows: tuple[TableRow, ...]


def plan_tables(
    tables: Sequence[SourceTable], stated: Mapping[Role, int]
) -> list[PlanTable]:
    """Return the plans among the tables; pages of one plan are one.

    A table continues the one before it where it has the same header, or, coming
    directly after a plan, the same number of columns and no header of its own. Where
    a header stands amid a table, another one begins.

    Raises:
        PlanTableError: two columns may hold the same, and nobody said which does.
    """
    found: list[PlanTable] = []
    is_next = False
    for table in (part for whole in tables for part in _parts(whole)):
        layout = _layout(table, stated)
        last = found[-1] if found and is_next else None
        is_next = True
        if last is not None and _continues(table, layout, last):
            found[-1] = PlanTable(last.name, last.layout, last.rows + table.rows)
        elif layout is not None:
            rows = tuple(row for row in table.rows if row.number > layout.header_row)
            found.append(PlanTable(table.name, layout, rows))
        else:
            is_next = False
    return found


def _parts(table: SourceTable) -> Iterator[SourceTable]:
    """Cut a table before each header; what stands above the first is with it."""
    starts = [
        place
        for place, row in enumerate(table.rows)
        if {Role.TITLE, Role.TERM} <= _recognised(row).keys()
    ]
    bounds = [0, *starts[1:], len(table.rows)]
    for start, end in pairwise(bounds):
        yield SourceTable(table.name, table.rows[start:end])


def _layout(table: SourceTable, stated: Mapping[Role, int]) -> Layout | None:
    for row in table.rows[:HEADER_WITHIN_ROWS]:
        places = _recognised(row)
        if Role.TITLE in places and Role.TERM in places:
            if not stated:
                _require_once(table, row, places)
            first = {role: columns[0] for role, columns in places.items()}
            return Layout(stated or first, _folded(row.cells), row.number, row.cells)
    is_wide_enough = any(
        len(row.cells) > max(stated.values(), default=0) for row in table.rows
    )
    return Layout(stated) if stated and is_wide_enough else None


def _recognised(row: TableRow) -> dict[Role, list[int]]:
    places: dict[Role, list[int]] = {}
    if any(len(cell) > LONGEST_HEADING for cell in row.cells):
        return places
    for place, cell in enumerate(_folded(row.cells)):
        role = next(
            (role for role, known in _HEADINGS.items() if known.fullmatch(cell)), None
        )
        if role is not None:
            places.setdefault(role, []).append(place)
    return places


def _require_once(
    table: SourceTable, row: TableRow, places: Mapping[Role, Sequence[int]]
) -> None:
    faults = [
        Fault(
            reason=Text(
                f"Неясно, в каком из этих столбцов {NAMES[role].ru}. "
                f"Укажите его номер: {role}_column.",
                f"It is not clear which of these columns is the {NAMES[role].en}. "
                f"State its number: {role}_column.",
            ),
            sheet=table.name,
            row=row.number,
            column=", ".join(str(place + 1) for place in columns),
            value=" | ".join(row.cell(place) for place in columns),
        )
        for role, columns in places.items()
        if len(columns) > 1
    ]
    if faults:
        raise PlanTableError(faults[0].reason, faults=faults)


def _continues(table: SourceTable, layout: Layout | None, last: PlanTable) -> bool:
    if layout is not None and layout.header:
        return layout.header == last.layout.header
    width = max((len(row.cells) for row in last.rows), default=0)
    return max((len(row.cells) for row in table.rows), default=0) == width


def _folded(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.casefold().replace("ё", "е").strip(" .:") for cell in cells)
