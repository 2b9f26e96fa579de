"""Names of months in the forms that documents use."""

import calendar
import itertools
from datetime import date

from shared.domain.calendar import Window

_MONTHS = (
    ("январь", "января", "январе", "January"),
    ("февраль", "февраля", "феврале", "February"),
    ("март", "марта", "марте", "March"),
    ("апрель", "апреля", "апреле", "April"),
    ("май", "мая", "мае", "May"),
    ("июнь", "июня", "июне", "June"),
    ("июль", "июля", "июле", "July"),
    ("август", "августа", "августе", "August"),
    ("сентябрь", "сентября", "сентябре", "September"),
    ("октябрь", "октября", "октябре", "October"),
    ("ноябрь", "ноября", "ноябре", "November"),
    ("декабрь", "декабря", "декабре", "December"),
)

RUSSIAN_NAMES = ("", *(names[0] for names in _MONTHS))
RUSSIAN_GENITIVES = ("", *(names[1] for names in _MONTHS))
ENGLISH_NAMES = ("", *(names[3] for names in _MONTHS))
_SHORT = {
    "янв": 1,
    "фев": 2,
    "февр": 2,
    "мар": 3,
    "апр": 4,
    "июн": 6,
    "июл": 7,
    "авг": 8,
    "сен": 9,
    "сент": 9,
    "окт": 10,
    "ноя": 11,
    "нояб": 11,
    "дек": 12,
}
NUMBERS = _SHORT | dict(
    itertools.chain.from_iterable(
        ((name, number) for name in names[:3])
        for number, names in enumerate(_MONTHS, start=1)
    )
)


def last_day(year: int, month: int) -> date:
    """Return the last day of the month, leap years heeded."""
    return date(year, month, calendar.monthrange(year, month)[1])


def months_window(year: int, first: int, last: int) -> Window:
    """Return whole months; with `last` before `first` it ends in the next year."""
    ending_year = year if first <= last else year + 1
    return Window(date(year, first, 1), last_day(ending_year, last))
