"""Rows of «Статистика по отметкам» that are no school's: totals and notes."""

import re
from collections.abc import Mapping

from services.api.imports.readers.cells import Cell, is_blank, text_of
from services.api.imports.readers.mark_columns import LOGIN, MUNICIPALITY, SCHOOL
from services.api.imports.readers.rows import SkipReason
from shared.domain.errors import Text

_TOTAL = re.compile(
    r"(?:итого|всего|вся выборка|все оо|в целом|среднее)\b", re.IGNORECASE
)


def skip_note(
    cells: Mapping[str, Cell], filled: list[str]
) -> tuple[SkipReason, Text] | None:
    """Say why a row is no school's, if it is not.

    Args:
        cells: The cells of the row by column.
        filled: The columns in which something was entered; at least one.
    """
    if len(filled) == 1 and isinstance(cells[filled[0]], str):
        return SkipReason.NOTE, Text("Строка-примечание.", "A note, not a row.")
    school, login = text_of(cells[SCHOOL]), text_of(cells[LOGIN])
    without_school = is_blank(cells[SCHOOL]) or school == text_of(cells[MUNICIPALITY])
    if is_blank(login) and (without_school or _TOTAL.match(school)):
        note = Text("Итог, не строка школы.", "A total, not a school's row.")
        return SkipReason.TOTAL, note
    return None
