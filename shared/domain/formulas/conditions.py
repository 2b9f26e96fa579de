"""Columns of a school's conditions in an academic year, all but its results."""

from collections.abc import Iterator
from typing import Final

from shared.domain.errors import Text
from shared.domain.formulas.columns import Column
from shared.domain.formulas.units import Unit
from shared.domain.resources import KINDS
from shared.domain.social_passports import SHARES
from shared.domain.surveys import COMPONENTS, QUESTIONS

PUPILS: Final = "enrolment.pupils"
TEACHERS: Final = "staff.teachers"

_STAFF: Final = (
    ("teachers", "Учителей", "Teachers"),
    ("no_category_percent", "Без категории", "Without a category"),
    ("first_category_percent", "Первая категория", "First category"),
    ("highest_category_percent", "Высшая категория", "Highest category"),
    ("experience_under_10_percent", "Стаж до 10 лет", "Experience under 10 years"),
    ("experience_10_to_20_percent", "Стаж 10–20 лет", "Experience of 10–20 years"),
    ("experience_over_20_percent", "Стаж более 20 лет", "Experience over 20 years"),
    ("age_under_30_percent", "Возраст до 30 лет", "Age under 30"),
    ("age_under_35_percent", "Возраст до 35 лет", "Age under 35"),
    ("age_35_to_55_percent", "Возраст 35–55 лет", "Age of 35 to 55"),
    ("age_over_55_percent", "Возраст старше 55 лет", "Age over 55"),
    ("external_part_timers", "Внешних совместителей", "External part-timers"),
    (
        "external_part_timers_percent",
        "Доля внешних совместителей",
        "Share of external part-timers",
    ),
    ("load_mean_hours", "Средняя нагрузка", "Mean load"),
    ("load_max_hours", "Наибольшая нагрузка", "Largest load"),
    ("load_min_hours", "Наименьшая нагрузка", "Smallest load"),
    (
        "teachers_without_training",
        "Без повышения квалификации за три года",
        "Without training in three years",
    ),
)
_COMPONENTS: Final = {
    "psychological": Text("психологический", "psychological"),
    "moral": Text("нравственный", "moral"),
    "pedagogical": Text("педагогический", "pedagogical"),
    "physical": Text("физический", "physical"),
}
_QUESTIONS: Final = {
    "municipal_management": Text(
        "муниципальным управлением", "the municipality's management"
    ),
    "information_and_methods": Text(
        "информационной и методической помощью", "information and methodical help"
    ),
    "educational_results": Text("образовательными результатами", "educational results"),
}
_KINDS: Final = {
    "staff": Text("кадровые", "staff"),
    "financial": Text("финансовые", "financial"),
    "material": Text("материальные", "material"),
    "methodical": Text("методические", "methodical"),
    "growth_point": Text("«Точка роста»", "“Точка роста”"),
    "digital_environment": Text("ЦОС", "digital environment"),
}
RESOURCE_COUNTS: Final = {
    "available": Text("имеется", "available"),
    "lacking": Text("недостаёт", "lacking"),
    "offered": Text("предложено другим", "offered to others"),
}


def _enrolment() -> Iterator[Column]:
    yield _column(PUPILS, Text("Учеников", "Pupils"), Unit.PERSONS, "enrolments")
    yield _column(
        "enrolment.classes", Text("Классов", "Classes"), Unit.ITEMS, "enrolments"
    )


def _passports() -> Iterator[Column]:
    dataset = "social-passports"
    for share in SHARES:
        title, name = share.title, f"passport.{share.percent}"
        yield _column(name, title, Unit.PERCENT, dataset, PUPILS)
        title = Text(f"{title.ru}, учеников", f"{title.en}, pupils")
        name = f"passport.{share.count}"
        yield _column(name, title, Unit.PERSONS, dataset, PUPILS)
    yield _column(
        "passport.bussed_localities",
        Text(
            "Населённых пунктов, из которых подвозят",
            "Settlements that pupils are bussed from",
        ),
        Unit.ITEMS,
        dataset,
    )


def _staff() -> Iterator[Column]:
    for name, ru, en in _STAFF:
        unit = Unit.PERSONS
        if name.endswith("_percent"):
            unit = Unit.PERCENT
        elif name.endswith("_hours"):
            unit = Unit.HOURS
        n = None if name == "teachers" else TEACHERS
        yield _column(f"staff.{name}", Text(ru, en), unit, "staff-profiles", n)
    dataset = "vacancies"
    yield _column("vacancies.count", Text("Вакансий", "Vacancies"), Unit.ITEMS, dataset)
    title = Text("Часов в неделю без учителя", "Hours a week without a teacher")
    yield _column("vacancies.hours", title, Unit.HOURS, dataset)
    dataset = "staff-trainings"
    title = Text("Запланировано обучений учителей", "Trainings of teachers planned")
    yield _column("training.planned", title, Unit.PERSONS, dataset)
    title = Text("Проведено обучений учителей", "Trainings of teachers carried out")
    yield _column("training.trained", title, Unit.PERSONS, dataset)


def _surveys() -> Iterator[Column]:
    climate, satisfaction = "climate-surveys", "satisfaction-surveys"
    for component in COMPONENTS:
        of = _COMPONENTS[component]
        title = Text(f"Климат, {of.ru} компонент", f"Climate, {of.en} component")
        yield from _survey(f"climate.{component}", title, climate, "positive")
    for question in QUESTIONS:
        of = _QUESTIONS[question]
        title = Text(f"Удовлетворённость {of.ru}", f"Satisfaction with {of.en}")
        yield from _survey(f"satisfaction.{question}", title, satisfaction, "satisfied")


def _survey(name: str, title: Text, dataset: str, answer: str) -> Iterator[Column]:
    n = f"{name}_respondents"
    percent, persons = Unit.PERCENT, Unit.PERSONS
    yield _column(f"{name}_percent", title, percent, dataset, n)
    title = Text(f"{title.ru}: довольных", f"{title.en}: those content")
    yield _column(f"{name}_{answer}", title, persons, dataset, n)
    title = Text(f"{title.ru}: опрошено", f"{title.en}: respondents")
    yield _column(n, title, persons, dataset)


def _objectivity() -> Iterator[Column]:
    dataset = "objectivity-signs"
    title = Text("Маркеров необъективности", "Markers of non-objectivity")
    yield _column("objectivity.markers", title, Unit.ITEMS, dataset)
    title = Text("Есть признак необъективности: 1 или 0", "A sign: 1 or 0")
    yield _column("objectivity.has_sign", title, Unit.ONE, dataset)


def _resources() -> Iterator[Column]:
    dataset = "resource-items"
    for count, state in RESOURCE_COUNTS.items():
        title = Text(f"Ресурсов {state.ru}", f"Resources {state.en}")
        yield _column(f"resources.{count}", title, Unit.ITEMS, dataset)
        for kind in KINDS:
            of = _KINDS[kind]
            of_kind = Text(f"{title.ru}: {of.ru}", f"{title.en}: {of.en}")
            name = f"resources.{kind}_{count}"
            yield _column(name, of_kind, Unit.ITEMS, dataset)


def _column(
    name: str, title: Text, unit: Unit, dataset: str, n: str | None = None
) -> Column:
    return Column(name=name, title=title, unit=unit, dataset=dataset, n=n)


CONDITIONS: Final = (
    *_enrolment(),
    *_passports(),
    *_staff(),
    *_surveys(),
    *_objectivity(),
    *_resources(),
)
