"""Names of files that others sent."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.file_names import (
    LONGEST_NAME,
    UNKNOWN_TYPE,
    clean_content_type,
    clean_file_name,
)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Справка по ВПР.docx", "Справка по ВПР.docx"),
        (r"C:\отчёты\итоги.xlsx", "итоги.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ('a<b>:"c"|?*.pdf', "a_b___c____.pdf"),
        ("con.txt", "_con.txt"),
        ("\u202efdp.exe", "fdp.exe"),
        ("два\r\nслова.txt", "дваслова.txt"),
        ("\u0438\u0306од.pdf", "йод.pdf"),
        ("я" * 200 + ".docx", "я" * (LONGEST_NAME - 5) + ".docx"),
        ("a." + "b" * 300, ("a." + "b" * 300)[:LONGEST_NAME]),
    ],
)
def test_a_name_is_made_fit_to_be_saved_anywhere(sent: str, kept: str) -> None:
    assert clean_file_name(sent) == kept


@given(st.text())
def test_any_name_comes_out_short_plain_and_the_same_when_cleaned_again(
    sent: str,
) -> None:
    name = clean_file_name(sent)
    assert 0 < len(name) <= LONGEST_NAME
    assert not set(name) & set('/\\<>:"|?*')
    assert not name.startswith(".")
    assert not name.endswith((".", " "))
    assert all(unicodedata.category(sign)[0] != "C" for sign in name)
    assert clean_file_name(name) == name


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("application/pdf", "application/pdf"),
        ("Text/Plain; charset=utf-8", "text/plain"),
        ("text/html\r\nX-Evil: 1", UNKNOWN_TYPE),
        ("nonsense", UNKNOWN_TYPE),
        (None, UNKNOWN_TYPE),
    ],
)
def test_a_type_that_is_none_is_a_row_of_bytes(stated: str | None, kept: str) -> None:
    assert clean_content_type(stated) == kept
