"""A method of ranking: which figure ranks schools, over what, with which thresholds."""

from dataclasses import dataclass
from typing import ClassVar

from shared.domain.measures import MEASURES, Direction
from shared.domain.methods.reading import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Schools are ranked by one measure of their results.

    `procedures` and `subjects` are in alphabetical order, and empty means all.
    `minimum_n` counts pupils. `tolerance` is in the unit of the measure `ranked_by`:
    a year-on-year change up to it is no change.
    """

    KIND: ClassVar[str] = "ranking"

    ranked_by: str
    direction: Direction
    procedures: tuple[str, ...]
    subjects: tuple[str, ...]
    minimum_n: int
    tolerance: float

    @classmethod
    def read(cls, reader: Reader) -> "Ranking":
        """Read the keys of a ranking; faults are noted with the reader."""
        return cls(
            ranked_by=reader.choice("ranked_by", tuple(MEASURES)),
            direction=Direction(reader.choice("direction", tuple(Direction))),
            procedures=reader.names("procedures"),
            subjects=reader.names("subjects"),
            minimum_n=reader.whole_number("minimum_n", at_least=0),
            tolerance=reader.number("tolerance", at_least=0, at_most=100),
        )

    @property
    def thresholds(self) -> tuple[str, ...]:
        """Return the paths that need a provenance."""
        return ("ranked_by", "minimum_n", "tolerance")

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read` reads back to an equal value."""
        return {
            "ranked_by": self.ranked_by,
            "direction": self.direction.value,
            "procedures": list(self.procedures),
            "subjects": list(self.subjects),
            "minimum_n": self.minimum_n,
            "tolerance": self.tolerance,
        }
