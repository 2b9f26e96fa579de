"""A method of programme indicators: what makes a school satisfied, steady, certain."""

from dataclasses import asdict, dataclass, fields
from typing import ClassVar

from shared.domain.methods.reading import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeShares:
    """The thresholds of a programme's indicators.

    A school is satisfied where at least `satisfied_at_least` per cent of those asked
    are, if at least `minimum_respondents` were asked. A share of МСОКО points that
    moves by up to `stable_within` percentage points is stable. Intervals hold the
    true value with `confidence` per cent; `prior` is what a projection takes for seen
    of success and of failure each, before anything is seen.
    """

    KIND: ClassVar[str] = "programme"

    satisfied_at_least: float
    minimum_respondents: int
    stable_within: float
    confidence: float
    prior: float

    @classmethod
    def read(cls, reader: Reader) -> "ProgrammeShares":
        """Read the thresholds; faults are noted with the reader."""
        return cls(
            satisfied_at_least=reader.number(
                "satisfied_at_least", at_least=0, at_most=100
            ),
            minimum_respondents=reader.whole_number("minimum_respondents", at_least=1),
            stable_within=reader.number("stable_within", at_least=0, at_most=100),
            confidence=reader.number("confidence", at_least=50, at_most=99.9),
            prior=reader.number("prior", at_least=0.01, at_most=100),
        )

    @property
    def thresholds(self) -> tuple[str, ...]:
        """Return the paths that need a provenance: all."""
        return tuple(each.name for each in fields(self))

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read` reads back to an equal value."""
        return asdict(self)
