"""Which passwords are refused, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.password_rules import COMMONEST, SHORTEST, password_faults


@pytest.mark.parametrize(
    ("password", "reasons"),
    [
        ("a good long one", []),
        ("short one 1", ["shorter than 12 characters"]),
        ("Uzhur.Ilinskaya", ["the same as the login"]),
        ("Password1234", ["one of the commonest passwords"]),
        ("ZZZZzzzzZZZZZ", ["one of the commonest passwords"]),
        ("", ["shorter than 12 characters"]),
    ],
)
def test_a_password_is_refused_for_its_reasons(
    password: str, reasons: list[str]
) -> None:
    faults = password_faults(password, login="uzhur.ilinskaya")
    assert [fault.reason.en for fault in faults] == reasons


@given(st.text(), st.text())
def test_a_refusal_never_shows_the_password(password: str, login: str) -> None:
    faults = password_faults(password, login=login)
    assert all(fault.value is None for fault in faults)


def test_the_commonest_are_long_enough_to_matter() -> None:
    assert all(len(password) >= SHORTEST for password in COMMONEST)
    assert all(password == password.casefold() for password in COMMONEST)
