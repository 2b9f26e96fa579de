"""Cells as people type them."""

from datetime import date

import pytest

from services.api.imports.readers.cells import (
    Cell,
    is_blank,
    number_of,
    text_of,
    whole_number_of,
)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (12, 12.0),
        (12.5, 12.5),
        ("12,5", 12.5),
        (" 12,5 % ", 12.5),
        ("12.5%", 12.5),
        ("1\u00a0234", 1234.0),
        ("-3", -3.0),
        ("", None),
        ("12,5,1", None),
        ("x", None),
        ("1e5", None),
        ("nan", None),
        (True, None),
        (date(2019, 1, 1), None),
    ],
)
def test_numbers_are_read_as_typed(cell: Cell, number: float | None) -> None:
    assert number_of(cell) == number


@pytest.mark.parametrize(
    ("cell", "number"), [(25, 25), (25.0, 25), ("25", 25), (25.5, None), ("", None)]
)
def test_whole_numbers_have_no_fraction(cell: Cell, number: int | None) -> None:
    assert whole_number_of(cell) == number


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (1234.0, "1234"),
        (12.5, "12.5"),
        ("  a\u00a0 b\n", "a b"),
        (date(2019, 4, 2), "2019-04-02"),
    ],
)
def test_text_is_what_a_person_sees(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


def test_a_dash_is_blank_and_a_zero_is_not() -> None:
    assert [is_blank(cell) for cell in ("", " ", "\u00a0", "–", 0, "0")] == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]
