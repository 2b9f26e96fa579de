"""Programmes, their measures and indicators, and the deadlines made from them."""

from sqlalchemy import false, func, tuple_

from services.api.datasets.columns import Column, column, given
from services.api.datasets.dataset import (
    MUNICIPALITY_NAME,
    SCHOOL,
    SCHOOL_NAME,
    Dataset,
    in_municipality,
    in_school,
    municipality,
    provenance,
    row_id,
    synthetic,
    synthetic_unless_documented,
)
from shared.domain.deadlines import DeadlineKind, DeadlineState
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.persistence.deadlines import TITLE
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.programmes import (
    MeasureRow,
    ProgrammeRow,
    TargetIndicatorRow,
    TargetRangeRow,
)

_PROGRAMME = ProgrammeRow.__table__.c
_MEASURE = MeasureRow.__table__.c
_INDICATOR = TargetIndicatorRow.__table__.c
_RANGE = TargetRangeRow.__table__.c
_DEADLINE = DeadlineRow.__table__.c


def _programme(source: object) -> Column:
    return column(source, "Номер программы", "Programme number")


PROGRAMMES = Dataset(
    "programmes",
    Text("Программы", "Programmes"),
    Permission.PROGRAMMES_READ,
    (
        row_id(_PROGRAMME.id),
        *municipality(_PROGRAMME.municipality_id),
        column(_PROGRAMME.code, "Код", "Code"),
        column(_PROGRAMME.title, "Название", "Title"),
        column(_PROGRAMME.head_title, "Название в приказе", "Title in the order"),
        column(_PROGRAMME.head_period, "Срок в приказе", "Period in the order"),
        column(_PROGRAMME.goal, "Цель", "Goal"),
        column(_PROGRAMME.starts_on, "Начало", "Starts on"),
        column(_PROGRAMME.ends_on, "Окончание", "Ends on"),
        column(_PROGRAMME.period_text, "Срок, как в документе", "Period as printed"),
        column(_PROGRAMME.years, "Счёт лет", "Years", allowed=("calendar", "academic")),
        column(_PROGRAMME.approved, "Утверждение", "Approval"),
        column(_PROGRAMME.executors_text, "Исполнители", "Executors"),
        column(_PROGRAMME.expected_results, "Ожидаемые результаты", "Expected results"),
        provenance(_PROGRAMME.provenance),
        synthetic_unless_documented(_PROGRAMME.provenance),
    ),
    in_municipality(ProgrammeRow.__table__),
    _PROGRAMME.id,
)

MEASURES = Dataset(
    "measures",
    Text("Мероприятия программ", "Measures of programmes"),
    Permission.PROGRAMMES_READ,
    (
        row_id(_MEASURE.id),
        *municipality(_MEASURE.municipality_id),
        _programme(_MEASURE.programme_id),
        column(_MEASURE.parent_id, "Номер записи раздела", "Row number of its heading"),
        column(_MEASURE.plan, "План", "Plan", allowed=("plan", "roadmap", "cyclogram")),
        column(_MEASURE.position, "Порядок", "Position"),
        column(_MEASURE.key, "Ключ", "Key"),
        column(_MEASURE.number, "Номер, как в документе", "Number as printed"),
        column(_MEASURE.block, "Блок", "Block"),
        column(_MEASURE.title, "Мероприятие", "Measure"),
        column(_MEASURE.term_text, "Срок, как в документе", "Term as printed"),
        given(_MEASURE.schedule_kind, "Вид срока", "Kind of schedule"),
        given(_MEASURE.is_datable, "Срок переводится в даты", "Term gives dates"),
        column(_MEASURE.responsible_text, "Ответственные", "Responsible"),
        column(_MEASURE.parties, "Исполняют", "Parties"),
        column(_MEASURE.expected_result, "Ожидаемый результат", "Expected result"),
        given(_MEASURE.withdrawn_on, "Исключено приказом от", "Withdrawn on"),
        synthetic_unless_documented(_PROGRAMME.provenance),
    ),
    in_municipality(MeasureRow.__table__).join(
        ProgrammeRow.__table__, _PROGRAMME.id == _MEASURE.programme_id
    ),
    tuple_(_MEASURE.programme_id, _MEASURE.position),
)

TARGET_INDICATORS = Dataset(
    "target-indicators",
    Text("Целевые показатели программ", "Indicators of programmes with targets"),
    Permission.PROGRAMMES_READ,
    (
        row_id(_INDICATOR.id),
        *municipality(_INDICATOR.municipality_id),
        _programme(_INDICATOR.programme_id),
        column(_INDICATOR.position, "Порядок", "Position"),
        column(_INDICATOR.code, "Код", "Code"),
        column(_INDICATOR.task_number, "Номер задачи", "Task number"),
        column(_INDICATOR.heading, "Раздел", "Heading"),
        column(_INDICATOR.title, "Показатель", "Indicator"),
        column(_INDICATOR.unit, "Единица", "Unit"),
        column(
            _INDICATOR.direction,
            "Направление",
            "Direction",
            allowed=("more_is_better", "less_is_better"),
        ),
        column(_INDICATOR.target_text, "Цель словами", "Target in words"),
        column(_INDICATOR.definition, "Определение", "Definition"),
        column(_INDICATOR.added_on, "Добавлен", "Added on"),
        column(_INDICATOR.withdrawn_on, "Исключён", "Ended on"),
        given(_RANGE.year, "Год цели", "Year of the target", name="target_year"),
        given(_RANGE.low, "Цель от", "Target from", name="target_low"),
        given(_RANGE.high, "Цель до", "Target to", name="target_high"),
        given(_RANGE.text, "Цель, как в документе", "Printed", name="target_printed"),
        synthetic_unless_documented(_PROGRAMME.provenance),
    ),
    in_municipality(TargetIndicatorRow.__table__)
    .join(ProgrammeRow.__table__, _PROGRAMME.id == _INDICATOR.programme_id)
    .outerjoin(TargetRangeRow.__table__, _RANGE.indicator_id == _INDICATOR.id),
    tuple_(_INDICATOR.id, _RANGE.year),
)

DEADLINES = Dataset(
    "deadlines",
    Text("Сроки мероприятий", "Deadlines"),
    Permission.DEADLINES_READ,
    (
        row_id(_DEADLINE.id),
        given(_DEADLINE.municipality_id, "Номер муниципалитета", "Municipality number"),
        MUNICIPALITY_NAME,
        given(_DEADLINE.school_id, "Номер школы", "School number"),
        SCHOOL_NAME,
        given(_MEASURE.programme_id, "Номер программы", "Programme number"),
        column(_DEADLINE.kind, "Вид срока", "Kind", allowed=list(DeadlineKind)),
        column(_DEADLINE.measure_id, "Номер мероприятия", "Measure row number"),
        column(_DEADLINE.source_id, "Номер записи-основания", "Source row number"),
        given(_MEASURE.number, "Номер в документе", "Number as printed"),
        given(TITLE, "Что нужно сделать", "What is owed", name="title"),
        given(_MEASURE.term_text, "Срок, как в документе", "Term as printed"),
        given(_MEASURE.responsible_text, "Ответственные", "Responsible"),
        given(_MEASURE.expected_result, "Ожидаемый результат", "Expected result"),
        column(_DEADLINE.occurrence, "Который раз", "Occurrence"),
        column(_DEADLINE.starts_on, "Начало", "Starts on"),
        column(_DEADLINE.nominal_due_on, "Срок по документу", "Nominal due date"),
        column(_DEADLINE.due_on, "Срок (рабочий день)", "Due on (a working day)"),
        column(
            _DEADLINE.state,
            "Состояние",
            "State",
            allowed=list(DeadlineState),
        ),
        given(_DEADLINE.done_on, "Выполнено", "Done on"),
        given(_DEADLINE.revision, "Который вариант", "Revision"),
        given(_DEADLINE.changed_at, "Изменён (UTC)", "Changed (UTC)"),
        synthetic(func.coalesce(SCHOOL.synthetic, false())),
    ),
    in_school(DeadlineRow.__table__).outerjoin(
        MeasureRow.__table__, _MEASURE.id == _DEADLINE.measure_id
    ),
    _DEADLINE.id,
    _DEADLINE.due_on,
)

DATASETS = (PROGRAMMES, MEASURES, TARGET_INDICATORS, DEADLINES)
