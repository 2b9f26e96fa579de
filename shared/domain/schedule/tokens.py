"""A term's text cut into dates, months, years and signs."""

import difflib
import re
from dataclasses import dataclass
from datetime import date

from shared.domain.errors import Text
from shared.domain.schedule import months
from shared.domain.schedule.errors import UnreadableTermError

FIRST_YEAR, LAST_YEAR = 2000, 2099

_FIGURES = r"[0-9]{1,2}\.[0-9]{1,2}\.(?:[0-9]{4}|[0-9]{2})"
_WRITTEN = (
    r"(?P<day>[0-9]{1,2})\ (?P<month>"
    + "|".join(months.NUMBERS)
    + r")\ (?P<year>[0-9]{4})"
)
_TOKEN = re.compile(
    rf"""(?P<written>{_WRITTEN})(?![0-9])
    | (?P<date>{_FIGURES})(?![0-9])
    | (?P<Y>[0-9]{{4}})(?![0-9])
    | (?P<N>[0-9]{{1,2}})(?![0-9.])
    | (?P<roman>iii|ii|iv|i)(?![a-z])
    | (?P<word>[а-я]+)
    | (?P<sign>[-,])
    | (?P<blank>\ +)""",
    re.VERBOSE,
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_WORDS = {
    "и": ",",
    "в": "",
    "с": "с",
    "со": "с",
    "по": "п",
    "до": "д",
    "к": "д",
    **dict.fromkeys(("квартал", "квартала", "квартале"), "К"),
    **dict.fromkeys(("кварталы", "кварталов", "кварталах", "кв"), "К"),
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A term as a signature of one letter per token, and the tokens' values.

    Letters: D date, M month, Y year, N number, К quarter, с from, п to, д until, and
    the signs. `numbers` stands beside the signature; `days` holds the dates in order.
    """

    term: str
    signature: str
    numbers: tuple[int, ...]
    days: tuple[date, ...]

    def refusal(self, ru: str, en: str) -> UnreadableTermError:
        """Return the error that shows the whole term."""
        return UnreadableTermError(self.term, Text(ru, en))


def tokenised(term: str, text: str) -> Phrase:
    """Cut the normalised `text` of `term`.

    Raises:
        UnreadableTermError: A word or sign is unknown, or a date does not exist.
    """
    signature, numbers, days, at = "", list[int](), list[date](), 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _unknown(term, text[at:].split(maxsplit=1)[0])
        at = match.end()
        letter, number = _letter(term, match)
        if not letter:
            continue
        if letter == "D":
            days.append(_date(term, match))
        if letter == "Y" and not FIRST_YEAR <= number <= LAST_YEAR:
            raise _year_out_of_range(term, number)
        signature += letter
        numbers.append(number)
    return Phrase(term, signature, tuple(numbers), tuple(days))


def _letter(term: str, match: re.Match[str]) -> tuple[str, int]:
    piece = match.group()
    if match["written"] or match["date"]:
        return "D", 0
    if match["Y"]:
        return "Y", int(piece)
    if match["N"]:
        return "N", int(piece)
    if match["roman"]:
        return "N", _ROMAN[piece]
    if match["word"]:
        return _word(term, piece)
    return piece.strip(), 0


def _word(term: str, word: str) -> tuple[str, int]:
    if word in months.NUMBERS:
        return "M", months.NUMBERS[word]
    if word in _WORDS:
        return _WORDS[word], 0
    raise _unknown(term, word)


def _date(term: str, match: re.Match[str]) -> date:
    if match["written"]:
        _, month = _word(term, match["month"])
        day, year = int(match["day"]), int(match["year"])
    else:
        day, month, year = (int(part) for part in match["date"].split("."))
    if year < 100:  # noqa: PLR2004 - two figures name a year of this century
        year += FIRST_YEAR
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _year_out_of_range(term, year)
    try:
        return date(year, month, day)
    except ValueError:
        raise UnreadableTermError(
            term,
            Text(
                f"даты «{match.group()}» нет в календаре. Исправьте её.",
                f"the calendar has no date “{match.group()}”. Correct it.",
            ),
        ) from None


def _unknown(term: str, piece: str) -> UnreadableTermError:
    near = difflib.get_close_matches(piece, months.NUMBERS, n=1, cutoff=0.7)
    ru = f" Возможно, имелось в виду «{near[0]}»." if near else ""
    en = f" Perhaps “{near[0]}” was meant." if near else ""
    return UnreadableTermError(
        term,
        Text(
            f"непонятно «{piece}».{ru} Напишите даты (01.09.2020–30.12.2022), месяцы "
            "с годом (май 2021) или «ежегодно», «по полугодиям», «по запросу».",
            f"“{piece}” is not understood.{en} Write dates (01.09.2020–30.12.2022), "
            "months with a year (май 2021), or «ежегодно», «по полугодиям», "
            "«по запросу».",
        ),
    )


def _year_out_of_range(term: str, year: int) -> UnreadableTermError:
    return UnreadableTermError(
        term,
        Text(
            f"год {year} вне пределов {FIRST_YEAR}–{LAST_YEAR}. Исправьте год.",
            f"the year {year} is outside {FIRST_YEAR}–{LAST_YEAR}. Correct the year.",
        ),
    )
