"""Who teaches in schools, and where nobody does."""

from services.api.datasets.columns import (
    HOURS,
    PERCENT,
    column,
)
from services.api.datasets.dataset import (
    academic_year,
    of_school,
)
from services.api.datasets.recording import Recording
from shared.domain.errors import Text
from shared.domain.permissions import Permission
from shared.domain.record_rules import in_order, not_in_the_future
from shared.persistence.tables.conditions import (
    StaffProfileRow,
    VacancyRow,
)

_STAFF = StaffProfileRow.__table__.c
_VACANCY = VacancyRow.__table__.c
TEACHERS = Text("учителей", "teachers")

STAFF_PROFILES = of_school(
    "staff-profiles",
    Text("Кадры", "Staff"),
    Permission.CONDITIONS_READ,
    StaffProfileRow,
    "as_of",
    column(_STAFF.as_of, "На дату", "As of"),
    column(
        _STAFF.external_part_timers,
        "Внешних совместителей",
        "External part-timers",
        unit=TEACHERS,
        most=1000,
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
    column(
        _STAFF.load_mean_hours, "Средняя нагрузка", "Mean load", unit=HOURS, most=60
    ),
    column(
        _STAFF.load_max_hours,
        "Наибольшая нагрузка",
        "Largest load",
        unit=HOURS,
        most=60,
    ),
    column(
        _STAFF.load_max_subjects,
        "Предметы с наибольшей нагрузкой",
        "Subjects with the largest load",
    ),
    column(
        _STAFF.load_min_hours,
        "Наименьшая нагрузка",
        "Smallest load",
        unit=HOURS,
        most=60,
    ),
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
        most=1000,
    ),
    recording=Recording(
        rows=StaffProfileRow,
        entity="staff_profile",
        permission=Permission.CONDITIONS_WRITE,
        key=("school_id", "as_of"),
        rules=(
            not_in_the_future("as_of"),
            in_order("load_min_hours", "load_mean_hours"),
            in_order("load_mean_hours", "load_max_hours"),
            in_order("load_min_hours", "load_max_hours"),
        ),
        filters=("as_of",),
        sorts=("as_of",),
        example={
            "school_id": 1,
            "as_of": "2020-09-01",
            "external_part_timers": 2,
            "external_part_timers_subjects": ["Физика"],
            "load_mean_hours": 24.5,
            "load_max_hours": 36,
            "load_min_hours": 12,
            "teachers_without_training": 1,
        },
    ),
)

VACANCIES = of_school(
    "vacancies",
    Text("Вакансии", "Vacancies"),
    Permission.CONDITIONS_READ,
    VacancyRow,
    "year",
    academic_year(VacancyRow.__table__.c.year),
    column(_VACANCY.subject, "Предмет", "Subject"),
    recording=Recording(
        rows=VacancyRow,
        entity="vacancy",
        permission=Permission.CONDITIONS_WRITE,
        key=("school_id", "year", "subject"),
        filters=("subject",),
        sorts=("subject",),
        example={"school_id": 1, "year": 2020, "subject": "Физика"},
    ),
)

DATASETS = (STAFF_PROFILES, VACANCIES)
