"""Finding a school by code and by name."""

import pytest

from shared.domain.school_directory import (
    KnownSchool,
    SchoolDirectory,
    SchoolFound,
    SchoolUnknown,
)

DIRECTORY = SchoolDirectory.of(
    [
        KnownSchool(1, ("МБОУ «Ильинская СОШ»", "Ильинская ООШ"), ("sch240001",)),
        KnownSchool(2, ("МБОУ «Ужурская СОШ №3»",)),
        KnownSchool(3, ("МБОУ «Солгонская СОШ»",), ("sch240003", "9003")),
        KnownSchool(4, ("МБОУ «Солгонская НОШ»",), ("sch240004", "7")),
        KnownSchool(5, ("МБОУ «Ашпанская ООШ»",), ("sch240005", "7")),
        KnownSchool(6, ("МБОУ «Ужурская СОШ №1»",), ("sch240006",)),
    ]
)


@pytest.mark.parametrize(
    ("login", "name", "school_id"),
    [
        ("sch240001", "МБОУ «Ильинская СОШ»", 1),
        ("SCH240001 ", "ИЛЬИНСКАЯ ШКОЛА", 1),
        ("sch240003", "Солгонская школа", 3),
        ("sch240003", "СОШ", 3),
        ("9003.0", "", 3),
        ("", "Ильинская ООШ", 1),
        ("", "Ильинская школа", 1),
        ("", "ужурская сош № 3", 2),
        ("", "Солгонская начальная школа", 4),
    ],
)
def test_a_school_is_found_without_a_warning(
    login: str, name: str, school_id: int
) -> None:
    assert DIRECTORY.find(login=login, name=name) == SchoolFound(school_id)


def test_a_new_code_is_taken_with_a_warning_if_the_school_has_none() -> None:
    found = DIRECTORY.find(login="sch240002", name="Ужурская СОШ №3")
    assert isinstance(found, SchoolFound)
    assert found.school_id == 2
    assert found.warning is not None
    assert "sch240002" in found.warning.ru


@pytest.mark.parametrize(
    ("login", "name"),
    [
        ("sch240001", "Ильинская сельская школа"),
        ("sch240003", "Солгонская СОШ №1"),
        ("sch240006", "Ужурская вечерняя школа"),
    ],
)
def test_a_known_code_decides_over_an_unusual_spelling_with_a_warning(
    login: str, name: str
) -> None:
    found = DIRECTORY.find(login=login, name=name)
    assert isinstance(found, SchoolFound)
    assert login in DIRECTORY.schools[found.school_id].identifiers
    assert found.warning is not None
    assert name in found.warning.en
    assert not found.warns_of_login


@pytest.mark.parametrize(
    ("login", "name", "by_login", "mentions"),
    [
        ("sch249999", "Солгонская СОШ", True, "Солгонская СОШ"),
        ("sch249999", "Неизвестная СОШ", True, "Неизвестная СОШ"),
        ("7", "Ашпанская ООШ", True, "7"),
        ("sch240001", "Несуществующая СОШ", False, "Ильинская СОШ"),
        ("sch240001", "МБОУ «Ашпанская ООШ»", False, "Ильинская СОШ"),
        ("sch240003", "Солгонская НОШ", False, "Солгонская СОШ"),
        ("sch240006", "Ужурская СОШ №3", False, "Ужурская СОШ №1"),
        ("sch240006", "Ужурская СОШ №7", False, "Ужурская СОШ №1"),
        ("", "Солгонская школа", False, "Солгонская НОШ»; МБОУ «Солгонская СОШ"),
        ("", "Ашпанская СОШ", False, "похожа: МБОУ «Ашпанская ООШ»"),
        ("", "Неизвестная СОШ", False, "Неизвестная СОШ"),
        ("", "МБОУ СОШ", False, "МБОУ СОШ"),
        ("", "", False, "нет в справочнике"),
    ],
)
def test_a_doubtful_school_is_never_guessed(
    login: str, name: str, *, by_login: bool, mentions: str
) -> None:
    unknown = DIRECTORY.find(login=login, name=name)
    assert isinstance(unknown, SchoolUnknown)
    assert unknown.by_login is by_login
    assert mentions in unknown.reason.ru
