"""One pupil's row of a protocol of ЕГЭ or ОГЭ: only what is counted is taken."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from services.api.imports.readers.cells import (
    Cell,
    is_blank,
    text_of,
    whole_number_of,
)
from services.api.imports.readers.gia_columns import (
    CLASS,
    DAY,
    FINALS,
    MARK,
    PRIMARY,
    SCHOOL_CODE,
    STATUS,
    SUBJECT,
    SUBJECT_CODE,
    TEST,
)
from services.api.imports.readers.gia_exams import Exam
from services.api.imports.readers.gia_reference import GiaReference, GiaSubject
from services.api.imports.readers.headings import Span
from services.api.imports.readers.pupil_cells import (
    grade_of,
    is_absent,
    is_not_attempted,
    mark_of,
    score_of,
    shown,
)
from services.api.imports.readers.pupil_tally import Pupil
from services.api.imports.readers.rows import BadRow
from services.api.imports.readers.vpr_titles import date_of
from shared.domain.errors import Fault, Text
from shared.domain.result_figures import LARGEST_SCORE, MAX_TEST_SCORE

_CODE = re.compile(
    r"([a-zа-я]{0,3}\d{2,8})(?:\.0+)?(?:\s*[-–—,(]\s*[^\W\d].*)?", re.IGNORECASE
)
_WITHDRAWN = ("удал", "аннул", "не зав", "незав", "отмен")


class Without(Enum):
    """Why a pupil who is on the list has no score."""

    ABSENT = auto()
    RESULT = auto()  # taken out of the exam, or the result was annulled


@dataclass(frozen=True, slots=True)
class GiaTable:
    """A header that was found."""

    sheet: str
    spans: Mapping[str, Span]

    @property
    def has_marks(self) -> bool:
        """Whether it has a column of marks and none of test scores."""
        return MARK in self.spans and TEST not in self.spans

    def may_be_header(self, cells: Sequence[Cell]) -> bool:
        """Say whether a row below could be another header: its code is no number."""
        code = self.cell(cells, SCHOOL_CODE)
        return isinstance(code, str) and not any(map(str.isdigit, code))

    def cell(self, cells: Sequence[Cell], title: str) -> Cell:
        """Return the cell of a column; blank where there is no such column."""
        span = self.spans.get(title)
        return "" if span is None else span.cell(cells)


class GiaRow:
    """Reads one row; names and documents stand in columns that it does not know."""

    def __init__(self, table: GiaTable, row: int, cells: Sequence[Cell]) -> None:
        """Read `cells` by the columns of `table`."""
        self.table = table
        self.row = row
        self._cells = cells

    def is_note(self) -> bool:
        """Say whether neither a school nor a score was entered."""
        titles = (SCHOOL_CODE, *FINALS)
        return all(is_blank(self.table.cell(self._cells, title)) for title in titles)

    def has_subject(self) -> bool:
        """Say whether the row names a subject."""
        cells = (self._cell(title) for title in (SUBJECT_CODE, SUBJECT))
        return not all(is_blank(cell) for cell in cells)

    def subject(self, reference: GiaReference) -> GiaSubject | None:
        """Return the subject that the row names, by code or by name."""
        code = whole_number_of(self._cell(SUBJECT_CODE))
        known = None if code is None else reference.by_code.get(code)
        return known or reference.named(text_of(self._cell(SUBJECT)))

    def day(self) -> date | None:
        """Return the day that the row names."""
        return date_of(self._cell(DAY))

    def grade(self) -> int | None:
        """Return the grade of the pupil's class."""
        return grade_of(self._cell(CLASS))

    def counted(self, exam: Exam) -> tuple[str | None, Pupil | Without, list[Fault]]:
        """Return the school's code, what is counted, and all that is wrong."""
        faults: list[Fault] = []
        code = self._code(faults)
        told = [self._cell(title) for title in (*FINALS, STATUS)]
        if any(_begins(cell, _WITHDRAWN) for cell in told):
            return code, Without.RESULT, faults
        finals = [self._cell(title) for title in FINALS]
        if any(map(is_absent, told)) or all(map(is_not_attempted, finals)):
            return code, Without.ABSENT, faults
        return code, self._pupil(exam, faults), faults

    def bad(self, faults: Sequence[Fault]) -> BadRow:
        """Return the row as one that cannot be taken."""
        return BadRow(self.table.sheet, self.row, tuple(faults))

    def unknown_subject(self) -> BadRow:
        """Say that the row's subject is not known."""
        reason = Text(
            "Такого предмета в справочнике ГИА нет.",
            "There is no such subject of ГИА.",
        )
        cell = self._cell(SUBJECT_CODE)
        column = SUBJECT if is_blank(cell) else SUBJECT_CODE
        return self.bad([self._fault(column, reason)])

    def _pupil(self, exam: Exam, faults: list[Fault]) -> Pupil:
        primary, final = self._cell(PRIMARY), self._final(exam)
        score = None if is_not_attempted(primary) else score_of(primary)
        if (score is None and not is_not_attempted(primary)) or (
            score is not None and score > LARGEST_SCORE
        ):
            faults.append(self._fault(PRIMARY, _WHOLE_SCORE))
        pupil = Pupil(score=score)
        if is_not_attempted(self._cell(final)):
            return pupil
        if exam.is_marked:
            pupil.mark = mark_of(self._cell(final))
            if pupil.mark is None:
                faults.append(self._fault(final, _MARK_EXPECTED))
            return pupil
        pupil.test_score = score_of(self._cell(final))
        if pupil.test_score is None or pupil.test_score > MAX_TEST_SCORE:
            faults.append(self._fault(final, _TEST_EXPECTED))
        return pupil

    def _final(self, exam: Exam) -> str:
        """Return the column of what counts in the end; some protocols have one name.

        A mark may stand under «Балл», and a test score under «Оценка».
        """
        order = (MARK, TEST) if exam.is_marked else (TEST, MARK)
        filled = (title for title in order if not is_blank(self._cell(title)))
        return next(filled, order[0])

    def _code(self, faults: list[Fault]) -> str | None:
        found = _CODE.fullmatch(text_of(self._cell(SCHOOL_CODE)))
        if found is None:
            faults.append(self._fault(SCHOOL_CODE, _CODE_EXPECTED))
            return None
        return found[1]

    def _cell(self, title: str) -> Cell:
        return self.table.cell(self._cells, title)

    def _fault(self, column: str, reason: Text) -> Fault:
        return Fault(
            reason=reason,
            sheet=self.table.sheet,
            row=self.row,
            column=column,
            value=shown(self._cell(column)),
        )


_CODE_EXPECTED = Text(
    "Ожидается код ОО: от 2 до 8 цифр.",
    "The code of a school is expected: 2 to 8 digits.",
)
_WHOLE_SCORE = Text(
    "Ожидается целое число первичных баллов от 0.",
    "A whole number of primary points from 0 is expected.",
)
_TEST_EXPECTED = Text(
    "Ожидается тестовый балл: целое число от 0 до 100.",
    "A test score is expected: a whole number from 0 to 100.",
)
_MARK_EXPECTED = Text(
    "Ожидается отметка 2, 3, 4 или 5.", "A mark of 2, 3, 4 or 5 is expected."
)


def _begins(cell: Cell, words: tuple[str, ...]) -> bool:
    return isinstance(cell, str) and text_of(cell).casefold().startswith(words)
