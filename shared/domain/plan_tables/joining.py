"""The lines of a plan out of the rows of its table, with what a page break tore."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from shared.domain.plan_tables.columns import PlanTable, Role
from shared.domain.plan_tables.numbering import parts_of
from shared.domain.plan_tables.tables import (
    PlanLine,
    TableRow,
    filled,
    is_number,
    split_number,
    starts_low,
)

LONGEST_NUMBER = 12  # what is longer is words that stand in the column of numbers


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with its cells by what they hold; `only` is its text if it has but one."""

    number_in_source: int
    number: str
    title: str
    term: str
    responsible: str
    expected_result: str
    only: str
    is_in_first_column: bool
    after_break: bool


@dataclass(slots=True)
class Lines:
    """The lines of a plan, and the titles of blocks that have none."""

    lines: list[PlanLine] = field(default_factory=list)
    empty_blocks: list[tuple[int, str]] = field(default_factory=list)


def lines_of(table: PlanTable) -> Lines:
    """Join the rows of a plan into its lines.

    A row without a number goes on with the line before it where it begins amid a
    sentence or names no term. Where the number stands only in the second half, as on
    a page that begins with it, both halves are one line. A row of one text, over the
    whole table, is the title of a block, and so is a numbered one with no words but its
    title, if lines below it are numbered within it.
    """
    rows = list(_rows(table))
    found, block, waits = Lines(), _Block(None, 0), False
    for place, row in enumerate(rows):
        follower = rows[place + 1] if place + 1 < len(rows) else None
        last = found.lines[-1] if found.lines else None
        if _is_block(row, last):
            block.leave(found)
            block = _Block(row.only, row.number_in_source)
        elif last is not None and _goes_on(row, waits=waits):
            _append(last, row)
        else:
            found.lines.append(_line(row, block.title))
            block.has_lines = True
            waits = _is_first_half(row, follower)
            continue
        waits = False
    block.leave(found)
    _raise_headings(found.lines)
    return found


@dataclass(slots=True)
class _Block:
    title: str | None
    row: int
    has_lines: bool = False

    def leave(self, found: Lines) -> None:
        if self.title is not None and not self.has_lines:
            found.empty_blocks.append((self.row, self.title))


def _raise_headings(lines: list[PlanLine]) -> None:
    """Make numbered lines of nothing but words the titles of what they number."""
    for place in range(len(lines) - 2, -1, -1):
        heading, below = lines[place], lines[place + 1]
        parts = parts_of(heading.number)
        is_bare = not (heading.term or heading.responsible or heading.expected_result)
        if not (is_bare and parts and _is_under(below, heading.block, parts)):
            continue
        title = _joined(heading.number, heading.title)
        for line in lines[place + 1 :]:
            if not _is_under(line, heading.block, parts):
                break
            line.block = title
        del lines[place]


def _is_under(line: PlanLine, block: str | None, parts: tuple[int, ...]) -> bool:
    own = parts_of(line.number)
    return line.block == block and own[: len(parts)] == parts and len(own) > len(parts)


def _rows(table: PlanTable) -> Iterator[_Row]:
    after_break = False
    for row in table.rows:
        if table.layout.is_header(row):
            after_break = True
        elif filled(row.cells) and not _counts_columns(row):
            yield _read(row, table, after_break=after_break)
            after_break = False


def _counts_columns(row: TableRow) -> bool:
    """Tell whether a row numbers the columns, from 1 on."""
    expected = [str(place + 1) for place in range(len(row.cells))]
    return len(expected) > 1 and list(row.cells) == expected


def _read(row: TableRow, table: PlanTable, *, after_break: bool) -> _Row:
    places = table.layout.places
    number, title = row.cell(places.get(Role.NUMBER)), row.cell(places[Role.TITLE])
    if len(number) > LONGEST_NUMBER:
        number, title = "", _joined(number, title)
    if not number:
        number, title = split_number(title)
    there = filled(row.cells)
    is_lone = len(there) == 1 and not (number and title and there[0] != 0)
    return _Row(
        number_in_source=row.number,
        number=number,
        title=title,
        term=row.cell(places[Role.TERM]),
        responsible=row.cell(places.get(Role.RESPONSIBLE)),
        expected_result=row.cell(places.get(Role.EXPECTED_RESULT)),
        only=row.cells[there[0]] if is_lone else "",
        is_in_first_column=there[0] == 0,
        after_break=after_break,
    )


def _is_block(row: _Row, last: PlanLine | None) -> bool:
    if not row.only or is_number(row.only) or starts_low(row.only):
        return False
    if row.is_in_first_column:
        return True
    in_title = row.only == row.title and not row.number
    return in_title and (last is None or not row.after_break)


def _goes_on(row: _Row, *, waits: bool) -> bool:
    if row.number and is_number(row.number):
        return waits and (not row.title or starts_low(row.title))
    if row.only and row.is_in_first_column:
        return True
    return not row.title or starts_low(row.title) or (row.after_break and not row.term)


def _is_first_half(row: _Row, follower: _Row | None) -> bool:
    return (
        not row.number
        and follower is not None
        and is_number(follower.number)
        and starts_low(follower.title)
    )


def _line(row: _Row, block: str | None) -> PlanLine:
    return PlanLine(
        rows=[row.number_in_source],
        number=row.number,
        title=row.title,
        term=row.term,
        responsible=row.responsible,
        expected_result=row.expected_result,
        block=block,
    )


def _append(line: PlanLine, row: _Row) -> None:
    line.rows.append(row.number_in_source)
    if row.number and is_number(row.number):
        line.number = row.number
    if row.only and row.is_in_first_column and row.only != row.number:
        _append_to_last(line, row.only)
        return
    line.title = _joined(line.title, row.title)
    line.term = _joined(line.term, row.term)
    line.responsible = _joined(line.responsible, row.responsible)
    line.expected_result = _joined(line.expected_result, row.expected_result)


def _append_to_last(line: PlanLine, text: str) -> None:
    """Go on with the last cell that is not empty: a text has wrapped it."""
    for name in ("expected_result", "responsible", "term", "title"):
        if getattr(line, name):
            setattr(line, name, _joined(getattr(line, name), text))
            return


def _joined(*texts: str) -> str:
    return " ".join(text for text in texts if text)
