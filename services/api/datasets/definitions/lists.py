"""On which lists schools were put, and what was noticed about their results."""

from services.api.datasets.columns import (
    column,
)
from services.api.datasets.dataset import (
    academic_year,
    of_school,
)
from services.api.datasets.recording import Recording
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.domain.record_rules import not_in_the_future
from shared.persistence.tables.conditions import (
    ListMembershipRow,
    ObjectivitySignRow,
)

_SIGN = ObjectivitySignRow.__table__.c
_LISTED = ListMembershipRow.__table__.c

OBJECTIVITY_SIGNS = of_school(
    "objectivity-signs",
    Text("Признаки необъективности", "Signs of non-objectivity"),
    Permission.CONDITIONS_READ,
    ObjectivitySignRow,
    "year",
    academic_year(ObjectivitySignRow.__table__.c.year),
    column(_SIGN.has_sign, "Есть признаки", "Has signs"),
    recording=Recording(
        rows=ObjectivitySignRow,
        entity="objectivity_sign",
        permission=Permission.LISTS_WRITE,
        key=("school_id", "year"),
        filters=("has_sign",),
        example={"school_id": 1, "year": 2020, "has_sign": False},
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
    recording=Recording(
        rows=ListMembershipRow,
        entity="list_membership",
        permission=Permission.LISTS_WRITE,
        key=("school_id", "list_kind", "year"),
        rules=(not_in_the_future("act_on"),),
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
