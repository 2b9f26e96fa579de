"""A method of matching: who needs a mentor, who can be one, and what makes a fit."""

from dataclasses import asdict, dataclass
from typing import ClassVar, Final

from shared.domain.methods.reading import Reader

# Measures in per cent of which more is better, so that all subjects have one scale.
MEASURES: Final = ("quality_rate", "success_rate", "sou")
BARRED: Final = "barred"
ALLOWED: Final = "allowed"
MOST_YEARS: Final = 2  # a run looks back no further


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """What is weak and what is strong, in per cent, and gaps in percentage points.

    A gap of `full_gap` and more counts in full; one below `least_gap` is none.
    """

    weak_at_most: float
    strong_at_least: float
    least_gap: float
    full_gap: float

    @classmethod
    def read(cls, reader: Reader) -> "Levels":
        """Read the levels; faults are noted with the reader."""
        return cls(
            weak_at_most=reader.number("weak_at_most", at_least=0, at_most=100),
            strong_at_least=reader.number("strong_at_least", at_least=0, at_most=100),
            least_gap=reader.number("least_gap", at_least=0, at_most=100),
            full_gap=reader.number("full_gap", at_least=1, at_most=100),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """How much each sign of a need weighs; those of one subject add up."""

    weak: float
    deficit: float
    request_low: float
    request_medium: float
    request_high: float

    @classmethod
    def read(cls, reader: Reader) -> "Needs":
        """Read the weights; faults are noted with the reader."""
        # A need that weighed nothing would be no need.
        return cls(
            weak=reader.number("weak", at_least=0.01, at_most=100),
            deficit=reader.number("deficit", at_least=0.01, at_most=100),
            request_low=reader.number("request_low", at_least=0.01, at_most=100),
            request_medium=reader.number("request_medium", at_least=0.01, at_most=100),
            request_high=reader.number("request_high", at_least=0.01, at_most=100),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """How urgent a school's case is, from 0 to 1; the most urgent sign counts."""

    listed: float
    high: float
    medium: float
    low: float

    @classmethod
    def read(cls, reader: Reader) -> "Urgency":
        """Read the values; faults are noted with the reader."""
        return cls(
            listed=reader.number("listed", at_least=0, at_most=1),
            high=reader.number("high", at_least=0, at_most=1),
            medium=reader.number("medium", at_least=0, at_most=1),
            low=reader.number("low", at_least=0, at_most=1),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each part of the benefit weighs, in any unit."""

    complement: float
    urgency: float
    conditions: float
    distance: float
    capacity: float
    offer: float

    @classmethod
    def read(cls, reader: Reader) -> "Weights":
        """Read the weights; faults are noted with the reader."""
        return cls(
            complement=reader.number("complement", at_least=0.01, at_most=100),
            urgency=reader.number("urgency", at_least=0, at_most=100),
            conditions=reader.number("conditions", at_least=0, at_most=100),
            distance=reader.number("distance", at_least=0, at_most=100),
            capacity=reader.number("capacity", at_least=0, at_most=100),
            offer=reader.number("offer", at_least=0, at_most=100),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """What keeps a pair from being suggested at all.

    A mentee with `most_mentors` open agreements needs no more. A pair whose agreement
    ended comes again after `years_before_same_pair` academic years. A school on the
    list of low results is no mentor for a subject, nor for `low_list_bars_groups`.
    """

    most_mentors: int
    years_before_same_pair: int
    low_list_bars_groups: tuple[str, ...]
    mentor_with_signs: str
    least_benefit: float

    @classmethod
    def read(cls, reader: Reader) -> "Gates":
        """Read the gates; faults are noted with the reader."""
        return cls(
            most_mentors=reader.whole_number("most_mentors", at_least=1),
            years_before_same_pair=reader.whole_number(
                "years_before_same_pair", at_least=0
            ),
            low_list_bars_groups=reader.names("low_list_bars_groups"),
            mentor_with_signs=reader.choice("mentor_with_signs", (BARRED, ALLOWED)),
            least_benefit=reader.number("least_benefit", at_least=0, at_most=1),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Mentors are suggested where they are strong and the mentee is weak.

    Results of `window_years` academic years are taken together; a figure over fewer
    pupils than `minimum_n` is none. Conditions are alike within a difference of
    `alike_within` between two indices; a mentor `far_km` away is no nearer than one
    from anywhere. What is not known counts as `unknown_counts_as` of its part.
    """

    KIND: ClassVar[str] = "matching"

    measure: str
    window_years: int
    minimum_n: int
    subjects: Levels
    groups: Levels
    needs: Needs
    urgency: Urgency
    weights: Weights
    alike_within: float
    far_km: float
    same_network_counts_as: float
    unknown_counts_as: float
    gates: Gates
    alternatives: int

    @classmethod
    def read(cls, reader: Reader) -> "Matching":
        """Read the keys of a matching; faults are noted with the reader."""
        return cls(
            measure=reader.choice("measure", MEASURES),
            window_years=reader.whole_number(
                "window_years", at_least=1, at_most=MOST_YEARS
            ),
            minimum_n=reader.whole_number("minimum_n", at_least=1),
            subjects=Levels.read(reader.section("subjects")),
            groups=Levels.read(reader.section("groups")),
            needs=Needs.read(reader.section("needs")),
            urgency=Urgency.read(reader.section("urgency")),
            weights=Weights.read(reader.section("weights")),
            alike_within=reader.number("alike_within", at_least=0.01, at_most=1),
            far_km=reader.number("far_km", at_least=1, at_most=10_000),
            same_network_counts_as=reader.number(
                "same_network_counts_as", at_least=0, at_most=1
            ),
            unknown_counts_as=reader.number("unknown_counts_as", at_least=0, at_most=1),
            gates=Gates.read(reader.section("gates")),
            alternatives=reader.whole_number("alternatives", at_least=0),
        )

    @property
    def thresholds(self) -> tuple[str, ...]:
        """Return the paths that need a provenance."""
        gates = tuple(f"gates.{name}" for name in asdict(self.gates))
        plain = tuple(name for name in asdict(self) if name != "gates")
        return (*plain, *gates)

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read` reads back to an equal value."""
        bars = list(self.gates.low_list_bars_groups)
        content = asdict(self)
        return {**content, "gates": {**content["gates"], "low_list_bars_groups": bars}}
