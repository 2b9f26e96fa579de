"""Indices of schools' conditions, as they were published."""

from services.api.datasets.columns import SHARE, column
from services.api.datasets.dataset import academic_year, of_school
from services.api.datasets.recording import Recording
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.persistence.tables.condition_indices import ConditionIndexRow

_INDEX = ConditionIndexRow.__table__.c

CONDITION_INDICES = of_school(
    "condition-indices",
    Text("Опубликованные индексы условий (ИОУ)", "Published indices of conditions"),
    Permission.CONDITIONS_READ,
    ConditionIndexRow,
    "academic_year",
    academic_year(_INDEX.academic_year),
    column(_INDEX.value, "ИОУ", "Index", unit=SHARE, least=0, most=1),
    column(_INDEX.source, "Где опубликован", "Where it was published"),
    recording=Recording(
        rows=ConditionIndexRow,
        entity="condition_index",
        permission=Permission.LISTS_WRITE,
        key=("school_id", "academic_year"),
        example={
            "school_id": 1,
            "academic_year": 2020,
            "value": 0.41,
            "source": "Отчёт ЦОКО",
        },
    ),
)

DATASETS = (CONDITION_INDICES,)
