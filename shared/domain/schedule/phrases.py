"""Terms that are set phrases: once a year, by half-years, on request."""

import re
from collections.abc import Callable

from shared.domain.errors import Text
from shared.domain.schedule.errors import UnreadableTermError
from shared.domain.schedule.kinds import (
    CalendarPeriodEnds,
    EveryYear,
    OnDemand,
    Schedule,
    SchoolTermEnds,
    TimesAYear,
    WholeProgramme,
)

MOST_TIMES_A_YEAR = 12
LONGEST_INTERVAL = 10

_COUNTS = {
    **dict.fromkeys(("один", "одного", "одному"), 1),
    **dict.fromkeys(("два", "две", "двух", "дважды"), 2),
    **dict.fromkeys(("три", "трех", "трижды"), 3),
    **dict.fromkeys(("четыре", "четырех"), 4),
    **dict.fromkeys(("пять", "пяти"), 5),
    **dict.fromkeys(("шесть", "шести"), 6),
}
_COUNT = "(?:[0-9]+|" + "|".join(_COUNTS) + ")"
_AT_LEAST = "(?:не (?:реже|менее)(?: чем)? )?"
_ONCE = _AT_LEAST + "(?:(?:1|один|одного) )?раза? в "
_TIMES = rf"(?:(?P<times>{_COUNT}) раза?|(?P<adverb>дважды|трижды))"
_WHOLE = "(?:(?:всего|весь) )?(?:срока?|периода?) (?:действия |реализации )?программы"

_OWN = "(?:отдельн|утвержденн)(?:ому|ым)"
_ACTS = "(?:правовыми )?(?:документами|актами)"

_PHRASES: tuple[tuple[str, Schedule], ...] = (
    ("ежегодно|каждый год|весь год|в теч(?:ение)? (?:каждого )?года", EveryYear()),
    ("(?:ежегодно,? )?" + _ONCE + "год", EveryYear()),
    (_ONCE + "полгода", TimesAYear(2)),
    (f"в течение {_WHOLE}|{_WHOLE}", WholeProgramme()),
    ("(?:в течение|на протяжении) всего периода|весь период", WholeProgramme()),
    ("в течение (?:действия|реализации) программы", WholeProgramme()),
    ("(?:в )?кон(?:ец|це) каждой четверти|по четвертям", SchoolTermEnds("quarter")),
    (_ONCE + "четверть|каждая четверть|каждую четверть", SchoolTermEnds("quarter")),
    ("по полугодиям|каждое полугодие", SchoolTermEnds("half_year")),
    (_ONCE + "полугодие", SchoolTermEnds("half_year")),
    ("(?:в )?кон(?:ец|це) каждого полугодия", SchoolTermEnds("half_year")),
    ("ежеквартально|каждый квартал", CalendarPeriodEnds("quarter")),
    (_ONCE + "квартал", CalendarPeriodEnds("quarter")),
    ("ежемесячно|каждый месяц", CalendarPeriodEnds("month")),
    (_ONCE + "месяц", CalendarPeriodEnds("month")),
    ("(?:в соответствии с|по) запрос(?:ом|ами|у|ам)", OnDemand("request")),
    ("по требованию|по мере поступления запросов", OnDemand("request")),
    ("по (?:мере )?необходимости|при необходимости", OnDemand("need")),
    (
        f"(?:по|согласно|в соответствии с) (?:{_OWN} )?график(?:у|ом)",
        OnDemand("timetable"),
    ),
    (
        f"в соответствии с нормативными {_ACTS}(?: и мокк)?",
        OnDemand("regulations"),
    ),
)
_FIXED = tuple((re.compile(pattern), schedule) for pattern, schedule in _PHRASES)
_EVERY_N_YEARS = re.compile(_ONCE + f"(?P<interval>{_COUNT}) (?:года|лет)")
_TIMES_A_YEAR = re.compile("(?:ежегодно,? )?" + _AT_LEAST + _TIMES + " в год")
IN_MONTHS = re.compile(
    rf"{_AT_LEAST}(?:{_TIMES}|раз) в год(?:[:,] ?| ?\()(?P<months>[^()]+)\)?"
)
_PERIODICALLY = re.compile(
    r"периодически,? ?(?:\((?:(?P<what>[^()]*), )?(?P<often>не [^(),]*)\)|(?P<bare>.*))"
)
_TELLS_TIME = re.compile(
    r"[0-9]|еже|кажд|\bраза?\b|кварт|четверт|полугод|месяц|год|январ|феврал|март|апрел|"
    r"\bма[йяе]\b|июн|июл|август|сентябр|октябр|ноябр|декабр"
)


def set_phrase(term: str, text: str) -> Schedule | None:
    """Return the schedule of a set phrase, None if the normalised `text` is none.

    Raises:
        UnreadableTermError: The phrase names an impossible or missing frequency.
    """
    for pattern, schedule in _FIXED:
        if pattern.fullmatch(text):
            return schedule
    readers: tuple[tuple[re.Pattern[str], _Reader], ...] = (
        (_EVERY_N_YEARS, _every_n_years),
        (_TIMES_A_YEAR, _times_a_year),
        (_PERIODICALLY, _periodically),
    )
    for pattern, read in readers:
        if match := pattern.fullmatch(text):
            return read(term, match)
    return None


_Reader = Callable[[str, re.Match[str]], Schedule]


def _every_n_years(term: str, match: re.Match[str]) -> Schedule:
    interval = _count(match["interval"])
    if not 1 <= interval <= LONGEST_INTERVAL:
        raise _impossible(term, interval, LONGEST_INTERVAL)
    return EveryYear(interval)


def _times_a_year(term: str, match: re.Match[str]) -> Schedule:
    times = _count(match["times"] or match["adverb"])
    if not 1 <= times <= MOST_TIMES_A_YEAR:
        raise _impossible(term, times, MOST_TIMES_A_YEAR)
    return EveryYear() if times == 1 else TimesAYear(times)


def months_named(match: re.Match[str]) -> int:
    """Return how many months “2 раза в год (май, декабрь)” says that it names."""
    return _count(match["times"] or match["adverb"] or "1")


def _periodically(term: str, match: re.Match[str]) -> Schedule:
    often = _TIMES_A_YEAR.fullmatch(match["often"] or match["bare"] or "")
    if often is None or _TELLS_TIME.search(match["what"] or ""):
        raise UnreadableTermError(
            term,
            Text(
                "неясно, как часто. Напишите, например: "
                "«Периодически (не менее 2 раз в год)».",
                "it is not clear how often. Write, for example: "
                "«Периодически (не менее 2 раз в год)».",
            ),
        )
    return _times_a_year(term, often)


def _count(word: str) -> int:
    return _COUNTS[word] if word in _COUNTS else int(word)


def _impossible(term: str, count: int, most: int) -> UnreadableTermError:
    return UnreadableTermError(
        term,
        Text(
            f"число {count} вне пределов 1–{most}. Исправьте число или напишите даты.",
            f"{count} is outside 1–{most}. Correct the number or write dates.",
        ),
    )
