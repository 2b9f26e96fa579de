"""Recognising a name however it is typed."""

import re


def spelling_key(text: str) -> str:
    """Reduce a name so that case, ё, blanks and punctuation do not count."""
    return " ".join(re.findall(r"\w+", text.casefold().replace("ё", "е")))
