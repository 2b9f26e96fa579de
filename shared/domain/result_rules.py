"""What a result that is sent as counts must satisfy before it is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shared.domain.errors import Fault, Text
from shared.domain.periods import AcademicYear
from shared.domain.result_figures import ResultFigures, figure_faults
from shared.domain.sittings import FIRST_GRADE, LAST_GRADE

# Additional exams of ГИА are held in September and October after the academic year.
_AFTERMATH = timedelta(days=61)


@dataclass(frozen=True, slots=True)
class Procedure:
    """An assessment procedure, as the reference data describe it."""

    code: str
    grades: frozenset[int]  # of the pupils who may take part
    marked: bool = True  # results are marks 2–5; else test scores (ЕГЭ)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultDraft(ResultFigures):
    """One result of one school as a caller states it, not yet checked."""

    procedure: str
    subject: str
    academic_year: AcademicYear
    programme_grade: int
    pupil_grade: int
    written_on: date | None = None


def validate_result(
    draft: ResultDraft,
    *,
    procedures: Mapping[str, Procedure],
    subjects: frozenset[str],
    today: date,
) -> list[Fault]:
    """Return everything that is wrong with `draft`; nothing if it may be kept.

    Each fault names the field in `column` and what was sent in `value`. What has not
    been written yet by `today` has no result.
    """
    procedure = procedures.get(draft.procedure)
    return [
        *_reference_faults(draft, procedures, subjects),
        *_grade_faults(draft, procedure),
        *figure_faults(draft, marked=procedure is not None and procedure.marked),
        *_date_faults(draft),
        *_future_faults(draft, today),
    ]


def _fault(column: str, value: object, ru: str, en: str) -> Fault:
    shown = None if value is None else str(value)
    return Fault(reason=Text(ru, en), column=column, value=shown)


def _reference_faults(
    draft: ResultDraft, procedures: Mapping[str, Procedure], subjects: frozenset[str]
) -> Iterator[Fault]:
    if draft.procedure not in procedures:
        known = ", ".join(sorted(procedures))
        yield _fault(
            "procedure",
            draft.procedure,
            f"Такой процедуры нет в справочнике. Известны: {known}.",
            f"There is no such procedure. Known are: {known}.",
        )
    if draft.subject not in subjects:
        known = ", ".join(sorted(subjects))
        yield _fault(
            "subject",
            draft.subject,
            f"Такого предмета нет в справочнике. Известны: {known}.",
            f"There is no such subject. Known are: {known}.",
        )


def _grade_faults(draft: ResultDraft, procedure: Procedure | None) -> Iterator[Fault]:
    for column in ("programme_grade", "pupil_grade"):
        grade = getattr(draft, column)
        if not FIRST_GRADE <= grade <= LAST_GRADE:
            yield _fault(
                column,
                grade,
                f"Класс должен быть от {FIRST_GRADE} до {LAST_GRADE}.",
                f"The grade must be from {FIRST_GRADE} to {LAST_GRADE}.",
            )
            return
    if not 0 <= draft.pupil_grade - draft.programme_grade <= 1:
        yield _fault(
            "programme_grade",
            draft.programme_grade,
            "Проверяют программу своего или предыдущего класса "
            f"(класс учеников: {draft.pupil_grade}).",
            "The programme tested is that of the pupils' grade or of the one before "
            f"(pupils' grade: {draft.pupil_grade}).",
        )
    if procedure is not None and draft.pupil_grade not in procedure.grades:
        listed = ", ".join(str(grade) for grade in sorted(procedure.grades))
        yield _fault(
            "pupil_grade",
            draft.pupil_grade,
            f"В этой процедуре участвуют классы: {listed}.",
            f"The grades that take part in this procedure: {listed}.",
        )


def _date_faults(draft: ResultDraft) -> Iterator[Fault]:
    year, day = draft.academic_year, draft.written_on
    if day is not None and not year.starts_on <= day <= year.ends_on + _AFTERMATH:
        yield _fault(
            "written_on",
            day,
            f"Дата не относится к учебному году {year.label}.",
            f"The date does not belong to the academic year {year.label}.",
        )


def _future_faults(draft: ResultDraft, today: date) -> Iterator[Fault]:
    present = AcademicYear.of(today)
    if draft.academic_year > present:
        yield _fault(
            "academic_year",
            int(draft.academic_year),
            f"Этот учебный год ещё не начался, сейчас идёт {present.label}. "
            "Исправьте год.",
            f"This academic year has not begun; it is {present.label} now. "
            "Correct the year.",
        )
    elif draft.written_on is not None and draft.written_on > today:
        yield _fault(
            "written_on",
            draft.written_on,
            f"Этот день ещё не наступил, сегодня {today}. Исправьте дату.",
            f"This day is still to come; today is {today}. Correct the date.",
        )
