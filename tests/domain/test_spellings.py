"""Names that are the same however they are typed."""

import pytest

from shared.domain.spellings import spelling_key


@pytest.mark.parametrize(
    "text",
    ["Учёт: труд", " учет  труд ", "УЧЁТ (труд)", "учёт,\u00a0труд."],
)
def test_case_yo_blanks_and_punctuation_do_not_count(text: str) -> None:
    assert spelling_key(text) == "учет труд"


def test_letters_and_their_order_count() -> None:
    assert len({spelling_key(name) for name in ("а б", "б а", "аб", "")}) == 4
