"""A term's text in one spelling: letters, blanks, dashes, abbreviations, days."""

import re
import unicodedata

from shared.domain.schedule import months

_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_DASH = re.compile("\\s*[-\u2010-\u2015\u2212]+\\s*")
_ISO_DATE = re.compile(r"(?<![0-9.-])(20[0-9]{2})-([0-9]{2})-([0-9]{2})(?![0-9-])")
_MIXED_WORD = re.compile("[a-zа-яі]*[а-яі][a-zа-яі]*")
# What looks the same in both alphabets, and is typed in the wrong one.
_LOOK_ALIKE = str.maketrans("aceopxykmtbh", "асеорхукмтвн")
# The letter of another Cyrillic alphabet stands for the Roman figure.
_ROMAN = re.compile("[іi]{1,3}(?![а-я])|[іi]v(?![а-я])")
_QUOTED = re.compile("[«\"“„']([0-9]{1,2})[»\"”“']")
_YEAR_WORD = re.compile(
    r"(?<=[0-9]{2})\s*(?:г\.?\s?г?\.?|год(?:а|у|ы|ов|ах)?)(?![а-я])"
)
_MONTH = "(?:" + "|".join(sorted(months.NUMBERS, key=len, reverse=True)) + ")"
_SHORT_YEAR = re.compile(rf"({_MONTH}\.? )([0-9]{{2}})(?=\s*(?:г\b|г\.|год))")
_ORDINAL = re.compile(
    r"(?<![0-9.])([0-9]{1,2})(?:-?(?:ый|ой|го|ая|ый|м)|-(?:й|я|х)|х)\b"
)
_SEPARATE = re.compile(r"\s*[,;]\s*")
_DAY = "(?<![0-9.])([0-9]{1,2})"
# Days that share a month or a year with the last one: each becomes a whole date.
_DAYS = (
    (
        re.compile(rf"(?:\bс )?{_DAY}(?:-| по )([0-9]{{1,2}}) ({_MONTH}) ([0-9]{{4}})"),
        r"\1 \3 \4-\2 \3 \4",
    ),
    (
        re.compile(
            rf"(?:\bс )?{_DAY} ({_MONTH})(?:-| по )"
            rf"([0-9]{{1,2}}) ({_MONTH}) ([0-9]{{4}})"
        ),
        r"\1 \2 \5-\3 \4 \5",
    ),
    (
        re.compile(rf"{_DAY}-([0-9]{{1,2}})(\.[0-9]{{1,2}}\.[0-9]{{4}})(?![0-9])"),
        r"\1\3-\2\3",
    ),
    (
        re.compile(
            rf"{_DAY}(\.[0-9]{{1,2}})\.?-"
            r"([0-9]{1,2}\.[0-9]{1,2})\.([0-9]{4})(?![0-9])"
        ),
        r"\1\2.\4-\3.\4",
    ),
)


def normalised(term: str) -> str:
    """Return the text in lower case, with one kind of blank, of dash and of comma.

    The words for “year” after figures are dropped: “2020 г.” becomes “2020”. Letters
    that only look Russian become so, and days that share a month have it each.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", term))
    text = text.casefold().replace("ё", "е").replace("в течении", "в течение")
    text = _ROMAN.sub(lambda figure: figure.group().replace("і", "i"), text)
    text = _MIXED_WORD.sub(lambda word: word.group().translate(_LOOK_ALIKE), text)
    text = _QUOTED.sub(r"\1", _DASH.sub("-", text))
    text = _ISO_DATE.sub(r"\3.\2.\1", " ".join(text.split()))
    text = _SHORT_YEAR.sub(r"\g<1>20\2", text)
    text = _SEPARATE.sub(", ", _YEAR_WORD.sub(" ", text))
    text = re.sub(r"\s*-\s*", "-", text)
    text = re.sub(r"\.+(?=[\s,)-]|$)", "", " ".join(text.split()))
    text = _ORDINAL.sub(r"\1", text)
    for pattern, whole in _DAYS:
        text = pattern.sub(whole, text)
    return " ".join(text.split()).strip(" ,")
