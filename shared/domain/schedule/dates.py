"""Terms written as dates, months, quarters and years of the calendar."""

import re
from datetime import date
from itertools import groupby

from shared.domain.calendar import Window
from shared.domain.schedule.kinds import (
    Dated,
    DatedThenYearly,
    MonthsEachYear,
    MonthSpan,
    Schedule,
    Until,
)
from shared.domain.schedule.months import last_day, months_window
from shared.domain.schedule.tokens import Phrase

_DATES = re.compile("D-?D|сDпD|D")
_UNTIL = re.compile("дD")
_YEARS = "Y(?:-[YN])?(?:,Y(?:-[YN])?)*"
_MONTHS_ITEM = f"MY-MY|сMYпMY|M(?:-M)?(?:{_YEARS})?"
_QUARTERS_ITEM = f"N(?:-N)?(?:К(?:{_YEARS})?)?"
_ITEMS = re.compile(
    f"(?:{_MONTHS_ITEM})(?:,?(?:{_MONTHS_ITEM}))*|"
    f"{_QUARTERS_ITEM}(?:,{_QUARTERS_ITEM})*(?<=[КY])"
)
_ITEM = re.compile(f"{_MONTHS_ITEM}|{_QUARTERS_ITEM}")
_YEAR_LIST = re.compile(_YEARS)
_MONTHS_IN_QUARTER = 3
_QUARTERS = 4
_CENTURY = 100
_LONGEST_YEARLY_DAYS = 366


def calendar_term(phrase: Phrase) -> Schedule | None:
    """Return the schedule of a term of dates or months, None if it has another shape.

    Raises:
        UnreadableTermError: The dates or months contradict each other.
    """
    if _DATES.fullmatch(phrase.signature):
        return Dated((_window(phrase, phrase.days[0], phrase.days[-1]),))
    if _UNTIL.fullmatch(phrase.signature):
        return Until(phrase.days[0])
    if _ITEMS.fullmatch(phrase.signature):
        return _months(phrase)
    if _YEAR_LIST.fullmatch(phrase.signature):
        return _dated(phrase, _year_windows(phrase))
    return None


def then_yearly(phrase: Phrase, schedule: Schedule | None) -> Schedule:
    """Return the window of `schedule` as one that returns each year.

    Raises:
        UnreadableTermError: It is not one window, or one that is longer than a year.
    """
    if not isinstance(schedule, Dated) or len(schedule.windows) != 1:
        raise phrase.refusal(
            "перед «далее ежегодно» нужен один период. "
            "Напишите, например: 01.09.2020–30.10.2020, далее ежегодно.",
            "one period must stand before «далее ежегодно» (then yearly). "
            "Write, for example: 01.09.2020–30.10.2020, далее ежегодно.",
        )
    window = schedule.windows[0]
    if window.days > _LONGEST_YEARLY_DAYS:
        raise phrase.refusal(
            "период длиннее года не может повторяться ежегодно. "
            "Исправьте даты или уберите «далее ежегодно».",
            "a period longer than a year cannot return each year. "
            "Correct the dates or remove «далее ежегодно».",
        )
    return DatedThenYearly(window)


def _window(phrase: Phrase, starts_on: date, ends_on: date) -> Window:
    if ends_on < starts_on:
        raise phrase.refusal(
            "конец раньше начала. Поменяйте даты местами или исправьте год.",
            "the end lies before the start. Swap the dates or correct the year.",
        )
    return Window(starts_on, ends_on)


def _months(phrase: Phrase) -> Schedule:
    """Read items such as “май”, “май-август 2020” or “сентябрь 2020-май 2021”.

    Items without a year share the years of the next item that has some.
    """
    windows: list[Window] = []
    waiting: list[MonthSpan] = []
    for match in _ITEM.finditer(phrase.signature):
        if match.group() in {"MY-MY", "сMYпMY"}:
            at = match.start() + match.group().index("M")
            windows.append(_month_to_month(phrase, at))
            continue
        waiting.append(_span(phrase, match))
        for year in _years(phrase, match):
            windows += (_span_of(phrase, year, span) for span in waiting)
        if "Y" in match.group():
            waiting = []
    if waiting and windows:
        raise phrase.refusal(
            "у части месяцев нет года. Напишите год у каждого месяца.",
            "some months lack a year. Write the year beside every month.",
        )
    if windows:
        return _dated(phrase, windows)
    if len(set(waiting)) < len(waiting):
        raise _named_twice(phrase)
    return MonthsEachYear(tuple(waiting))


def _month_to_month(phrase: Phrase, at: int) -> Window:
    first_month, first_year, _, last_month, last_year = phrase.numbers[at : at + 5]
    return _window(
        phrase, date(first_year, first_month, 1), last_day(last_year, last_month)
    )


def _span(phrase: Phrase, match: re.Match[str]) -> MonthSpan:
    letters, at = match.group(), match.start()
    first = phrase.numbers[at]
    last = phrase.numbers[at + 2] if letters[1:3] in {"-M", "-N"} else first
    if letters[0] == "M":
        return MonthSpan(first, last)
    if not 1 <= first <= last <= _QUARTERS:
        raise phrase.refusal(
            "кварталы нумеруются от I до IV по порядку. Исправьте номер.",
            "quarters are numbered I to IV in order. Correct the number.",
        )
    return MonthSpan(
        (first - 1) * _MONTHS_IN_QUARTER + 1,
        last * _MONTHS_IN_QUARTER,
    )


def _span_of(phrase: Phrase, year: int, span: MonthSpan) -> Window:
    if span.last < span.first:
        raise phrase.refusal(
            "неясно, к какому году относится каждый месяц. "
            "Напишите оба года: декабрь 2020 – февраль 2021.",
            "it is not clear to which year each month belongs. "
            "Write both years: декабрь 2020 – февраль 2021.",
        )
    return months_window(year, span.first, span.last)


def _years(phrase: Phrase, match: re.Match[str]) -> list[int]:
    found = _YEAR_LIST.search(match.group())
    if found is None:
        return []
    years: list[int] = []
    for run in _year_runs(phrase, match.start() + found.start(), found.group()):
        years += range(run[0], run[1] + 1)
    return years


def _year_windows(phrase: Phrase) -> list[Window]:
    runs = _year_runs(phrase, 0, phrase.signature)
    return [Window(date(first, 1, 1), date(last, 12, 31)) for first, last in runs]


def _year_runs(phrase: Phrase, at: int, letters: str) -> list[tuple[int, int]]:
    """Return first and last year of each run; “2020-22” and “2020” are one each."""
    runs = []
    for has_comma, group in groupby(
        enumerate(letters, start=at), key=lambda pair: pair[1] == ","
    ):
        if has_comma:
            continue
        places = [place for place, _ in group]
        first, last = phrase.numbers[places[0]], phrase.numbers[places[-1]]
        if last < _CENTURY:
            last += first - first % _CENTURY
        if len(places) > 1 and last <= first:
            raise phrase.refusal(
                "последний год не позже первого. Исправьте годы.",
                "the last year is not later than the first. Correct the years.",
            )
        runs.append((first, last))
    return runs


def _dated(phrase: Phrase, windows: list[Window]) -> Schedule:
    if len(set(windows)) < len(windows):
        raise _named_twice(phrase)
    return Dated(tuple(sorted(windows)))


def _named_twice(phrase: Phrase) -> Exception:
    return phrase.refusal(
        "одно и то же время названо дважды. Уберите повтор или исправьте год.",
        "the same time is named twice. Remove the repetition or correct the year.",
    )
