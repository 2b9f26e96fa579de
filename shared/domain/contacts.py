"""Whom to turn to in a school or an authority: posts by role, with who stands in."""

import re
from collections.abc import Iterator
from typing import Final

from shared.domain.errors import Fault
from shared.domain.record_rules import Facts, Values, fault

SCHOOL_ROLES: Final = (
    "director",
    "deputy_director",
    "programme_coordinator",
    "curator",
)
MUNICIPALITY_ROLES: Final = ("head", "coordinator", "methodist")

# What a mail relay could take: the whole grammar of RFC 5322 is nobody's address.
_EMAIL: Final = re.compile(r"[^@\s,;<>\"]+@(?:[^@\s.,;<>\"]+\.)+[^@\s.,;<>\"]{2,}")
_PHONE: Final = re.compile(r"\+?[\d ()\-]{5,25}(?: ?(?:доб\.|ext\.) ?\d{1,6})?")


def is_reachable(values: Values, _facts: Facts) -> Iterator[Fault]:
    """Yield a fault where there is neither an address nor a number."""
    if values.get("email") is None and values.get("phone") is None:
        yield fault(
            values,
            "email",
            "Укажите электронную почту или телефон.",
            "Give an e-mail address or a telephone number.",
        )


def email_is_one(values: Values, _facts: Facts) -> Iterator[Fault]:
    """Yield a fault where an e-mail address is none."""
    email = values.get("email")
    if email is not None and not _EMAIL.fullmatch(email):
        yield fault(
            values,
            "email",
            "Это не адрес электронной почты. Пример: school@example.org.",
            "This is not an e-mail address. An example: school@example.org.",
        )


def phone_is_one(values: Values, _facts: Facts) -> Iterator[Fault]:
    """Yield a fault where a telephone number is none."""
    phone = values.get("phone")
    if phone is not None and not _PHONE.fullmatch(phone):
        yield fault(
            values,
            "phone",
            "Это не номер телефона. Пример: +7 39156 2-10-00.",
            "This is not a telephone number. An example: +7 39156 2-10-00.",
        )
