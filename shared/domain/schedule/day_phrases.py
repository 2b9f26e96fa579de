"""Terms of days without a year, of parts of months, and of days of each month."""

import re
from collections.abc import Callable
from datetime import date
from typing import Literal

from shared.domain.calendar import Window
from shared.domain.errors import Text
from shared.domain.schedule.errors import UnreadableTermError
from shared.domain.schedule.kinds import (
    Dated,
    DayOfPeriods,
    DaysEachYear,
    DaySpan,
    MonthsEachYear,
    MonthSpan,
    Schedule,
    UntilEachYear,
    YearDay,
)
from shared.domain.schedule.months import NUMBERS, last_day
from shared.domain.schedule.ordinals import ORDINAL, ordinal

_LEAP, _COMMON, _FEBRUARY = 2000, 2001, 2
_LAST = 0
# First and last day; below zero they are counted from the month's end.
_PARTS: dict[tuple[str, int], tuple[int, ...]] = {
    **{("недел", week): (7 * week - 6, 7 * week) for week in range(1, 5)},
    ("недел", _LAST): (-7, -1),
    ("декад", 1): (1, 10),
    ("декад", 2): (11, 20),
    ("декад", 3): (21, -1),
    ("декад", _LAST): (21, -1),
    ("половин", 1): (1, 15),
    ("половин", 2): (16, -1),
}
_MONTH = "(?:" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"
_NUMBER = "(?<![0-9.])[0-9]{1,2}"
_WRITTEN = rf"{_NUMBER} {_MONTH}"
_FIGURES = rf"{_NUMBER}\.[0-9]{{1,2}}(?![0-9.])"
_DAY = f"(?:{_WRITTEN}|{_FIGURES})"
_BY = "(?:до|к|не поздн?ее(?: чем)?)"
_EVERY = re.compile(
    r"(?P<before>ежегодно,? )?(?P<core>.+?)"
    r"(?P<after>,? (?:ежегодно|\(ежегодно\)|каждого года|каждый год))?"
)
_UNTIL = re.compile(f"{_BY} (?P<days>{_DAY}(?:(?:, | и ){_BY}? ?{_DAY})*)")
_LIST = re.compile(f"(?P<days>{_WRITTEN}(?:(?:, | и ){_WRITTEN})*)")
_RANGE = re.compile(f"(?:с )?(?P<first>{_DAY})(?:-| по )(?P<last>{_DAY})")
_IN_MONTH = re.compile(
    rf"(?:с )?(?P<first>{_NUMBER})(?:-| по )(?P<last>[0-9]{{1,2}}) (?P<month>{_MONTH})"
)
_MONTHS = re.compile(f"со? (?P<first>{_MONTH}) по (?P<last>{_MONTH})")
_PART = re.compile(
    rf"(?:в течение |во? |на )?(?P<which>{ORDINAL}|последн(?:яя|ей|юю)) "
    rf"(?P<part>недел|декад|половин)[аяеиыую] (?P<month>{_MONTH})"
    r"(?: (?P<year>20[0-9]{2}))?"
)
_NTH = rf"{_BY} (?P<day>[0-9]{{1,2}})(?: числ[ау])?"
_OF_MONTH = re.compile(
    rf"(?:ежемесячно|каждый месяц),? {_NTH}(?: каждого месяца| месяца)?"
    rf"|(?:{_BY} )?(?P<of>[0-9]{{1,2}}) числ[аоу] каждого месяца"
    rf"|(?:{_BY} )?(?P<then>[0-9]{{1,2}}) числ[аоу],? ежемесячно"
)
_YEAR = re.compile("20[0-9]{2}")
_FOLLOWING = ",? следующего за отчетным(?: кварталом| периодом)?"
_OF_QUARTER = re.compile(
    rf"(?:ежеквартально|каждый квартал),? {_NTH}(?: месяца{_FOLLOWING})?"
    rf"|{_BY} (?P<of>[0-9]{{1,2}}) числа месяца{_FOLLOWING},? ежеквартально"
)

_OF_PERIODS: tuple[tuple[re.Pattern[str], Literal["month", "quarter"]], ...] = (
    (_OF_MONTH, "month"),
    (_OF_QUARTER, "quarter"),
)


def day_phrase(term: str, text: str) -> Schedule | None:
    """Return the schedule of a term of days without a year, None if it is none.

    Raises:
        UnreadableTermError: A day or a part of a month does not exist.
    """
    for pattern, period in _OF_PERIODS:
        if match := pattern.fullmatch(text):
            return DayOfPeriods(period, _day_number(term, match))
    every = _EVERY.fullmatch(text)
    if every is None or "далее" in text:
        return None
    if every.end("core") - every.start("core") < len(text) and _YEAR.search(text):
        return None
    for pattern, read in _READERS:
        if match := pattern.fullmatch(every["core"]):
            return read(term, match)
    return None


def _until(term: str, match: re.Match[str]) -> Schedule:
    return UntilEachYear(_days(term, match["days"]))


def _single(term: str, match: re.Match[str]) -> Schedule:
    return DaysEachYear(tuple(DaySpan(d, d) for d in _days(term, match["days"])))


def _months(_term: str, match: re.Match[str]) -> Schedule:
    return MonthsEachYear((MonthSpan(NUMBERS[match["first"]], NUMBERS[match["last"]]),))


def _range(term: str, match: re.Match[str]) -> Schedule:
    month = match.groupdict().get("month")
    last = match["last"]
    first = f"{match['first']} {month}" if month else match["first"]
    last = f"{last} {month}" if month else last
    return DaysEachYear((_span(term, *_days(term, first), *_days(term, last)),))


def _span(term: str, first: YearDay, last: YearDay) -> DaySpan:
    if first.month == last.month and last.day < first.day:
        raise UnreadableTermError(
            term,
            Text(
                "конец раньше начала. Поменяйте дни местами или исправьте месяц.",
                "the end lies before the start. Swap the days or correct the month.",
            ),
        )
    return DaySpan(first, last)


def _days(term: str, text: str) -> tuple[YearDay, ...]:
    """Return the days of a list such as “15 сентября и 15.05”."""
    days = []
    for piece in re.findall(_DAY, text):
        day, month = re.split(r"[ .]", piece)
        number = NUMBERS[month] if month in NUMBERS else int(month)
        try:
            found = date(_LEAP, number, int(day))
        except ValueError:
            raise UnreadableTermError(
                term,
                Text(
                    f"даты «{piece}» нет в календаре. Исправьте её.",
                    f"the calendar has no date “{piece}”. Correct it.",
                ),
            ) from None
        days.append(YearDay(found.month, found.day))
    if len(set(days)) < len(days):
        raise UnreadableTermError(
            term,
            Text(
                "один день назван дважды. Уберите повтор или исправьте его.",
                "a day is named twice. Remove the repetition or correct it.",
            ),
        )
    return tuple(days)


def _part(term: str, match: re.Match[str]) -> Schedule:
    """Return a week of seven days from the 1st, a third or a half of a month."""
    month = NUMBERS[match["month"]]
    which = match["which"]
    number = _LAST if which.startswith("последн") else ordinal(which)
    days = _PARTS.get((match["part"], number))
    if days is None:
        raise UnreadableTermError(
            term,
            Text(
                "в месяце четыре недели и последняя, три декады и две половины. "
                "Исправьте номер или напишите даты.",
                "a month has four weeks and a last one, three thirds and two halves. "
                "Correct the number or write dates.",
            ),
        )
    if match["year"]:
        end = last_day(int(match["year"]), month)
        first, last = (day if day > 0 else end.day + 1 + day for day in days)
        return Dated((Window(end.replace(day=first), end.replace(day=last)),))
    if month != _FEBRUARY:
        length = last_day(_COMMON, month).day
        days = tuple(day if day > 0 else length + 1 + day for day in days)
    first, last = days
    return DaysEachYear((DaySpan(YearDay(month, first), YearDay(month, last)),))


def _day_number(term: str, match: re.Match[str]) -> int:
    number = int(next(value for value in match.groups() if value))
    if not 1 <= number <= last_day(_LEAP, 1).day:
        raise UnreadableTermError(
            term,
            Text(
                f"в месяце нет {number} числа. Исправьте его.",
                f"no month has a day {number}. Correct it.",
            ),
        )
    return number


_Reader = Callable[[str, re.Match[str]], Schedule]
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_UNTIL, _until),
    (_LIST, _single),
    (_RANGE, _range),
    (_IN_MONTH, _range),
    (_MONTHS, _months),
    (_PART, _part),
)
