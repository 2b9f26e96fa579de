"""What the tests of objectivity need to be told: boundaries of marks, and limits."""

from typing import Any

from services.api.datasets.columns import Column, column, given
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
from shared.domain.measures import MEASURES
from shared.domain.objectivity_rules import boundaries_rise, has_a_limit
from shared.domain.permissions import Permission
from shared.domain.record_rules import in_order
from shared.persistence.tables.objectivity import (
    FindingExplanationRow,
    MarkBoundaryRow,
    ObjectivityLimitRow,
)

_BOUNDARY = MarkBoundaryRow.__table__.c
_LIMIT = ObjectivityLimitRow.__table__.c
_EXPLANATION = FindingExplanationRow.__table__.c
MOST_POINTS = 1000
POINTS = Text("баллов", "points")
UNIT = Text("единица показателя", "unit of the measure")


def _paper(table: Any) -> tuple[Column, ...]:
    return (
        column(table.procedure, "Процедура (код)", "Procedure (code)"),
        column(table.subject, "Предмет (код)", "Subject (code)"),
        column(
            table.programme_grade,
            "Класс программы",
            "Grade of the programme",
            least=1,
            most=12,
        ),
    )


MARK_BOUNDARIES = Dataset(
    "mark-boundaries",
    Text("Границы отметок", "Boundaries of marks"),
    Permission.CONDITIONS_READ,
    (
        row_id(_BOUNDARY.id),
        *municipality(_BOUNDARY.municipality_id),
        academic_year(_BOUNDARY.year),
        *_paper(_BOUNDARY),
        *(
            column(
                _BOUNDARY[f"from_{mark}"],
                f"Отметка «{mark}» с балла",
                f"The mark {mark} from the score",
                unit=POINTS,
                least=1,
                most=MOST_POINTS,
            )
            for mark in (3, 4, 5)
        ),
        column(
            _BOUNDARY.maximum_score,
            "Наибольший первичный балл",
            "Maximum primary score",
            unit=POINTS,
            least=1,
            most=MOST_POINTS,
        ),
        column(_BOUNDARY.source, "Документ", "Document"),
        provenance(_BOUNDARY.provenance),
        synthetic_unless_documented(_BOUNDARY.provenance),
    ),
    in_municipality(MarkBoundaryRow.__table__),
    _BOUNDARY.id,
    _BOUNDARY.year,
    Recording(
        rows=MarkBoundaryRow,
        entity="mark_boundary",
        permission=Permission.LISTS_WRITE,
        key=("municipality_id", "year", "procedure", "subject", "programme_grade"),
        rules=(boundaries_rise,),
        filters=("procedure", "subject", "programme_grade"),
        example={
            "municipality_id": 1,
            "year": 2020,
            "procedure": "vpr",
            "subject": "mathematics",
            "programme_grade": 5,
            "from_3": 7,
            "from_4": 11,
            "from_5": 15,
            "maximum_score": 20,
            "source": "Шкала перевода баллов ВПР",
        },
    ),
)

OBJECTIVITY_LIMITS = Dataset(
    "objectivity-limits",
    Text("Границы необъективности", "Limits of objectivity"),
    Permission.CONDITIONS_READ,
    (
        row_id(_LIMIT.id),
        *municipality(_LIMIT.municipality_id),
        academic_year(_LIMIT.year),
        column(
            _LIMIT.area, "Кем установлены", "Area", allowed=("municipality", "region")
        ),
        *_paper(_LIMIT),
        column(_LIMIT.measure, "Показатель (код)", "Measure", allowed=list(MEASURES)),
        column(
            _LIMIT.low, "Нижняя граница", "Lower limit", unit=UNIT, least=0, most=100
        ),
        column(
            _LIMIT.high, "Верхняя граница", "Upper limit", unit=UNIT, least=0, most=100
        ),
        column(_LIMIT.source, "Документ", "Document"),
        provenance(_LIMIT.provenance),
        synthetic_unless_documented(_LIMIT.provenance),
    ),
    in_municipality(ObjectivityLimitRow.__table__),
    _LIMIT.id,
    _LIMIT.year,
    Recording(
        rows=ObjectivityLimitRow,
        entity="objectivity_limit",
        permission=Permission.LISTS_WRITE,
        key=(
            "municipality_id",
            "year",
            "area",
            "procedure",
            "subject",
            "programme_grade",
            "measure",
        ),
        rules=(in_order("low", "high"), has_a_limit),
        filters=("area", "procedure", "subject", "programme_grade", "measure"),
        example={
            "municipality_id": 1,
            "year": 2020,
            "area": "region",
            "procedure": "vpr",
            "subject": "mathematics",
            "programme_grade": 5,
            "measure": "quality_rate",
            "low": 20,
            "high": 75,
            "source": "Письмо министерства",
        },
    ),
)

FINDING_EXPLANATIONS = of_school(
    "finding-explanations",
    Text("Пояснения школ к признакам", "Explanations of findings by schools"),
    Permission.CONDITIONS_READ,
    FindingExplanationRow,
    "year",
    academic_year(_EXPLANATION.year),
    given(_EXPLANATION.test, "Проверка", "Test"),
    *_paper(_EXPLANATION),
    given(_EXPLANATION.explanation, "Пояснение школы", "Explanation of the school"),
    given(_EXPLANATION.explained_at, "Пояснено", "Explained at"),
)

DATASETS = (MARK_BOUNDARIES, OBJECTIVITY_LIMITS, FINDING_EXPLANATIONS)
