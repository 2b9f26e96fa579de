"""Terms that hang on the school calendar: its years, terms and holidays."""

import re
from collections.abc import Callable

from shared.domain.errors import Text
from shared.domain.schedule.errors import UnreadableTermError
from shared.domain.schedule.kinds import Schedule, SchoolHolidays, SchoolTermEnds
from shared.domain.schedule.ordinals import ORDINALS, ordinals

_SCHOOL_YEAR = "(?:учебн(?:ый|ого|ом|ому) год(?:а|у|е)?|уч[. ]+г(?:од(?:а|у|е)?)?)"
_SCHOOL_YEARS = f"(?:{_SCHOOL_YEAR}|учебн(?:ые|ых) год(?:ы|ов|ах))"
_NAMED = "20[0-9]{2} ?[-/] ?(?:20)?[0-9]{2}"
_DURING = "(?:(?:в течение|на протяжении) (?:всего )?|весь )?"
_END = "(?:(?:в|к|до|по) )?(?:конец|конце|концу|конца|окончани[еюи]|завершени[юи])"
_IN = f"(?:{_END} |в течение |в )?"

_YEAR = re.compile(f"(?:{_DURING}|{_END} )(?:каждого |каждый )?{_SCHOOL_YEAR}")
_NAMED_YEARS = re.compile(
    f"{_DURING}(?:{_END} )?"
    f"(?P<years>{_NAMED}(?:(?: {_SCHOOL_YEAR})?(?:, | и ){_NAMED})*) {_SCHOOL_YEARS}"
)
_TERM_END = re.compile(
    f"{_END} (?:каждо(?:й|го) )?(?:(?P<quarter>четверти)|полугодия)(?: {_SCHOOL_YEAR})?"
)
_QUARTERS = re.compile(
    f"{_IN}(?P<numbers>{ORDINALS}) четверт(?:ь|и|ей|ях)"
    f"(?: (?:(?P<years>{_NAMED})(?: {_SCHOOL_YEAR})?|{_SCHOOL_YEAR}))?"
)
_HALF_YEARS = re.compile(
    f"{_IN}(?P<numbers>{ORDINALS}) полугоди(?:е|я|и|ю|ях) "
    f"(?:(?P<years>{_NAMED}) )?{_SCHOOL_YEAR}"
)
_SEASONS = {"осенн": 1, "зимн": 2, "весенн": 3, "летн": 4}
_SEASON = "(?:осенн|зимн|весенн|летн)(?:ие|их|ими|ий)"
_WHEN = "(?:(?:в|на|во время|в период|в дни) )?"
_HOLIDAYS = re.compile(
    f"в каникулярн(?:ое время|ый период)"
    f"|{_WHEN}(?:(?P<seasons>{_SEASON}(?:(?:, | и ){_SEASON})*) )?каникул(?:ы|ах)?"
    f"(?: (?:(?P<years>{_NAMED}) {_SCHOOL_YEAR}|(?P<calendar>20[0-9]{{2}})))?"
)
_VAGUE = re.compile(f"(?:(?:в|к|до|с) )?начал[аоуе] (?:каждого )?{_SCHOOL_YEAR}")
_WINTER = 2
_CENTURY = 100


def school_phrase(term: str, text: str) -> Schedule | None:
    """Return the schedule of a term of school life, None if it is none.

    Raises:
        UnreadableTermError: It names no day, or numbers and years that cannot be.
    """
    readers: tuple[tuple[re.Pattern[str], _Reader], ...] = (
        (_YEAR, _whole_year),
        (_NAMED_YEARS, _whole_year),
        (_TERM_END, _term_end),
        (_QUARTERS, _numbered),
        (_HALF_YEARS, _numbered),
        (_HOLIDAYS, _holidays),
    )
    for pattern, read in readers:
        if match := pattern.fullmatch(text):
            return read(term, match)
    if _VAGUE.fullmatch(text):
        raise _no_day(term)
    return None


_Reader = Callable[[str, re.Match[str]], Schedule]


def _whole_year(term: str, match: re.Match[str]) -> Schedule:
    years = match.groupdict().get("years") or ""
    return SchoolTermEnds("year", years=_years(term, years))


def _term_end(_term: str, match: re.Match[str]) -> Schedule:
    return SchoolTermEnds("quarter" if match["quarter"] else "half_year")


def _numbered(term: str, match: re.Match[str]) -> Schedule:
    numbers = ordinals(match["numbers"])
    years = _years(term, match["years"] or "")
    is_quarter = match.re is _QUARTERS
    is_rising = sorted(set(numbers)) == [*numbers]
    if not numbers or not is_rising or numbers[-1] > (4 if is_quarter else 2):
        raise UnreadableTermError(
            term,
            Text(
                "четверти нумеруются от I до IV, полугодия – I и II, по порядку. "
                "Исправьте номер.",
                "quarters are numbered I to IV and half-years I and II, in order. "
                "Correct the number.",
            ),
        )
    return SchoolTermEnds("quarter" if is_quarter else "half_year", numbers, years)


def _holidays(term: str, match: re.Match[str]) -> Schedule:
    seasons = re.findall("осенн|зимн|весенн|летн", match["seasons"] or "")
    after = tuple(sorted({_SEASONS[season] for season in seasons})) or (1, 2, 3, 4)
    years = _years(term, match["years"] or "")
    if match["calendar"]:
        if not seasons or _WINTER in after or len(after) > 1:
            raise UnreadableTermError(
                term,
                Text(
                    "каникулы лежат в двух календарных годах. Напишите учебный год: "
                    "«зимние каникулы 2020/2021 учебного года».",
                    "the holidays lie in two calendar years. Write the school year: "
                    "«зимние каникулы 2020/2021 учебного года».",
                ),
            )
        years = (int(match["calendar"]) - (after[0] > _WINTER),)
    return SchoolHolidays(after, years)


def _years(term: str, text: str) -> tuple[int, ...]:
    """Return the first calendar years of school years such as “2020/21, 2021/22”."""
    found: list[int] = []
    for first, last in re.findall(r"(20[0-9]{2}) ?[-/] ?([0-9]{2,4})", text):
        if (int(first) + 1) % _CENTURY != int(last) % _CENTURY or int(first) in found:
            raise UnreadableTermError(
                term,
                Text(
                    f"«{first}/{last}» – не учебный год, или он назван дважды. "
                    "Напишите, например: 2020/2021 учебный год.",
                    f"“{first}/{last}” is no school year, or it is named twice. "
                    "Write, for example: 2020/2021 учебный год.",
                ),
            )
        found.append(int(first))
    return tuple(found)


def _no_day(term: str) -> UnreadableTermError:
    return UnreadableTermError(
        term,
        Text(
            "начало года не называет дня. Напишите, что имеется в виду: "
            "«до 1 сентября», «первая неделя сентября» или «сентябрь».",
            "the beginning of a year names no day. Write which is meant: "
            "«до 1 сентября», «первая неделя сентября» or «сентябрь».",
        ),
    )
