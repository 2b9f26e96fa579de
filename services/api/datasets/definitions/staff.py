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
from shared.domain.record_rules import (
    in_order,
    not_in_the_future,
    parts_of_whole,
)
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
    column(_STAFF.teachers, "Учителей", "Teachers", unit=TEACHERS, most=1000),
    column(
        _STAFF.no_category_percent,
        "Без квалификационной категории",
        "Without a category",
        unit=PERCENT,
    ),
    column(
        _STAFF.first_category_percent,
        "Первая категория",
        "First category",
        unit=PERCENT,
    ),
    column(
        _STAFF.highest_category_percent,
        "Высшая категория",
        "Highest category",
        unit=PERCENT,
    ),
    column(
        _STAFF.experience_under_10_percent,
        "Стаж до 10 лет",
        "Experience under 10 years",
        unit=PERCENT,
    ),
    column(
        _STAFF.experience_10_to_20_percent,
        "Стаж от 10 до 20 лет",
        "Experience of 10 to 20 years",
        unit=PERCENT,
    ),
    column(
        _STAFF.experience_over_20_percent,
        "Стаж более 20 лет",
        "Experience over 20 years",
        unit=PERCENT,
    ),
    column(
        _STAFF.age_under_30_percent,
        "Возраст до 30 лет",
        "Age under 30 years",
        unit=PERCENT,
    ),
    column(
        _STAFF.age_under_35_percent,
        "Возраст до 35 лет, включая тех, кому до 30",
        "Age under 35 years, those under 30 included",
        unit=PERCENT,
    ),
    column(
        _STAFF.age_35_to_55_percent,
        "Возраст от 35 до 55 лет",
        "Age of 35 to 55 years",
        unit=PERCENT,
    ),
    column(
        _STAFF.age_over_55_percent,
        "Возраст старше 55 лет",
        "Age over 55 years",
        unit=PERCENT,
    ),
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
            in_order("teachers_without_training", "teachers"),
            parts_of_whole(
                "no_category_percent",
                "first_category_percent",
                "highest_category_percent",
            ),
            parts_of_whole(
                "experience_under_10_percent",
                "experience_10_to_20_percent",
                "experience_over_20_percent",
            ),
            parts_of_whole(
                "age_under_35_percent", "age_35_to_55_percent", "age_over_55_percent"
            ),
            in_order("age_under_30_percent", "age_under_35_percent"),
        ),
        filters=("as_of",),
        sorts=("as_of",),
        example={
            "school_id": 1,
            "as_of": "2020-09-01",
            "teachers": 18,
            "no_category_percent": 35.6,
            "first_category_percent": 46.9,
            "highest_category_percent": 17.5,
            "experience_over_20_percent": 55,
            "age_under_35_percent": 22.3,
            "age_over_55_percent": 23.1,
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
    column(_VACANCY.hours, "Нагрузка", "Load", unit=HOURS, least=1, most=200),
    recording=Recording(
        rows=VacancyRow,
        entity="vacancy",
        permission=Permission.CONDITIONS_WRITE,
        key=("school_id", "year", "subject"),
        filters=("subject",),
        sorts=("subject",),
        example={"school_id": 1, "year": 2020, "subject": "Физика", "hours": 18},
    ),
)

DATASETS = (STAFF_PROFILES, VACANCIES)
