"""Codes by which other systems know a school."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from shared.domain.errors import Fault
from shared.domain.record_rules import Facts, Values, fault

# A log-in of ФИС ОКО usually is «edu» or «sch» and six digits, but others occur.
_FORMS: Final[Mapping[str, tuple[re.Pattern[str], str, str]]] = MappingProxyType(
    {
        "fis_oko_login": (re.compile(r"\S{3,40}"), "без пробелов", "without blanks"),
        "gia_code": (re.compile(r"\d{3,12}"), "3–12 цифр", "3–12 digits"),
        "inn": (re.compile(r"\d{10}|\d{12}"), "10 или 12 цифр", "10 or 12 digits"),
        "ogrn": (re.compile(r"\d{13}|\d{15}"), "13 или 15 цифр", "13 or 15 digits"),
        "internal": (re.compile(r"\S.{0,59}"), "до 60 знаков", "up to 60 characters"),
    }
)
IDENTIFIER_KINDS: Final = tuple(_FORMS)


def identifier_is_one(values: Values, _facts: Facts) -> Iterator[Fault]:
    """Yield a fault where a code does not have the form of its kind."""
    pattern, ru, en = _FORMS[values["kind"]]
    if not pattern.fullmatch(values["value"]):
        yield fault(
            values,
            "value",
            f"Код этого вида пишется иначе: {ru}.",
            f"A code of this kind is written otherwise: {en}.",
        )
