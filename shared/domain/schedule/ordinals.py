"""Ordinals in terms, in figures and words, and lists of them."""

import re

_WORDS = {
    "перв": 1,
    "втор": 2,
    "трет": 3,
    "четверт": 4,
    "iv": 4,
    "iii": 3,
    "ii": 2,
    "i": 1,
}
_ENDINGS = "(?:ая|ой|ую|ое|ого|ом|ому|ья|ьей|ью|ье|ьего|ьем|ей)"
ORDINAL = f"(?:[1-9]|iv|i{{1,3}}|(?:перв|втор|трет|четверт){_ENDINGS})"
ORDINALS = f"{ORDINAL}(?:(?:, | и |-){ORDINAL})*"


def ordinal(word: str) -> int:
    """Return the number of one ordinal, such as “iii”, “3” or “третьей”."""
    if word.isdigit():
        return int(word)
    return next(number for stem, number in _WORDS.items() if word.startswith(stem))


def ordinals(text: str) -> tuple[int, ...]:
    """Return the numbers of a list such as “1, 3” or “i-iii”, as they are written."""
    numbers: list[int] = []
    for run in re.split(", | и ", text):
        ends = [ordinal(word) for word in run.split("-")]
        numbers += range(ends[0], ends[-1] + 1)
    return tuple(numbers)
