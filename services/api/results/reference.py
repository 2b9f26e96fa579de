"""The procedures and subjects that results may name, read from `deploy/reference`."""

import re
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.domain.result_rules import Procedure

REFERENCE_FOLDER = Path(__file__).parents[3] / "deploy" / "reference"


class LocalisedName(BaseModel):
    """A name in Russian and in English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ru: str
    en: str


class ReferenceEntry(BaseModel):
    """One line of a reference list; `aliases` are other spellings found in files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

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


class Reference(BaseModel):
    """Both lists; a spelling never means two entries of one list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    procedures: tuple[ProcedureEntry, ...]
    subjects: tuple[ReferenceEntry, ...]

    @model_validator(mode="after")
    def _spellings_are_unambiguous(self) -> Self:
        for entries in (self.procedures, self.subjects):
            _index(entries)
        return self

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
        return _index(self.subjects)

    def procedure_spellings(self) -> dict[str, str]:
        """Map every reduced spelling of a procedure to its code."""
        return _index(self.procedures)


def spelling_key(text: str) -> str:
    """Reduce a name so that case, ё, blanks and punctuation do not count."""
    return " ".join(re.findall(r"\w+", text.casefold().replace("ё", "е")))


def load_reference(folder: Path = REFERENCE_FOLDER) -> Reference:
    """Read `procedures.yaml` and `subjects.yaml` from `folder`.

    Raises:
        OSError: a file is missing.
        pydantic.ValidationError: a file is not what it should be, or one spelling
            stands for two entries.
    """
    lists: dict[str, object] = {}
    for name in ("procedures", "subjects"):
        text = (folder / f"{name}.yaml").read_text(encoding="utf-8")
        lists |= yaml.safe_load(text)
    return Reference.model_validate(lists)


def _index(entries: tuple[ReferenceEntry, ...]) -> dict[str, str]:
    codes: dict[str, str] = {}
    for entry in entries:
        for spelling in entry.spellings:
            other = codes.setdefault(spelling, entry.code)
            if other != entry.code:
                raise ValueError(f"“{spelling}” means both {other} and {entry.code}")
    return codes
