"""What protocols of ЕГЭ and ОГЭ leave unsaid: subjects by code, and the minimums."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.api.data_files import FileModel, read_data_file
from shared.domain.provenance import ProvenanceKind
from shared.domain.spellings import spelling_key

REFERENCE_FOLDER = Path(__file__).parents[4] / "deploy" / "reference"


class SourceEntry(FileModel):
    """Whose word the entries rest on."""

    kind: ProvenanceKind
    source: str


class GiaSubject(FileModel):
    """A subject under one code; `oge` is its subject in ОГЭ, if it is another."""

    code: int
    subject: str
    oge: str | None = None
    oral: bool = False
    names: tuple[str, ...]


class GiaSubjectList(FileModel):
    """`gia_subjects.yaml`."""

    provenance: SourceEntry
    subjects: tuple[GiaSubject, ...]


class Minimum(FileModel):
    """The least test score or mark that passes, from one year of exams to another."""

    subjects: tuple[str, ...]
    since: int
    until: int | None = None
    test_score: int | None = None
    mark: int | None = None
    for_universities: int | None = None
    provenance: SourceEntry

    def holds(self, subject: str, year: int) -> bool:
        """Say whether it is the minimum of the subject in that year's exams."""
        last = self.until or year
        return subject in self.subjects and self.since <= year <= last


class MinimumList(FileModel):
    """`ege_minimums.yaml`."""

    minimums: tuple[Minimum, ...]


@dataclass(frozen=True, slots=True)
class GiaReference:
    """Both lists; `by_name` is by what `spelling_key` makes of a subject's name."""

    by_code: Mapping[int, GiaSubject]
    by_name: Mapping[str, GiaSubject]
    minimums: tuple[Minimum, ...]

    def named(self, name: str) -> GiaSubject | None:
        """Return the subject of that name, if there is one."""
        return self.by_name.get(spelling_key(name))

    def minimum(self, subject: str, year: int) -> Minimum | None:
        """Return the minimum of the subject in the exams of a year, if it is known."""
        held = (each for each in self.minimums if each.holds(subject, year))
        return next(held, None)


@cache
def gia_reference(folder: Path = REFERENCE_FOLDER) -> GiaReference:
    """Read both lists, once.

    Raises:
        DataFileError: a file is missing or is not what it should be.
    """
    subjects = read_data_file(folder / "gia_subjects.yaml", GiaSubjectList).subjects
    minimums = read_data_file(folder / "ege_minimums.yaml", MinimumList).minimums
    return GiaReference(
        {subject.code: subject for subject in subjects},
        {
            spelling_key(name): each
            for each in subjects
            for name in (each.subject, each.oge or each.subject, *each.names)
        },
        minimums,
    )
