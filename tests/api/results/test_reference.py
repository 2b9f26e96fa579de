"""The reference lists that are shipped, and what a wrong list is told."""

from pathlib import Path

import pytest

from services.api.data_files import DataFileError
from services.api.results.reference import load_reference
from shared.domain.spellings import spelling_key

REFERENCE = load_reference()


def test_the_procedures_of_the_programmes_are_known() -> None:
    assert set(REFERENCE.procedures_by_code) == {
        "vpr",
        "oge",
        "ege",
        "gve",
        "kdr",
        "kkr",
        "niko",
        "district_kim",
        "mock_gia",
    }
    assert not REFERENCE.procedures_by_code["ege"].marked
    assert REFERENCE.procedure_spellings()[spelling_key("ВПР")] == "vpr"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Русский язык", "russian"),
        ("  РУССКИЙ   ЯЗЫК ", "russian"),
        ("Математика", "mathematics"),
        ("Окружающий мир", "natural_world"),
        ("Биология", "biology"),
        ("История", "history"),
        ("Обществознание", "social_studies"),
        ("География", "geography"),
        ("Физика", "physics"),
        ("Химия", "chemistry"),
        ("Английский язык", "english"),
        ("Иностранный язык (английский язык)", "english"),
        ("Иностранный язык", "foreign_language"),
        ("Литература", "literature"),
        ("Информатика и ИКТ", "informatics"),
    ],
)
def test_subjects_are_known_as_files_spell_them(text: str, code: str) -> None:
    assert REFERENCE.subject_spellings()[spelling_key(text)] == code
    assert code in REFERENCE.subject_codes


def test_every_entry_has_a_name_in_both_languages() -> None:
    for entry in (*REFERENCE.procedures, *REFERENCE.subjects):
        assert entry.name.ru.strip()
        assert entry.name.en.strip()


def test_a_spelling_of_two_subjects_is_refused(tmp_path: Path) -> None:
    (tmp_path / "procedures.yaml").write_text("procedures: []", encoding="utf-8")
    (tmp_path / "subjects.yaml").write_text(
        "subjects:\n"
        "  - {code: history, name: {ru: История, en: History}}\n"
        "  - {code: past, name: {ru: история, en: Past}}\n",
        encoding="utf-8",
    )
    with pytest.raises(DataFileError, match="means both history and past") as caught:
        load_reference(tmp_path)
    (fault,) = caught.value.faults
    assert (fault.sheet, fault.row, fault.column) == ("subjects.yaml", 3, "subjects[1]")
