"""Results of assessment procedures."""

from services.api.datasets.columns import ACADEMIC_YEAR, PERCENT, PUPILS, column, given
from services.api.datasets.dataset import Dataset, in_school, row_id, school, synthetic
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.persistence.tables.results import AssessmentResultRow

_RESULT = AssessmentResultRow.__table__.c

POINTS = Text("баллов", "points")

_MARKS = tuple(
    column(
        _RESULT[f"n{mark}"], f"Отметка «{mark}»", f"With the mark {mark}", unit=PUPILS
    )
    for mark in (2, 3, 4, 5)
)

_SCORES = (
    column(
        _RESULT.mean_primary_score,
        "Средний первичный балл",
        "Mean primary score",
        unit=POINTS,
    ),
    column(
        _RESULT.max_primary_score,
        "Наибольший первичный балл",
        "Maximum primary score",
        unit=POINTS,
    ),
    column(
        _RESULT.mean_test_score,
        "Средний тестовый балл",
        "Mean test score",
        unit=POINTS,
    ),
)
_JOURNAL = (
    column(_RESULT.n_lower, "Ниже отметки в журнале", "Below the journal", unit=PUPILS),
    column(_RESULT.n_equal, "Как в журнале", "As in the journal", unit=PUPILS),
    column(
        _RESULT.n_higher, "Выше отметки в журнале", "Above the journal", unit=PUPILS
    ),
    column(
        _RESULT.n_gap_2,
        "Расходятся с журналом на 2 и более",
        "Two or more marks away from the journal",
        unit=PUPILS,
    ),
)

RESULTS = Dataset(
    "results",
    Text("Результаты оценочных процедур", "Results of assessments"),
    Permission.RESULTS_READ,
    (
        row_id(_RESULT.id),
        *school(_RESULT),
        column(_RESULT.procedure, "Процедура (код)", "Procedure (code)"),
        column(_RESULT.subject, "Предмет (код)", "Subject (code)"),
        column(_RESULT.programme_grade, "Класс программы", "Grade of the programme"),
        column(_RESULT.pupil_grade, "Класс учеников", "Grade of the pupils"),
        column(
            _RESULT.academic_year, "Учебный год", "Academic year", unit=ACADEMIC_YEAR
        ),
        column(_RESULT.written_on, "Дата проведения", "Written on"),
        column(_RESULT.wave, "Волна", "Wave", default="1"),
        column(
            _RESULT.n,
            "Участников с отметкой или баллом",
            "Pupils with a mark or a score",
            unit=PUPILS,
        ),
        *_MARKS,
        column(_RESULT.n_absent, "Отсутствовало", "Absent", unit=PUPILS, default="0"),
        column(
            _RESULT.n_ungraded,
            "Без отметки",
            "Without a mark",
            unit=PUPILS,
            default="0",
        ),
        column(
            _RESULT.n_below_minimum,
            "Не преодолели минимум",
            "Below the minimum",
            unit=PUPILS,
        ),
        *_SCORES,
        *_JOURNAL,
        column(
            _RESULT.observed,
            "С контролем объективности",
            "With control of objectivity",
        ),
        column(
            _RESULT.score_counts,
            "Учеников по первичным баллам",
            "Pupils by primary score",
            unit=PUPILS,
        ),
        given(
            _RESULT.counts_rebuilt,
            "Количества восстановлены из процентов",
            "Counts were rebuilt from percentages",
        ),
        given(
            _RESULT.percentages,
            "Проценты из файла",
            "Percentages of the file",
            unit=PERCENT,
        ),
        given(_RESULT.import_id, "Номер загрузки", "Import number"),
        given(_RESULT.import_sheet, "Лист файла", "Sheet of the file"),
        given(_RESULT.import_row, "Строка файла", "Row of the file"),
        synthetic(_RESULT.synthetic),
        given(_RESULT.version, "Версия", "Version"),
        given(_RESULT.created_at, "Внесено (UTC)", "Entered (UTC)"),
        given(_RESULT.updated_at, "Изменено (UTC)", "Changed (UTC)"),
    ),
    in_school(AssessmentResultRow.__table__),
    _RESULT.id,
    _RESULT.academic_year,
    reads_form=True,
)

DATASETS = (RESULTS,)
