"""A method of programme indicators: what makes a school satisfied, steady, certain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from shared.domain.methods.indicator_formulas import needs_of
from shared.domain.methods.reading import Reader
from shared.domain.methods.share_indicators import (
    ShareIndicator,
    read_share_indicators,
)

THRESHOLDS: Final = (
    "satisfied_at_least",
    "minimum_respondents",
    "stable_within",
    "confidence",
    "prior",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeShares:
    """The thresholds of a programme's indicators, and indicators of one's own.

    A school is satisfied where at least `satisfied_at_least` per cent of those asked
    are, if at least `minimum_respondents` were asked. A share of МСОКО points that
    moves by up to `stable_within` percentage points is stable. Intervals hold the
    true value with `confidence` per cent; `prior` is what a projection takes for seen
    of success and of failure each, before anything is seen. `indicators` say how the
    programme's indicators of their codes are counted.
    """

    KIND: ClassVar[str] = "programme"

    satisfied_at_least: float
    minimum_respondents: int
    stable_within: float
    confidence: float
    prior: float
    indicators: tuple[ShareIndicator, ...] = ()

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
            indicators=read_share_indicators(reader),
        )

    @property
    def thresholds(self) -> tuple[str, ...]:
        """Return the paths that need a provenance: all."""
        return (*THRESHOLDS, *(each.path for each in self.indicators))

    def indicator(self, code: str) -> ShareIndicator | None:
        """Return the method's own indicator of a code, if there is one."""
        return next((each for each in self.indicators if each.code == code), None)

    def shown(self, path: str) -> float | str:
        """Return what was decided at the path of a threshold: a figure or a formula."""
        for each in self.indicators:
            if each.path == path:
                return each.condition.text
        figure: float = getattr(self, path)
        return figure

    def dependencies(self) -> Mapping[str, tuple[str, ...]]:
        """Return the columns that each of its own indicators is counted from."""
        return {each.code: needs_of(each.condition) for each in self.indicators}

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read` reads back to an equal value."""
        own = [each.to_mapping() for each in self.indicators]
        thresholds = {name: getattr(self, name) for name in THRESHOLDS}
        return {**thresholds, **({"indicators": own} if own else {})}
