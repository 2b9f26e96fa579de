"""On which lists schools were put, and what was noticed about their results."""

from services.api.datasets.columns import (
    column,
    given,
)
from services.api.datasets.dataset import (
    academic_year,
    of_school,
)
from services.api.datasets.recording import Recording
from shared.domain.errors import Text
from shared.domain.objectivity_markers import (
    MARKERS,
    complete_markers,
    markers_add_up,
)
from shared.domain.permissions import Permission
from shared.domain.record_rules import in_order, needs, not_in_the_future
from shared.persistence.tables.conditions import (
    ListMembershipRow,
    ObjectivitySignRow,
)

_SIGN = ObjectivitySignRow.__table__.c
_LISTED = ListMembershipRow.__table__.c
MARKER = Text("1 — маркер, 0 — нет", "1 is a marker, 0 is none")
MARKER_TITLES = (
    ("Русский язык, 4 класс", "Russian, grade 4"),
    ("Математика, 4 класс", "Mathematics, grade 4"),
    ("Русский язык, 5 класс", "Russian, grade 5"),
    ("Математика, 5 класс", "Mathematics, grade 5"),
)

OBJECTIVITY_SIGNS = of_school(
    "objectivity-signs",
    Text("Признаки необъективности", "Signs of non-objectivity"),
    Permission.CONDITIONS_READ,
    ObjectivitySignRow,
    "year",
    academic_year(ObjectivitySignRow.__table__.c.year),
    column(_SIGN.has_sign, "Есть признаки", "Has signs"),
    *(
        column(_SIGN[name], ru, en, unit=MARKER, least=0, most=1)
        for name, (ru, en) in zip(MARKERS, MARKER_TITLES, strict=True)
    ),
    column(_SIGN.marker_count, "Количество маркеров", "Number of markers", most=4),
    given(_SIGN.explanation, "Пояснение школы", "Explanation of the school"),
    given(_SIGN.explained_at, "Пояснено", "Explained at"),
    recording=Recording(
        rows=ObjectivitySignRow,
        entity="objectivity_sign",
        permission=Permission.LISTS_WRITE,
        key=("school_id", "year"),
        complete=complete_markers,
        rules=(markers_add_up,),
        filters=("has_sign",),
        example={
            "school_id": 1,
            "year": 2020,
            "has_sign": True,
            "russian_4": 1,
            "mathematics_4": 0,
            "russian_5": 0,
            "marker_count": 1,
        },
    ),
)

LIST_MEMBERSHIPS = of_school(
    "list-memberships",
    Text("Перечни школ", "Lists of schools"),
    Permission.CONDITIONS_READ,
    ListMembershipRow,
    "year",
    column(
        _LISTED.list_kind,
        "Перечень",
        "List",
        allowed=("low_results", "difficult_conditions"),
    ),
    academic_year(ListMembershipRow.__table__.c.year),
    column(_LISTED.act_body, "Кем утверждён", "Body of the act"),
    column(_LISTED.act_number, "Номер акта", "Number of the act"),
    column(_LISTED.act_on, "Дата акта", "Date of the act"),
    column(_LISTED.valid_to, "В перечне по", "On the list until"),
    column(_LISTED.exclusion_body, "Кем исключена", "Body of the exclusion"),
    column(
        _LISTED.exclusion_number, "Номер акта исключения", "Number of the exclusion"
    ),
    column(_LISTED.exclusion_on, "Дата акта исключения", "Date of the exclusion"),
    column(_LISTED.exclusion_reason, "Основание исключения", "Reason of the exclusion"),
    recording=Recording(
        rows=ListMembershipRow,
        entity="list_membership",
        permission=Permission.LISTS_WRITE,
        key=("school_id", "list_kind", "year"),
        rules=(
            not_in_the_future("act_on"),
            not_in_the_future("exclusion_on"),
            in_order("act_on", "exclusion_on"),
            in_order("act_on", "valid_to"),
            needs("valid_to", "exclusion_body", "exclusion_reason"),
            *(
                needs(name, "valid_to")
                for name in (
                    "exclusion_body",
                    "exclusion_number",
                    "exclusion_on",
                    "exclusion_reason",
                )
            ),
        ),
        filters=("list_kind",),
        sorts=("act_on",),
        example={
            "school_id": 1,
            "list_kind": "low_results",
            "year": 2020,
            "act_body": "Управление образования",
            "act_number": "112",
            "act_on": "2020-09-01",
        },
    ),
)

DATASETS = (OBJECTIVITY_SIGNS, LIST_MEMBERSHIPS)
