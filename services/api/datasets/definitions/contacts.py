"""Whom to turn to, by role: posts, never names of persons."""

from typing import Any

from services.api.datasets.columns import Column, column
from services.api.datasets.dataset import (
    Dataset,
    in_municipality,
    municipality,
    of_school,
    provenance,
    row_id,
    synthetic_unless_documented,
)
from services.api.datasets.recording import Recording
from shared.domain.contacts import (
    MUNICIPALITY_ROLES,
    SCHOOL_ROLES,
    email_is_one,
    is_reachable,
    phone_is_one,
)
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.domain.record_rules import in_order, not_in_the_future
from shared.persistence.tables.contacts import MunicipalityContactRow, SchoolContactRow

RULES = (
    is_reachable,
    email_is_one,
    phone_is_one,
    in_order("absent_from", "absent_to"),
    not_in_the_future("confirmed_on"),
    not_in_the_future("bounced_on"),
)
EXAMPLE = {
    "role": "director",
    "rank": 1,
    "position": "Директор",
    "email": "school@example.org",
    "confirmed_on": "2020-09-01",
}


def _columns(source: Any, roles: tuple[str, ...]) -> tuple[Column, ...]:
    return (
        column(source.role, "Роль", "Role", allowed=roles),
        column(source.rank, "Очередь: 1 — первый", "Rank: 1 is first", least=1, most=9),
        column(source.position, "Должность", "Position"),
        column(source.email, "Электронная почта", "E-mail"),
        column(source.phone, "Телефон", "Telephone"),
        column(source.absent_from, "Отсутствует с", "Absent from"),
        column(source.absent_to, "Отсутствует по", "Absent to"),
        column(source.confirmed_on, "Подтверждён", "Confirmed on"),
        column(source.bounced_on, "Почта вернулась", "Mail bounced on"),
    )


SCHOOL_CONTACTS = of_school(
    "school-contacts",
    Text("Контакты школ", "Contacts of schools"),
    Permission.ORGANISATIONS_READ,
    SchoolContactRow,
    None,
    *_columns(SchoolContactRow.__table__.c, SCHOOL_ROLES),
    recording=Recording(
        rows=SchoolContactRow,
        entity="school_contact",
        permission=Permission.CONTACTS_WRITE,
        key=("school_id", "role", "rank"),
        rules=RULES,
        filters=("role", "rank"),
        sorts=("role", "confirmed_on"),
        address="email",
        example={"school_id": 1, **EXAMPLE},
    ),
)

_CONTACT = MunicipalityContactRow.__table__.c

MUNICIPALITY_CONTACTS = Dataset(
    "municipality-contacts",
    Text("Контакты управления образования", "Contacts of the education authority"),
    Permission.ORGANISATIONS_READ,
    (
        row_id(_CONTACT.id),
        *municipality(_CONTACT.municipality_id),
        *_columns(_CONTACT, MUNICIPALITY_ROLES),
        provenance(_CONTACT.provenance),
        synthetic_unless_documented(_CONTACT.provenance),
    ),
    in_municipality(MunicipalityContactRow.__table__),
    _CONTACT.id,
    recording=Recording(
        rows=MunicipalityContactRow,
        entity="municipality_contact",
        permission=Permission.CONTACTS_WRITE,
        key=("municipality_id", "role", "rank"),
        rules=RULES,
        filters=("role", "rank"),
        sorts=("role", "confirmed_on"),
        address="email",
        example={
            "municipality_id": 1,
            **EXAMPLE,
            "role": "coordinator",
            "position": "Муниципальный координатор программы",
        },
    ),
)

DATASETS = (SCHOOL_CONTACTS, MUNICIPALITY_CONTACTS)
