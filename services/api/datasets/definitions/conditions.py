"""What is known of schools' conditions."""

from services.api.datasets.columns import (
    ACADEMIC_YEAR,
    HOURS,
    PERCENT,
    PUPILS,
    SHARE,
    Column,
    column,
)
from services.api.datasets.dataset import (
    Dataset,
    in_municipality,
    in_school,
    municipality,
    provenance,
    row_id,
    school,
    synthetic_unless_documented,
)
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.persistence.tables.base import Base
from shared.persistence.tables.conditions import (
    ConditionIndexRangeRow,
    ListMembershipRow,
    ObjectivitySignRow,
    ResourceItemRow,
    SocialShareRow,
    StaffProfileRow,
    VacancyRow,
)

_SHARE = SocialShareRow.__table__.c
_STAFF = StaffProfileRow.__table__.c
_VACANCY = VacancyRow.__table__.c
_SIGN = ObjectivitySignRow.__table__.c
_LISTED = ListMembershipRow.__table__.c
_ITEM = ResourceItemRow.__table__.c
_RANGE = ConditionIndexRangeRow.__table__.c
TEACHERS = Text("учителей", "teachers")


def _of_school(
    code: str, title: Text, table: type[Base], year: str | None, *columns: Column
) -> Dataset:
    fields = table.__table__.c
    return Dataset(
        code,
        title,
        Permission.CONDITIONS_READ,
        (
            row_id(fields.id),
            *school(fields),
            *columns,
            provenance(fields.provenance),
            synthetic_unless_documented(fields.provenance),
        ),
        in_school(table.__table__),
        fields.id,
        None if year is None else fields[year],
    )


def _year(table: type[Base]) -> Column:
    fields = table.__table__.c
    return column(fields.year, "Год", "Year")


SOCIAL_SHARES = _of_school(
    "social-shares",
    Text("Социальный паспорт", "Social passport"),
    SocialShareRow,
    "year",
    column(_SHARE.year, "Учебный год", "Academic year", unit=ACADEMIC_YEAR),
    column(
        _SHARE.indicator,
        "Номер показателя (1–17)",
        "Number of the share (1–17)",
        allowed=[str(number) for number in range(1, 18)],
    ),
    column(_SHARE.percent, "Доля", "Share", unit=PERCENT),
    column(_SHARE.numerator, "Учеников", "Pupils", unit=PUPILS),
    column(
        _SHARE.localities,
        "Населённых пунктов подвоза",
        "Settlements pupils are bussed from",
    ),
)

STAFF_PROFILES = _of_school(
    "staff-profiles",
    Text("Кадры", "Staff"),
    StaffProfileRow,
    "as_of",
    column(_STAFF.as_of, "На дату", "As of"),
    column(
        _STAFF.external_part_timers,
        "Внешних совместителей",
        "External part-timers",
        unit=TEACHERS,
    ),
    column(
        _STAFF.external_part_timers_percent,
        "Доля внешних совместителей",
        "Share of external part-timers",
        unit=PERCENT,
    ),
    column(
        _STAFF.external_part_timers_subjects,
        "Предметы внешних совместителей",
        "Subjects of external part-timers",
    ),
    column(_STAFF.load_mean_hours, "Средняя нагрузка", "Mean load", unit=HOURS),
    column(_STAFF.load_max_hours, "Наибольшая нагрузка", "Largest load", unit=HOURS),
    column(
        _STAFF.load_max_subjects,
        "Предметы с наибольшей нагрузкой",
        "Subjects with the largest load",
    ),
    column(_STAFF.load_min_hours, "Наименьшая нагрузка", "Smallest load", unit=HOURS),
    column(
        _STAFF.load_min_subjects,
        "Предметы с наименьшей нагрузкой",
        "Subjects with the smallest load",
    ),
    column(
        _STAFF.teachers_without_training,
        "Без повышения квалификации за три года",
        "Without training in three years",
        unit=TEACHERS,
    ),
)

VACANCIES = _of_school(
    "vacancies",
    Text("Вакансии", "Vacancies"),
    VacancyRow,
    "year",
    _year(VacancyRow),
    column(_VACANCY.subject, "Предмет", "Subject"),
)

OBJECTIVITY_SIGNS = _of_school(
    "objectivity-signs",
    Text("Признаки необъективности", "Signs of non-objectivity"),
    ObjectivitySignRow,
    "year",
    _year(ObjectivitySignRow),
    column(_SIGN.has_sign, "Есть признаки", "Has signs"),
)

LIST_MEMBERSHIPS = _of_school(
    "list-memberships",
    Text("Перечни школ", "Lists of schools"),
    ListMembershipRow,
    "year",
    column(
        _LISTED.list_kind,
        "Перечень",
        "List",
        allowed=("low_results", "difficult_conditions"),
    ),
    _year(ListMembershipRow),
    column(_LISTED.act_body, "Кем утверждён", "Body of the act"),
    column(_LISTED.act_number, "Номер акта", "Number of the act"),
    column(_LISTED.act_on, "Дата акта", "Date of the act"),
)

RESOURCE_ITEMS = _of_school(
    "resource-items",
    Text("Ресурсы школ", "Resources of schools"),
    ResourceItemRow,
    None,
    column(_ITEM.kind, "Вид ресурса (код)", "Kind (code)"),
    column(_ITEM.title, "Ресурс", "Resource"),
    _year(ResourceItemRow),
)

CONDITION_INDEX_RANGES = Dataset(
    "condition-index-ranges",
    Text("Границы индекса условий (ИОУ)", "Ranges of the index of conditions"),
    Permission.CONDITIONS_READ,
    (
        row_id(_RANGE.id),
        *municipality(_RANGE.municipality_id),
        _year(ConditionIndexRangeRow),
        column(_RANGE.area, "Территория", "Area", allowed=("municipality", "region")),
        column(_RANGE.lowest, "Наименьший ИОУ", "Lowest index", unit=SHARE),
        column(_RANGE.highest, "Наибольший ИОУ", "Highest index", unit=SHARE),
        provenance(_RANGE.provenance),
        synthetic_unless_documented(_RANGE.provenance),
    ),
    in_municipality(ConditionIndexRangeRow.__table__),
    _RANGE.id,
    _RANGE.year,
)

DATASETS = (
    SOCIAL_SHARES,
    STAFF_PROFILES,
    VACANCIES,
    OBJECTIVITY_SIGNS,
    LIST_MEMBERSHIPS,
    RESOURCE_ITEMS,
    CONDITION_INDEX_RANGES,
)
