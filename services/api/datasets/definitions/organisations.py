"""Schools, and the other spellings of their names."""

from services.api.datasets.columns import column
from services.api.datasets.dataset import (
    Dataset,
    in_municipality,
    in_school,
    municipality,
    provenance,
    row_id,
    school,
    synthetic,
)
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.persistence.tables.schools import SchoolAliasRow, SchoolRow

_SCHOOL = SchoolRow.__table__.c
_ALIAS = SchoolAliasRow.__table__.c

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
)

DATASETS = (SCHOOLS, SCHOOL_ALIASES)
