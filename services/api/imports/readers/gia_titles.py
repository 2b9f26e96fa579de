"""The titles of blocks in protocols of ЕГЭ and ОГЭ: «01 - Русский язык 2025.05.30».

A cell of such a file may be a name. So of a title nothing is taken but a code, a name
of a subject that is known, and a day.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.api.imports.readers.cells import Cell, is_blank, text_of
from services.api.imports.readers.gia_reference import GiaReference, GiaSubject
from services.api.imports.readers.vpr_titles import date_of

_MOST_CELLS = 4
_CODE = re.compile(r"(?:(?<=\s)|(?<=[\":])|^)(\d{1,2})\s*[-–—.:]\s*([^\W\d][^;]*)")
_REST = re.compile(
    r"[\s\"]*(?:п\.?\s*:\s*)?(?:от\s*)?(?:\d{4}\.\d{2}\.|\d{1,2}\.\d{2}\.\d)"
)


@dataclass(frozen=True, slots=True)
class BlockTitle:
    """What a title says; `subject` is None where its code is not known."""

    code: int | None
    subject: GiaSubject | None
    written_on: date | None


def block_title(cells: Sequence[Cell], reference: GiaReference) -> BlockTitle | None:
    """Return what a row says if it is the title of a block.

    A title stands nearly alone in its row, and has a subject's code or known name.
    """
    filled = [cell for cell in cells if not is_blank(cell)]
    if not 0 < len(filled) <= _MOST_CELLS:
        return None
    day = next((day for day in map(date_of, filled) if day is not None), None)
    for cell in filled:
        title = _of_text(text_of(cell), day, reference) if _is_text(cell) else None
        if title is not None:
            return title
    return None


def _is_text(cell: Cell) -> bool:
    return isinstance(cell, str)


def _of_text(text: str, day: date | None, reference: GiaReference) -> BlockTitle | None:
    for coded in _CODE.finditer(text):
        name = _without_day(coded[2])
        code = int(coded[1])
        named = reference.named(name)
        if named is not None:
            return BlockTitle(code, reference.by_code.get(code, named), day)
        if day is not None and not text[: coded.start()].strip(' "'):
            return BlockTitle(code, reference.by_code.get(code), day)
    named = reference.named(_without_day(text))
    return None if named is None else BlockTitle(named.code, named, day)


def _without_day(text: str) -> str:
    found = _REST.search(text)
    return text[: found.start()] if found else text
