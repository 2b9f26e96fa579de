"""Which exam a row of a protocol is of, and what its scores make of a school."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.api.imports.readers.gia_reference import GiaReference, GiaSubject
from services.api.imports.readers.options import VPR, FileOptions
from services.api.imports.readers.pupil_tally import Tally
from shared.domain.errors import Text
from shared.domain.periods import AcademicYear

EGE: Final = "ege"
OGE: Final = "oge"
_LAST_OF_BASIC = 9
_LAST_GRADE = 11
_AFTERMATH = (9, 10)  # months of additional exams, which belong to the year before
_MARKED_SUBJECTS = ("mathematics_basic",)


@dataclass(frozen=True, slots=True)
class Exam:
    """An exam that pupils of one grade wrote on one day."""

    procedure: str
    subject: str
    grade: int
    written_on: date | None
    academic_year: int

    @classmethod
    def of(
        cls,
        subject: GiaSubject,
        day: date | None,
        grade: int | None,
        options: FileOptions,
        *,
        has_marks: bool,
    ) -> "Exam | None":
        """Return the exam; None if neither day nor year is known.

        Without a class the exam is that of the caller's grade, or of the last one of
        ОГЭ where there are marks and of ЕГЭ where there are none.
        """
        marked = has_marks and subject.subject not in _MARKED_SUBJECTS
        usual = _LAST_OF_BASIC if marked else _LAST_GRADE
        pupils = grade or options.grade or usual
        is_basic = pupils <= _LAST_OF_BASIC
        named = options.procedure if options.procedure not in (VPR, EGE) else None
        year = options.academic_year if day is None else _academic_year(day)
        if year is None:
            return None
        return cls(
            named or (OGE if is_basic else EGE),
            (subject.oge if is_basic else None) or subject.subject,
            pupils,
            day,
            year,
        )

    @property
    def is_marked(self) -> bool:
        """Whether what pupils get in the end is a mark, rather than a test score."""
        is_basic = self.grade <= _LAST_OF_BASIC or self.procedure == "gve"
        return is_basic or self.subject in _MARKED_SUBJECTS

    @property
    def key(self) -> dict[str, Any]:
        """The key of its results."""
        key: dict[str, Any] = {
            "procedure": self.procedure,
            "academic_year": self.academic_year,
            "programme_grade": self.grade,
            "pupil_grade": self.grade,
        }
        return key if self.written_on is None else key | {"written_on": self.written_on}


def below_minimum(
    exam: Exam, tally: Tally, stated: int | None, reference: GiaReference
) -> int | None:
    """Count the pupils below the minimum of ЕГЭ; None where it is not known.

    Args:
        exam: What they wrote.
        tally: Their scores or marks.
        stated: The minimum that the protocol itself states; it counts where the
            reference has none.
        reference: The minimums that are known.
    """
    if exam.procedure != EGE:
        return None
    year = exam.written_on.year if exam.written_on else exam.academic_year + 1
    known = reference.minimum(exam.subject, year)
    if exam.is_marked:
        least = known.mark if known else None
        reached = tally.marks
    else:
        least = known.test_score if known and known.test_score is not None else stated
        reached = tally.test_scores
    if least is None or not reached:
        return None
    return sum(count for score, count in reached.items() if score < least)


def minimum_warnings(
    exam: Exam, stated: int | None, reference: GiaReference
) -> Iterator[Text]:
    """Yield what is unusual about the minimum of an exam of ЕГЭ."""
    if exam.procedure != EGE:
        return
    year = exam.written_on.year if exam.written_on else exam.academic_year + 1
    known = reference.minimum(exam.subject, year)
    if known is None and stated is None:
        yield Text(
            f"Минимальный балл ({exam.subject}, {year}) неизвестен: число не "
            "преодолевших минимум не посчитано.",
            f"The minimum ({exam.subject}, {year}) is not known: pupils below it were "
            "not counted.",
        )
    elif known and stated and known.test_score not in (None, stated):
        yield Text(
            f"В протоколе минимальный балл {stated}, а по справочнику "
            f"{known.test_score} ({exam.subject}, {year}): взят справочник.",
            f"The protocol states a minimum of {stated}, the reference "
            f"{known.test_score} ({exam.subject}, {year}): the reference was taken.",
        )


def _academic_year(day: date) -> int:
    year = AcademicYear.of(day)
    return int(year.previous if day.month in _AFTERMATH else year)
