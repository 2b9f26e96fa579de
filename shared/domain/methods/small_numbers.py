"""How a method treats figures over few pupils."""

from dataclasses import dataclass
from typing import Final

from shared.domain.methods.reading import Reader

SECTION: Final = "small_numbers"
# Scores are counted from a year and the three before it.
MOST_POOLED_YEARS: Final = 3
FEWEST_RESAMPLES: Final = 100
MOST_RESAMPLES: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallNumbers:
    """How sure intervals are, years that are pooled, and resamples of a figure.

    `confidence` is in per cent, that of all intervals. `pooled_years` counts the year
    itself; `resamples` are those behind the interval of a place. A method that does
    not say has these values, which no source confirms; `is_stated` tells whether it
    does. How few pupils are too few is each indicator's own `minimum_n`.
    """

    confidence: float = 95.0
    pooled_years: int = 3
    resamples: int = 1_000
    is_stated: bool = False

    @classmethod
    def read(cls, reader: Reader) -> "SmallNumbers":
        """Read the section of a method, which may be left out; faults are noted."""
        if not reader.has(SECTION):
            return cls()
        section = reader.section(SECTION)
        return cls(
            confidence=section.number("confidence", at_least=50, at_most=99.9),
            pooled_years=section.whole_number(
                "pooled_years", at_least=1, at_most=MOST_POOLED_YEARS
            ),
            resamples=section.whole_number(
                "resamples", at_least=FEWEST_RESAMPLES, at_most=MOST_RESAMPLES
            ),
            is_stated=True,
        )

    @property
    def confidence_share(self) -> float:
        """The confidence as a share between 0 and 1."""
        return self.confidence / 100

    @property
    def thresholds(self) -> tuple[str, ...]:
        """Return the paths that need a provenance: none where nothing is stated."""
        return tuple(f"{SECTION}.{name}" for name in self.values()) * self.is_stated

    def values(self) -> dict[str, float | int]:
        """Return the figures by their names."""
        return {
            "confidence": self.confidence,
            "pooled_years": self.pooled_years,
            "resamples": self.resamples,
        }

    def to_mapping(self) -> dict[str, object]:
        """Return what `read` reads back to an equal value, with the section's name."""
        return {SECTION: dict(self.values())} if self.is_stated else {}
