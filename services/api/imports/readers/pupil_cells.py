"""The cells of a pupil's row: scores, marks, and what must never be shown again.

A cell of such a row may hold a name or a document's number, be it only because columns
have shifted. So a fault repeats a cell only if it can be neither.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.api.imports.readers.cells import (
    Cell,
    is_blank,
    text_of,
    whole_number_of,
)
from services.api.imports.readers.headings import heading_key
from shared.domain.assessments import MARKS

HIDDEN: Final = "***"
_SHORT = 6
_HARMLESS = re.compile(r"[\d.,;:+%()/ -]*[^\W\d_]?[\d.,;:+%()/ -]*")
_LONG_NUMBER = re.compile(r"\d{5}")
_NOT_ATTEMPTED = frozenset({"x", "х", "×"})
_ABSENT = ("отсут", "неяв", "не яв", "н/я", "н\\я")
_WITHOUT_MARK = ("нет отметки", "нет оценки", "н/а", "не аттест", "б/о")
_TASK = re.compile(
    r"(?:задание\s*)?№?\s*([\w.,]{1,8})\s*\(\s*(\d{1,3})\s*б\w*\.?\s*\)", re.IGNORECASE
)
_MARK_WORD = re.compile(r"[«\"“]?([2-5])[»\"”]?")
_GRADE = re.compile(r"(\d{1,2})(?!\d)")


@dataclass(frozen=True, slots=True)
class TaskColumn:
    """The column of one task: its place, its title and its largest score."""

    place: int
    title: str
    largest: int


def shown(cell: Cell) -> str:
    """Return the cell's text if it is surely no name and no number of a document."""
    text = text_of(cell)
    if len(text) > _SHORT or _LONG_NUMBER.search(text):
        return HIDDEN
    return text if _HARMLESS.fullmatch(text) else HIDDEN


def task_columns(header: Sequence[Cell]) -> tuple[TaskColumn, ...]:
    """Return the columns of tasks, as «1 (5б)» or «4К1 (3б)», of a header."""
    found = ((place, _TASK.fullmatch(text_of(c))) for place, c in enumerate(header))
    return tuple(
        TaskColumn(place, task[1], int(task[2])) for place, task in found if task
    )


def is_not_attempted(cell: Cell) -> bool:
    """Say whether a task was not attempted: ``x``, Latin or Russian, or nothing."""
    return is_blank(cell) or text_of(cell).casefold() in _NOT_ATTEMPTED


def is_absent(cell: Cell) -> bool:
    """Say whether a cell tells that the pupil was absent."""
    return _begins(cell, _ABSENT)


def is_without_mark(cell: Cell) -> bool:
    """Say whether a cell tells that there is no mark."""
    return is_not_attempted(cell) or _begins(cell, _WITHOUT_MARK)


def score_of(cell: Cell) -> int | None:
    """Read a score, a whole number of at least 0; None if it is none."""
    score = whole_number_of(cell)
    return score if score is not None and score >= 0 else None


def mark_of(cell: Cell) -> int | None:
    """Read a mark, ``4``, ``4.0`` or ``«4»``; None if it is none of 2–5."""
    found = _MARK_WORD.fullmatch(text_of(cell))
    mark = int(found[1]) if found else None
    return mark if mark in MARKS else None


def grade_of(cell: Cell) -> int | None:
    """Read the grade of a class: 9 of ``9``, ``9.0``, ``9А``, ``9-А``; None if none."""
    found = _GRADE.match(text_of(cell))
    return int(found[1]) if found else None


def is_title(cell: Cell, *spellings: str) -> bool:
    """Say whether a cell is one of these titles."""
    return heading_key(cell) in {heading_key(text) for text in spellings}


def _begins(cell: Cell, words: tuple[str, ...]) -> bool:
    return isinstance(cell, str) and text_of(cell).casefold().startswith(words)
