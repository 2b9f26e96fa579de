"""The procedures and subjects that results may name, read from `deploy/reference`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from services.api.data_files import FileModel, broken_rule, read_data_file
from shared.domain.result_rules import Procedure
from shared.domain.spellings import spelling_key

REFERENCE_FOLDER = Path(__file__).parents[3] / "deploy" / "reference"


class LocalisedName(FileModel):
    """A name in Russian and in English."""

    ru: str
    en: str


class ReferenceEntry(FileModel):
    """One line of a reference list; `aliases` are other spellings found in files."""

    code: str = Field(pattern=r"^[a-z][a-z_]*$")
    name: LocalisedName
    aliases: tuple[str, ...] = ()

    @property
    def spellings(self) -> frozenset[str]:
        """Every spelling of this entry, reduced by `spelling_key`."""
        names = (self.code, self.name.ru, self.name.en, *self.aliases)
        return frozenset(spelling_key(name) for name in names)


class ProcedureEntry(ReferenceEntry):
    """An assessment procedure, with the pupils' grades that may take part."""

    grades: frozenset[int]
    marked: bool = True

    def as_procedure(self) -> Procedure:
        """Return what the domain's rules need to know of it."""
        return Procedure(self.code, self.grades, self.marked)


class ProcedureList(FileModel):
    """`procedures.yaml`; a spelling never means two of them."""

    procedures: tuple[ProcedureEntry, ...]

    @model_validator(mode="after")
    def _spellings_are_unambiguous(self) -> Self:
        _index(self.procedures, "procedures")
        return self


class SubjectList(FileModel):
    """`subjects.yaml`; a spelling never means two of them."""

    subjects: tuple[ReferenceEntry, ...]

    @model_validator(mode="after")
    def _spellings_are_unambiguous(self) -> Self:
        _index(self.subjects, "subjects")
        return self


@dataclass(frozen=True, slots=True)
class Reference:
    """Both lists."""

    procedures: tuple[ProcedureEntry, ...]
    subjects: tuple[ReferenceEntry, ...]

    @property
    def procedures_by_code(self) -> dict[str, Procedure]:
        """The procedures for `validate_result`."""
        return {entry.code: entry.as_procedure() for entry in self.procedures}

    @property
    def subject_codes(self) -> frozenset[str]:
        """The subjects for `validate_result`."""
        return frozenset(entry.code for entry in self.subjects)

    def subject_spellings(self) -> dict[str, str]:
        """Map every reduced spelling of a subject to its code."""
        return _index(self.subjects, "subjects")

    def procedure_spellings(self) -> dict[str, str]:
        """Map every reduced spelling of a procedure to its code."""
        return _index(self.procedures, "procedures")


def load_reference(folder: Path = REFERENCE_FOLDER) -> Reference:
    """Read `procedures.yaml` and `subjects.yaml` from `folder`.

    Raises:
        DataFileError: a file is missing or is not what it should be, or one spelling
            stands for two entries.
    """
    procedures = read_data_file(folder / "procedures.yaml", ProcedureList)
    subjects = read_data_file(folder / "subjects.yaml", SubjectList)
    return Reference(procedures.procedures, subjects.subjects)


def _index(entries: tuple[ReferenceEntry, ...], listed_as: str) -> dict[str, str]:
    codes: dict[str, str] = {}
    for place, entry in enumerate(entries):
        for spelling in sorted(entry.spellings):
            other = codes.setdefault(spelling, entry.code)
            if other != entry.code:
                raise broken_rule(
                    f"«{spelling}» означает и {other}, и {entry.code}",
                    f"“{spelling}” means both {other} and {entry.code}",
                    listed_as,
                    place,
                )
    return codes
