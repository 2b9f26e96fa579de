"""What printed reports are made of, and the Russian words for codes and figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from shared.domain.report_changes import COUNTS

Cell = str | int | float | Decimal | None

STATUSES: Final = {
    "met": "достигнут",
    "below": "ниже диапазона",
    "above": "выше диапазона",
    "no_data": "нет данных",
}
OUTLOOKS: Final = {
    "on_track": "будет достигнут",
    "at_risk": "под угрозой",
    "missed": "не будет достигнут",
}
UNITS: Final = {
    "percent_of_schools": "% школ",
    "percent_of_respondents": "% опрошенных",
    "percent_of_school_programmes": "% программ школ",
}
SOURCES: Final = {
    "federal": "федеральный бюджет",
    "regional": "региональный бюджет",
    "municipal": "муниципальный бюджет",
    "school": "средства школ",
    "extrabudgetary": "внебюджетные средства",
}
SECTIONS: Final = {
    "passport": "Паспорт",
    "tasks": "Задачи",
    "indicators": "Показатели",
    "measures": "Мероприятия",
    "schools": "Исполнители",
    "budget": "Бюджет",
    "amendments": "Изменения программы",
}
YES_NO: Final[Mapping[bool, str]] = {True: "да", False: "нет"}
COUNT_TITLES: Final = tuple(each.ru.capitalize() for each in COUNTS.values())


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table; `note` is a sentence below it. `tab` names its sheet."""

    tab: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A report as it is printed."""

    title: str
    lines: Sequence[str]
    tables: Sequence[Table]


def shown_day(day: date) -> str:
    """Return a day as Russian papers write it.

    >>> shown_day(date(2020, 9, 16))
    '16.09.2020'
    """
    return day.strftime("%d.%m.%Y")


def rounded(value: float | None) -> float | None:
    """Return a figure as papers have it, to a tenth."""
    return None if value is None else round(value, 1) + 0.0


def shown(value: object) -> str:
    """Return a value of a report in words."""
    match value:
        case None:
            return "—"
        case bool():
            return YES_NO[value]
        case float():
            return f"{value:.1f}".replace(".", ",")
        case list():
            return "; ".join(map(str, value))
        case _:
            return str(value)
