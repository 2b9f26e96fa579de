"""Spellings of school, municipality and code that mean the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.school_names import NameKey, login_key, municipality_key, name_key

UZHUR_3 = NameKey(("3", "ужурская"), "сош")


@pytest.mark.parametrize(
    "spelling",
    [
        "МБОУ «Ужурская СОШ №3»",
        'МБОУ "Ужурская СОШ № 3"',
        "мбоу ужурская  сош N3",
        "МБОУ «Ужурская СОШ\u00a0№\u00a03»",
        "Ужурская средняя общеобразовательная школа № 3",
        "Ужурская средняя общеобр. школа № 3",
        "МБОУ «Ужурская СОШ №3 им. Первооткрывателей Сибири»",
        "МБОУ «Ужурская СОШ имени Первооткрывателей №3»",
        "Муниципальное бюджетное общеобразовательное учреждение «Ужурская СШ №3»",
        "СОШ №3 Ужурская",
        "Ужурская СОШ 3",
    ],
)
def test_spellings_of_one_school_share_a_key(spelling: str) -> None:
    assert name_key(spelling) == UZHUR_3


@pytest.mark.parametrize(
    "other",
    [
        "МБОУ «Ужурская СОШ №2»",
        "МБОУ «Ильинская СОШ»",
        "МБОУ «Ужурская СОШ №33»",
        "Филиал МБОУ «Ужурская СОШ №3»",
    ],
)
def test_different_schools_differ(other: str) -> None:
    assert name_key(other).words != UZHUR_3.words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Берёзовологская ООШ", "МБОУ «Березовологская ООШ»"),
        ("Мало-Имышская СОШ", "Малоимышская СОШ"),
        ("СОШ № 1 г. Ужур", "СОШ №1, Ужур"),
    ],
)
def test_letters_and_hyphens_that_vary_do_not_count(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Ильинская школа", None),
        ("Ильинская СОШ", "сош"),
        ("Ильинская основная школа", "оош"),
        ("Ильинская начальная общеобразовательная школа", "нош"),
    ],
)
def test_the_kind_is_known_only_if_stated(name: str, kind: str | None) -> None:
    assert name_key(name) == NameKey(("ильинская",), kind)


@given(st.text())
def test_any_text_has_a_key_that_ignores_case_and_blanks(text: str) -> None:
    assert name_key(f"  {text}  ") == name_key(text)


@pytest.mark.parametrize(
    "name",
    [
        "Ужурский район",
        "УЖУРСКИЙ муниципальный район",
        "Ужурский МР",
        "Ужурский муниципальный округ",
        "Ужурский р-н",
    ],
)
def test_kinds_of_municipality_do_not_count(name: str) -> None:
    assert municipality_key(name) == "ужурский"


@pytest.mark.parametrize(
    ("login", "key"),
    [(" Sch240123 ", "sch240123"), ("240123.0", "240123"), ("edu240123", "edu240123")],
)
def test_a_code_is_read_as_a_spreadsheet_may_have_spoilt_it(
    login: str, key: str
) -> None:
    assert login_key(login) == key
