"""What a file of ВПР says above its table or on a sheet of its own: what was written.

Known are a title («ВПР 2025 Математика 5 класс») and labels with their values, beside
or below them or after a colon («Предмет: Математика»).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from services.api.imports.readers.archive import UnreadableFileError
from services.api.imports.readers.cells import (
    Cell,
    is_blank,
    number_of,
    text_of,
)
from services.api.imports.readers.headings import heading_key
from services.api.imports.readers.options import FileOptions
from services.api.imports.readers.pupil_cells import grade_of
from shared.domain.errors import Fault, Text
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.domain.sittings import (
    AUTUMN_PROGRAMME_GRADES,
    FIRST_GRADE,
    LAST_GRADE,
    Season,
)

LOGIN = re.compile(
    r"\(\s*(?:логин\w*\s*:?\s*)?([a-zа-я]{0,6}\d{4,12})\b[^)]*\)?", re.IGNORECASE
)
PARTICIPANTS = re.compile(
    r"\b(\d{1,6})\s*(?:уч\b|уч\.|участник|чел)|участник\w*[\s:=–—-]{0,4}(\d{1,6})\b",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\bВПР\b[\s.,]*(\d{4})?(?:\s*г(?:\.|ода?)?)?[\s.,:]*"
    r"([^\W\d][^\d]{2,60}?)[\s.,]*(\d{1,2})(?:\s*-?й)?\s*класс",
    re.IGNORECASE,
)
_DATE = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})|(\d{4})[.\-](\d{2})[.\-](\d{2})")
_OF_VPR = re.compile(r"\bВПР\b|\bкласс\b", re.IGNORECASE)
_A_YEAR = re.compile(r"\b20\d{2}\b(?!\s*[/–—-]\s*\d)")
_A_GRADE = re.compile(r"\b(\d{1,2})(?:\s*-?й)?\s*класс\b", re.IGNORECASE)
_TWO_YEARS = re.compile(r"(\d{4})\s*[/–—-]\s*(\d{2}|\d{4})\b")
_LABELS = {
    "subject": ("Предмет", "Учебный предмет"),
    "grade": ("Класс", "Параллель"),
    "largest": (
        "Максимальный первичный балл",
        "Максимальный балл",
        "Макс. балл",
        "Максимальный балл за работу",
    ),
    "written_on": ("Дата", "Дата проведения", "Дата проведения работы"),
    "year": ("Год", "Год проведения", "Учебный год"),
    "login": ("Логин", "Логин ОО", "Пользователь"),
    "school": ("ОО", "Название ОО", "Наименование ОО", "Школа"),
}
_BY_KEY = {heading_key(text): name for name, texts in _LABELS.items() for text in texts}


@dataclass(slots=True)
class VprTitle:
    """What was read so far; None or empty was not said."""

    subject: str = ""
    grade: int | None = None
    year: int | None = None
    academic_year: int | None = None
    largest: float | None = None
    written_on: date | None = None
    login: str = ""
    school: str = ""
    _above: dict[int, str] = field(default_factory=dict)

    def read(self, cells: Sequence[Cell]) -> None:
        """Take what a row says; what was said first counts."""
        texts = [text_of(cell) for cell in cells if isinstance(cell, str)]
        for text in [*texts, " ".join(texts)]:
            self._read_title(text)
        for label, value in self._labelled(cells):
            self._take(label, value)

    def _read_title(self, text: str) -> None:
        if (found := _TITLE.search(text)) is not None:
            self.year = self.year or (int(found[1]) if found[1] else None)
            self.subject = self.subject or found[2].strip(' .,:«»"')
            self.grade = self.grade or _within_grades(int(found[3]))
        if _OF_VPR.search(text) is not None:
            year, grade = _A_YEAR.search(text), _A_GRADE.search(text)
            self.year = self.year or (int(year[0]) if year else None)
            self.grade = self.grade or (
                _within_grades(int(grade[1])) if grade else None
            )

    def _labelled(self, cells: Sequence[Cell]) -> Iterator[tuple[str, Cell]]:
        """Yield labels with their values: after a colon, to the right, or below."""
        above, self._above = self._above, {}
        filled = [place for place, cell in enumerate(cells) if not is_blank(cell)]
        for at, place in enumerate(filled):
            label, value = _split(cells[place])
            if label is None:
                if place in above:
                    yield above[place], cells[place]
                continue
            right = cells[filled[at + 1]] if at + 1 < len(filled) else ""
            if value:
                yield label, value
            elif not is_blank(right) and _split(right)[0] is None:
                yield label, right
            else:
                self._above[place] = label

    def _take(self, label: str, value: Cell) -> None:
        text = text_of(value)
        match label:
            case "subject":
                self.subject = self.subject or text
            case "grade":
                self.grade = self.grade or _within_grades(grade_of(value))
            case "largest":
                self.largest = self.largest or number_of(value)
            case "written_on":
                self.written_on = self.written_on or date_of(value)
            case "year":
                self._take_year(text)
            case "login":
                self.login = self.login or text
            case _:
                found = LOGIN.search(text)
                self.login = self.login or (found[1] if found else "")
                self.school = self.school or LOGIN.sub("", text).strip()

    def _take_year(self, text: str) -> None:
        if (years := _TWO_YEARS.search(text)) is not None:
            self.academic_year = self.academic_year or int(years[1])
        elif text[:4].isdecimal() and FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
            self.year = self.year or int(text[:4])


def date_of(cell: Cell) -> date | None:
    """Read a day, of a cell or out of its text: 30.05.2025, 2025.05.30, 2025-05-30."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _DATE.search(text_of(cell))
    if found is None:
        return None
    day, month, year = (
        (found[1], found[2], found[3]) if found[1] else found.group(6, 5, 4)
    )
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def vpr_key(
    title: VprTitle, options: FileOptions, *, grade: int | None = None
) -> dict[str, int]:
    """Return ``year`` and ``grade`` of the file's results, as files of ВПР name them.

    What the file says goes before what the caller says of it.

    Args:
        title: What the file says.
        options: What the caller says.
        grade: The grade of the classes in the rows, which counts last.

    Raises:
        UnreadableFileError: neither says the grade or the year.
    """
    programme_grade = title.grade or options.grade or grade
    if programme_grade is None:
        raise unsaid("grade", "класс", "the grade")
    year = _calendar_year(title, options, programme_grade)
    if year is None:
        raise unsaid("written_on", "дата проведения", "the day it was written")
    return {"year": year, "grade": programme_grade}


def subject_of(title: VprTitle, options: FileOptions) -> str:
    """Return what the file or else the caller calls the subject.

    Raises:
        UnreadableFileError: neither says it.
    """
    subject = title.subject or options.subject
    if not subject:
        raise unsaid("subject", "предмет", "the subject")
    return subject


def unsaid(field: str, ru: str, en: str) -> UnreadableFileError:
    """Say that neither the file nor the caller said something that is needed."""
    reason = Text(
        f"В файле не указан {ru}: укажите при загрузке (поле {field}).",
        f"The file does not say {en}: say it with the upload (field {field}).",
    )
    return UnreadableFileError(reason, faults=[Fault(reason=reason, column=field)])


def _calendar_year(title: VprTitle, options: FileOptions, grade: int) -> int | None:
    day = title.written_on or options.written_on
    if title.year is not None or day is not None:
        return title.year or (day.year if day else None)
    start = title.academic_year or options.academic_year
    if start is None:
        return None
    # In such a year the ВПР was written in autumn and again in spring.
    if options.season is None and grade in AUTUMN_PROGRAMME_GRADES.get(start, ()):
        return None
    return start if options.season is Season.AUTUMN else start + 1


def _split(cell: Cell) -> tuple[str | None, str]:
    """Return what a cell is the label of, and the value that follows a colon."""
    if not isinstance(cell, str):
        return None, ""
    label, _, value = cell.partition(":")
    return _BY_KEY.get(heading_key(label)), value.strip()


def _within_grades(grade: int | None) -> int | None:
    return grade if grade and FIRST_GRADE <= grade <= LAST_GRADE else None
