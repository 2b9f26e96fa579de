"""What an indicator of a ranking is counted from."""

from dataclasses import dataclass
from typing import Final

from shared.domain.measures import MEASURES
from shared.domain.methods.reading import Reader

MEASURE: Final = "measure"
MSOKO: Final = "msoko"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSource:
    """A measure over chosen results; an empty choice is all of them.

    `procedures` and `subjects` are in alphabetical order; `grades` are those of the
    programme that was tested, ascending.
    """

    measure: str
    procedures: tuple[str, ...]
    subjects: tuple[str, ...]
    grades: tuple[int, ...]

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read_source` reads back to an equal value."""
        return {
            "kind": MEASURE,
            "measure": self.measure,
            "procedures": list(self.procedures),
            "subjects": list(self.subjects),
            "grades": list(self.grades),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MsokoSource:
    """A school's score in a group of the МСОКО, in per cent of its maximum."""

    group: str

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read_source` reads back to an equal value."""
        return {"kind": MSOKO, "group": self.group}


Source = MeasureSource | MsokoSource


def read_source(reader: Reader) -> Source:
    """Read a source of any kind; faults are noted with the reader."""
    if reader.choice("kind", (MEASURE, MSOKO)) == MSOKO:
        return MsokoSource(group=reader.words("group"))
    return MeasureSource(
        measure=reader.choice("measure", tuple(MEASURES)),
        procedures=reader.names("procedures"),
        subjects=reader.names("subjects"),
        grades=reader.whole_numbers("grades"),
    )
