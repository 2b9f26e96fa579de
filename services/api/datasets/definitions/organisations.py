"""Schools, and the other spellings of their names."""

from services.api.datasets.columns import column
from services.api.datasets.dataset import (
    Dataset,
    in_municipality,
    in_school,
    municipality,
    of_school,
    provenance,
    row_id,
    school,
    synthetic,
)
from services.api.datasets.recording import Recording
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.domain.record_rules import in_order
from shared.domain.school_aliases import NewAliases, alias_means_one_school
from shared.domain.school_identifiers import IDENTIFIER_KINDS, identifier_is_one
from shared.persistence.tables.reorganisations import SchoolGroupRow
from shared.persistence.tables.schools import (
    SchoolAliasRow,
    SchoolIdentifierRow,
    SchoolRow,
)

_SCHOOL = SchoolRow.__table__.c
_ALIAS = SchoolAliasRow.__table__.c
_CODE = SchoolIdentifierRow.__table__.c
_GROUP = SchoolGroupRow.__table__.c

SCHOOLS = Dataset(
    "schools",
    Text("Школы", "Schools"),
    Permission.ORGANISATIONS_READ,
    (
        row_id(_SCHOOL.id),
        *municipality(_SCHOOL.municipality_id),
        column(_SCHOOL.parent_id, "Номер головной школы", "Parent school number"),
        column(_SCHOOL.code, "Код", "Code"),
        column(_SCHOOL.name, "Наименование", "Name"),
        column(
            _SCHOOL.kind,
            "Вид",
            "Kind",
            allowed=("secondary", "basic", "primary", "branch"),
        ),
        column(_SCHOOL.locality, "Местность", "Locality", allowed=("town", "village")),
        column(
            _SCHOOL.mentor_capacity,
            "Сколько школ может вести как наставник",
            "Mentees that it can have",
            unit=Text("школ", "schools"),
        ),
        column(_SCHOOL.opened_on, "Открыта", "Opened on"),
        column(_SCHOOL.closed_on, "Закрыта", "Closed on"),
        synthetic(_SCHOOL.synthetic),
        provenance(_SCHOOL.provenance),
    ),
    in_municipality(SchoolRow.__table__),
    _SCHOOL.id,
)

SCHOOL_ALIASES = Dataset(
    "school-aliases",
    Text("Другие наименования школ", "Other names of schools"),
    Permission.ORGANISATIONS_READ,
    (
        row_id(_ALIAS.id),
        *school(_ALIAS),
        column(_ALIAS.alias, "Другое наименование", "Other name"),
        synthetic(_SCHOOL.synthetic),
    ),
    in_school(SchoolAliasRow.__table__),
    _ALIAS.id,
    recording=Recording(
        rows=SchoolAliasRow,
        entity="school_alias",
        permission=Permission.ORGANISATIONS_WRITE,
        key=("school_id", "alias"),
        rules=(alias_means_one_school,),
        ledger=NewAliases,
        knows_schools=True,
        filters=("alias",),
        example={"school_id": 1, "alias": "Школа на Набережной"},
    ),
)

SCHOOL_IDENTIFIERS = Dataset(
    "school-identifiers",
    Text("Коды школ в других системах", "Codes of schools in other systems"),
    Permission.ORGANISATIONS_READ,
    (
        row_id(_CODE.id),
        *school(_CODE),
        column(_CODE.kind, "Вид кода", "Kind of code", allowed=IDENTIFIER_KINDS),
        column(_CODE.value, "Код", "Code"),
        column(_CODE.valid_from, "Действует с", "Valid from"),
        column(_CODE.valid_to, "Действует по", "Valid to"),
        synthetic(_SCHOOL.synthetic),
    ),
    in_school(SchoolIdentifierRow.__table__),
    _CODE.id,
    recording=Recording(
        rows=SchoolIdentifierRow,
        entity="school_identifier",
        permission=Permission.ORGANISATIONS_WRITE,
        key=("kind", "value"),
        rules=(in_order("valid_from", "valid_to"), identifier_is_one),
        filters=("kind", "value"),
        sorts=("kind", "value"),
        example={"school_id": 1, "kind": "gia_code", "value": "390001"},
    ),
)

SCHOOL_GROUPS = of_school(
    "school-groups",
    Text("Группы школ", "Groups of schools"),
    Permission.ORGANISATIONS_READ,
    SchoolGroupRow,
    None,
    column(_GROUP.group_code, "Группа (код)", "Group (code)"),
    column(_GROUP.valid_from, "Входит с", "Member from"),
    column(_GROUP.valid_to, "Входит по", "Member to"),
    column(_GROUP.order_number, "Номер приказа", "Number of the order"),
    column(_GROUP.reason, "Основание", "Reason"),
    recording=Recording(
        rows=SchoolGroupRow,
        entity="school_group",
        permission=Permission.ORGANISATIONS_WRITE,
        key=("school_id", "group_code", "valid_from"),
        rules=(in_order("valid_from", "valid_to"),),
        filters=("group_code",),
        sorts=("group_code", "valid_from"),
        example={
            "school_id": 1,
            "group_code": "small",
            "valid_from": "2020-09-01",
            "order_number": "112",
        },
    ),
)

DATASETS = (SCHOOLS, SCHOOL_ALIASES, SCHOOL_IDENTIFIERS, SCHOOL_GROUPS)
