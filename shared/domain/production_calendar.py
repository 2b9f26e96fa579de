"""The federal production calendar: working days of a five-day week in Russia."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DecreedDaysOff:
    """Days, both ends included, that an act of the President made non-working."""

    starts_on: date
    ends_on: date
    act: str


# The government's yearly transfers come from `holidays`; these days were declared in
# mid-year with pay kept, so that no table of public holidays has them.
DECREED_DAYS_OFF = (
    DecreedDaysOff(date(2020, 3, 30), date(2020, 4, 3), "Указ от 25.03.2020 № 206"),
    DecreedDaysOff(date(2020, 4, 4), date(2020, 4, 30), "Указ от 02.04.2020 № 239"),
    DecreedDaysOff(date(2020, 5, 6), date(2020, 5, 8), "Указ от 28.04.2020 № 294"),
    DecreedDaysOff(date(2020, 6, 24), date(2020, 6, 24), "Указ от 29.05.2020 № 345"),
    DecreedDaysOff(date(2020, 7, 1), date(2020, 7, 1), "Указ от 01.06.2020 № 354"),
    DecreedDaysOff(date(2021, 5, 4), date(2021, 5, 7), "Указ от 23.04.2021 № 242"),
    DecreedDaysOff(date(2021, 10, 30), date(2021, 11, 7), "Указ от 20.10.2021 № 595"),
)


@dataclass(frozen=True, slots=True)
class _FederalYear:
    days_off: frozenset[date]
    working_weekends: frozenset[date]


@cache
def _federal_year(year: int) -> _FederalYear:
    known = holidays.country_holidays("RU", years=year)
    return _FederalYear(frozenset(known), frozenset(known.weekend_workdays))


def is_federal_working_day(day: date) -> bool:
    """Return whether `day` is worked by the official calendar of its year.

    Transferred days, working Saturdays included, are known for the years that
    `holidays` knows (0.109: to 2027); later years have public holidays alone.
    """
    if any(decreed.starts_on <= day <= decreed.ends_on for decreed in DECREED_DAYS_OFF):
        return False
    federal = _federal_year(day.year)
    if day in federal.days_off:
        return False
    return day.weekday() < _SATURDAY or day in federal.working_weekends
