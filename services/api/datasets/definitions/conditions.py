"""What is known of schools' conditions."""

from services.api.datasets.columns import (
    PUPILS,
    SHARE,
    column,
)
from services.api.datasets.dataset import (
    Dataset,
    academic_year,
    in_municipality,
    municipality,
    of_school,
    provenance,
    row_id,
    synthetic_unless_documented,
)
from services.api.datasets.recording import Recording
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.domain.record_rules import in_order, needs
from shared.domain.resources import (
    AVAILABLE,
    KINDS,
    STATES,
    offered_if_available,
)
from shared.persistence.tables.conditions import (
    ConditionIndexRangeRow,
    ResourceItemRow,
)
from shared.persistence.tables.enrolments import EnrolmentRow

_ITEM = ResourceItemRow.__table__.c
_RANGE = ConditionIndexRangeRow.__table__.c
_ENROLMENT = EnrolmentRow.__table__.c

RESOURCE_ITEMS = of_school(
    "resource-items",
    Text("Ресурсы школ", "Resources of schools"),
    Permission.CONDITIONS_READ,
    ResourceItemRow,
    "year",
    column(_ITEM.kind, "Вид ресурса (код)", "Kind (code)", allowed=KINDS),
    column(_ITEM.title, "Ресурс", "Resource"),
    academic_year(ResourceItemRow.__table__.c.year),
    column(
        _ITEM.state,
        "Имеется или недостаёт",
        "Available or lacking",
        allowed=STATES,
        default=AVAILABLE,
    ),
    column(
        _ITEM.offered, "Предложен другим школам", "Offered to others", default=False
    ),
    column(_ITEM.quantity, "Количество", "Quantity", least=0, most=1_000_000_000),
    column(_ITEM.unit, "Единица количества", "Unit of the quantity"),
    recording=Recording(
        rows=ResourceItemRow,
        entity="resource_item",
        permission=Permission.CONDITIONS_WRITE,
        key=("school_id", "kind", "title", "year"),
        rules=(offered_if_available, needs("unit", "quantity")),
        planned=True,
        filters=("kind", "state", "offered"),
        example={
            "school_id": 1,
            "kind": "growth_point",
            "title": "Точка роста",
            "year": 2020,
            "state": "available",
            "offered": True,
            "quantity": 1,
            "unit": "центр",
        },
    ),
)

CONDITION_INDEX_RANGES = Dataset(
    "condition-index-ranges",
    Text("Границы индекса условий (ИОУ)", "Ranges of the index of conditions"),
    Permission.CONDITIONS_READ,
    (
        row_id(_RANGE.id),
        *municipality(_RANGE.municipality_id),
        academic_year(ConditionIndexRangeRow.__table__.c.year),
        column(_RANGE.area, "Территория", "Area", allowed=("municipality", "region")),
        column(
            _RANGE.lowest, "Наименьший ИОУ", "Lowest index", unit=SHARE, least=0, most=1
        ),
        column(
            _RANGE.highest,
            "Наибольший ИОУ",
            "Highest index",
            unit=SHARE,
            least=0,
            most=1,
        ),
        provenance(_RANGE.provenance),
        synthetic_unless_documented(_RANGE.provenance),
    ),
    in_municipality(ConditionIndexRangeRow.__table__),
    _RANGE.id,
    _RANGE.year,
    Recording(
        rows=ConditionIndexRangeRow,
        entity="condition_index_range",
        permission=Permission.LISTS_WRITE,
        key=("municipality_id", "year", "area"),
        rules=(in_order("lowest", "highest"),),
        filters=("area",),
        example={
            "municipality_id": 1,
            "year": 2020,
            "area": "municipality",
            "lowest": 0.3,
            "highest": 0.5,
        },
    ),
)

ENROLMENTS = of_school(
    "enrolments",
    Text("Контингент", "Enrolment"),
    Permission.CONDITIONS_READ,
    EnrolmentRow,
    "academic_year",
    academic_year(_ENROLMENT.academic_year),
    column(_ENROLMENT.pupils, "Учеников", "Pupils", unit=PUPILS, most=10_000),
    column(_ENROLMENT.classes, "Классов-комплектов", "Classes", most=500),
    recording=Recording(
        rows=EnrolmentRow,
        entity="enrolment",
        permission=Permission.CONDITIONS_WRITE,
        key=("school_id", "academic_year"),
        sorts=("pupils",),
        example={"school_id": 1, "academic_year": 2020, "pupils": 184, "classes": 11},
    ),
)

DATASETS = (RESOURCE_ITEMS, CONDITION_INDEX_RANGES, ENROLMENTS)
