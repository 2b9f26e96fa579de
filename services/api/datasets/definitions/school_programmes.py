"""Programmes of schools: what they undertake, and what the expertise found."""

from services.api.datasets.columns import Column, column, given
from services.api.datasets.dataset import of_school
from services.api.datasets.recording import Recording
from shared.domain.deadlines import DeadlineKind
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.domain.record_rules import in_order, without_initials
from shared.domain.school_programmes import SchoolProgrammeStatus, require_editable
from shared.persistence.tables.programmes import ProgrammeRow
from shared.persistence.tables.school_programmes import (
    SchoolProgrammeIndicatorRow,
    SchoolProgrammeMeasureRow,
    SchoolProgrammeReviewRow,
    SchoolProgrammeRow,
)

_WHOLE = SchoolProgrammeRow.__table__.c
_INDICATOR = SchoolProgrammeIndicatorRow.__table__.c
_MEASURE = SchoolProgrammeMeasureRow.__table__.c
_REVIEW = SchoolProgrammeReviewRow.__table__.c
_OWNER = {"school_programme_id": SchoolProgrammeRow}


def _of(source: object) -> Column:
    return column(source, "Номер программы школы", "School programme number")


SCHOOL_PROGRAMMES = of_school(
    "school-programmes",
    Text("Программы школ", "School programmes"),
    Permission.SCHOOL_PROGRAMMES_READ,
    SchoolProgrammeRow,
    None,
    column(_WHOLE.programme_id, "Номер муниципальной программы", "Programme number"),
    column(_WHOLE.title, "Название", "Title"),
    column(_WHOLE.goal, "Цель", "Goal"),
    column(_WHOLE.tasks, "Задачи", "Tasks"),
    column(_WHOLE.starts_on, "Начало", "Starts on"),
    column(_WHOLE.ends_on, "Окончание", "Ends on"),
    given(_WHOLE.status, "Состояние", "Status", allowed=list(SchoolProgrammeStatus)),
    given(_WHOLE.submit_by, "Сдать к", "To be handed in by"),
    given(_WHOLE.submitted_on, "Сдана на экспертизу", "Submitted on"),
    given(_WHOLE.approved_on, "Одобрена", "Approved on"),
    given(_WHOLE.started_on, "Начата", "Started on"),
    given(_WHOLE.completed_on, "Выполнена", "Completed on"),
    given(_WHOLE.result, "Итог", "Result"),
    recording=Recording(
        rows=SchoolProgrammeRow,
        entity="school_programme",
        permission=Permission.SCHOOL_PROGRAMMES_WRITE,
        key=("school_id", "programme_id", "title"),
        rules=(in_order("starts_on", "ends_on"),),
        filters=("programme_id", "status"),
        sorts=("starts_on", "status"),
        references={"programme_id": ProgrammeRow},
        guard=require_editable,
        owed=DeadlineKind.SCHOOL_PROGRAMME,
        example={
            "school_id": 1,
            "programme_id": 1,
            "title": "Программа перехода в эффективный режим",
            "goal": "Повысить качество обучения математике",
            "tasks": ["Восполнить дефициты учителей"],
            "starts_on": "2020-10-01",
            "ends_on": "2022-05-31",
        },
    ),
)

SCHOOL_PROGRAMME_INDICATORS = of_school(
    "school-programme-indicators",
    Text("Показатели программ школ", "Indicators of school programmes"),
    Permission.SCHOOL_PROGRAMMES_READ,
    SchoolProgrammeIndicatorRow,
    None,
    _of(_INDICATOR.school_programme_id),
    column(_INDICATOR.title, "Показатель", "Indicator"),
    column(_INDICATOR.unit, "Единица", "Unit"),
    column(_INDICATOR.baseline, "Исходное значение", "Baseline"),
    column(_INDICATOR.target, "Цель", "Target"),
    column(_INDICATOR.target_on, "Достичь к", "Target date"),
    recording=Recording(
        rows=SchoolProgrammeIndicatorRow,
        entity="school_programme_indicator",
        permission=Permission.SCHOOL_PROGRAMMES_WRITE,
        key=("school_programme_id", "title"),
        filters=("school_programme_id",),
        references=_OWNER,
        own_school=("school_programme_id",),
        guard=require_editable,
        guarded_by="school_programme_id",
        example={
            "school_id": 1,
            "school_programme_id": 1,
            "title": "Доля отметок «4» и «5» по математике",
            "unit": "%",
            "baseline": 31.5,
            "target": 40,
            "target_on": "2022-05-31",
        },
    ),
)

SCHOOL_PROGRAMME_MEASURES = of_school(
    "school-programme-measures",
    Text("Мероприятия программ школ", "Measures of school programmes"),
    Permission.SCHOOL_PROGRAMMES_READ,
    SchoolProgrammeMeasureRow,
    None,
    _of(_MEASURE.school_programme_id),
    column(_MEASURE.title, "Мероприятие", "Measure"),
    column(_MEASURE.starts_on, "Начало", "Starts on"),
    column(_MEASURE.due_on, "Срок", "Due on"),
    column(_MEASURE.responsible, "Ответственный (должность)", "Responsible position"),
    column(_MEASURE.expected_result, "Ожидаемый результат", "Expected result"),
    given(_MEASURE.done_on, "Выполнено", "Done on"),
    recording=Recording(
        rows=SchoolProgrammeMeasureRow,
        entity="school_programme_measure",
        permission=Permission.SCHOOL_PROGRAMMES_WRITE,
        key=("school_programme_id", "title", "starts_on"),
        rules=(in_order("starts_on", "due_on"), without_initials("responsible")),
        filters=("school_programme_id", "due_on"),
        sorts=("due_on",),
        references=_OWNER,
        own_school=("school_programme_id",),
        guard=require_editable,
        guarded_by="school_programme_id",
        example={
            "school_id": 1,
            "school_programme_id": 1,
            "title": "Педсовет по итогам диагностики",
            "starts_on": "2020-10-01",
            "due_on": "2020-10-30",
            "responsible": "Заместитель директора",
        },
    ),
)

SCHOOL_PROGRAMME_REVIEWS = of_school(
    "school-programme-reviews",
    Text("Экспертиза программ школ", "Expertise of school programmes"),
    Permission.SCHOOL_PROGRAMMES_READ,
    SchoolProgrammeReviewRow,
    "reviewed_on",
    _of(_REVIEW.school_programme_id),
    column(_REVIEW.level, "Уровень", "Level", allowed=("municipal", "regional")),
    column(_REVIEW.verdict, "Вывод", "Verdict", allowed=("approve", "return")),
    column(_REVIEW.remarks, "Замечания", "Remarks"),
    column(_REVIEW.expert_position, "Эксперт (должность)", "Position of the expert"),
    column(_REVIEW.reviewed_on, "Дата экспертизы", "Reviewed on"),
    given(_REVIEW.created_at, "Записано (UTC)", "Recorded (UTC)"),
)

DATASETS = (
    SCHOOL_PROGRAMMES,
    SCHOOL_PROGRAMME_INDICATORS,
    SCHOOL_PROGRAMME_MEASURES,
    SCHOOL_PROGRAMME_REVIEWS,
)
