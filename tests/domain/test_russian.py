"""Dates and counts in the cases that Russian grammar asks for."""

from datetime import date

import pytest

from shared.domain.russian import counted, spelled_date


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0 дней"),
        (1, "1 день"),
        (4, "4 дня"),
        (5, "5 дней"),
        (11, "11 дней"),
        (14, "14 дней"),
        (21, "21 день"),
        (112, "112 дней"),
        (258, "258 дней"),
    ],
)
def test_a_number_governs_its_noun(number: int, said: str) -> None:
    assert counted(number, "день", "дня", "дней") == said


def test_a_date_has_its_month_in_the_genitive() -> None:
    assert spelled_date(date(2021, 5, 3)) == "3 мая 2021 г."
