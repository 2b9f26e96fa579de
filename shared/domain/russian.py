"""Dates and counts as Russian papers spell them, in the cases that grammar asks for."""

from datetime import date

from shared.domain.schedule.months import RUSSIAN_GENITIVES

_FIRST_TEEN, _LAST_TEEN = 11, 14
_LAST_PAUCAL = 4


def spelled_date(day: date) -> str:
    """Return the date with its month in the genitive.

    >>> spelled_date(date(2020, 9, 1))
    '1 сентября 2020 г.'
    """
    return f"{day.day} {RUSSIAN_GENITIVES[day.month]} {day.year} г."


def counted(number: int, one: str, few: str, many: str) -> str:
    """Return the number with its noun in the form that the number governs.

    >>> [counted(each, "день", "дня", "дней") for each in (1, 22, 111)]
    ['1 день', '22 дня', '111 дней']
    """
    last = number % 10
    if _FIRST_TEEN <= number % 100 <= _LAST_TEEN:
        noun = many
    elif last == 1:
        noun = one
    elif 0 < last <= _LAST_PAUCAL:
        noun = few
    else:
        noun = many
    return f"{number} {noun}"
