"""How far each measure is at each school, for files."""

from sqlalchemy import Date, Integer, cast, extract, false, func, select, text, tuple_

from services.api.datasets.columns import ACADEMIC_YEAR, given
from services.api.datasets.dataset import (
    MUNICIPALITY_NAME,
    SCHOOL,
    SCHOOL_NAME,
    Dataset,
    in_school,
    synthetic,
)
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.persistence.execution import COUNTED, EVIDENCE, OF_DEADLINE, counts
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.programmes import MeasureRow

_NOW = select(func.tenancy.clock_now()).scalar_subquery()  # on the system's clock
_TODAY = cast(func.timezone(MunicipalityRow.time_zone, _NOW), Date)
_TITLES = {
    "owed": ("Всего сроков", "Deadlines"),
    "done_on_time": ("Выполнено в срок", "Done on time"),
    "done_late": ("Выполнено с опозданием", "Done late"),
    "submitted": ("На проверке", "Submitted"),
    "overdue": ("Просрочено", "Overdue"),
    "ahead": ("Срок впереди", "Ahead"),
    "with_evidence": ("С подтверждением", "With evidence"),
    "links": ("Ссылок", "Links"),
    "files": ("Файлов", "Files"),
}

# An academic year begins in September: eight months earlier it is January.
_YEAR = cast(extract("year", DeadlineRow.due_on - text("interval '8 months'")), Integer)
_COUNTED = (
    select(
        DeadlineRow.municipality_id,
        DeadlineRow.school_id,
        MeasureRow.programme_id,
        DeadlineRow.measure_id,
        MeasureRow.number,
        MeasureRow.title,
        MeasureRow.responsible_text,
        _YEAR.label("academic_year"),
        *(each.label(name) for name, each in counts(_TODAY).items()),
    )
    .join(MeasureRow, MeasureRow.id == DeadlineRow.measure_id)
    .join(MunicipalityRow, MunicipalityRow.id == DeadlineRow.municipality_id)
    .outerjoin(EVIDENCE, OF_DEADLINE)
    .where(COUNTED)
    .group_by(
        DeadlineRow.municipality_id,
        DeadlineRow.school_id,
        DeadlineRow.measure_id,
        MeasureRow.id,
        _YEAR,
    )
    .subquery("execution")
)
_ROW = _COUNTED.c

ROADMAP_EXECUTION = Dataset(
    "roadmap-execution",
    Text("Выполнение дорожной карты", "Execution of the roadmap"),
    Permission.DEADLINES_READ,
    (
        given(_ROW.municipality_id, "Номер муниципалитета", "Municipality number"),
        MUNICIPALITY_NAME,
        given(_ROW.school_id, "Номер школы", "School number"),
        SCHOOL_NAME,
        given(_ROW.programme_id, "Номер программы", "Programme number"),
        given(_ROW.measure_id, "Номер мероприятия", "Measure row number"),
        given(_ROW.number, "Номер в документе", "Number as printed"),
        given(_ROW.title, "Мероприятие", "Measure"),
        given(_ROW.responsible_text, "Ответственные", "Responsible"),
        given(
            _ROW.academic_year,
            "Учебный год срока",
            "Academic year of the deadline",
            unit=ACADEMIC_YEAR,
        ),
        *(given(_ROW[name], ru, en) for name, (ru, en) in _TITLES.items()),
        synthetic(func.coalesce(SCHOOL.synthetic, false())),
    ),
    in_school(_COUNTED),
    tuple_(_ROW.measure_id, _ROW.academic_year, _ROW.school_id),
    _ROW.academic_year,
)

DATASETS = (ROADMAP_EXECUTION,)
