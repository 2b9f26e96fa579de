"""How a method compares schools of like conditions: expectation, lists, clusters."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.domain.measures import MEASURES, Direction
from shared.domain.methods.reading import Reader
from shared.domain.social_passports import SHARES

INDEX: Final = "index"
PREDICTORS: Final = (INDEX, *(share.name for share in SHARES))
LARGEST: Final = 1e9


class Weighting(StrEnum):
    """Whether each school counts the same in a regression, or by its pupils."""

    NONE = "none"
    BY_N = "by_n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """A regression that was estimated elsewhere, on the region, and entered as data.

    `residual_error` is its residual standard error, in the unit of the outcome.
    """

    schools: int
    intercept: float
    slopes: Mapping[str, float]
    residual_error: float

    @classmethod
    def read(cls, reader: Reader, predictors: tuple[str, ...]) -> "Coefficients":
        """Read the keys of a regression; faults are noted with the reader."""
        slopes = reader.section("slopes")
        return cls(
            schools=reader.whole_number("schools", at_least=1),
            intercept=_real(reader, "intercept"),
            slopes={name: _real(slopes, name) for name in predictors},
            residual_error=reader.number(
                "residual_error", at_least=1e-9, at_most=LARGEST
            ),
        )

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read` reads back to an equal value."""
        return {
            "schools": self.schools,
            "intercept": self.intercept,
            "slopes": dict(self.slopes),
            "residual_error": self.residual_error,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What result is expected of a school in its conditions, and when it differs.

    `predictors` are the index alone or chosen shares. A regression needs
    `minimum_schools`, and `schools_per_coefficient` for each of its coefficients;
    with fewer schools `coefficients` serve if there are any, else the split by
    medians, which needs `quadrants_from` schools. A result differs if it is
    `differs_from` of its own standard errors from what is expected.
    """

    measure: str
    procedures: tuple[str, ...]
    subjects: tuple[str, ...]
    minimum_n: int
    predictors: tuple[str, ...]
    weighting: Weighting
    minimum_schools: int
    schools_per_coefficient: int
    quadrants_from: int
    differs_from: float
    coefficients: Coefficients | None

    @classmethod
    def read(cls, reader: Reader) -> "Expectation":
        """Read the keys of an expectation; faults are noted with the reader."""
        predictors = reader.names("predictors") or (INDEX,)
        unknown = [name for name in predictors if name not in PREDICTORS]
        if unknown or (INDEX in predictors and len(predictors) > 1):
            # Reported as a choice, so that the answer says what there is.
            reader.choice("predictors", PREDICTORS)
            predictors = (INDEX,)
        coefficients = None
        if "coefficients" in reader.values:
            section = reader.section("coefficients")
            coefficients = Coefficients.read(section, predictors)
        return cls(
            measure=reader.choice("measure", tuple(MEASURES)),
            procedures=reader.names("procedures"),
            subjects=reader.names("subjects"),
            minimum_n=reader.whole_number("minimum_n", at_least=1),
            predictors=predictors,
            weighting=Weighting(reader.choice("weighting", tuple(Weighting))),
            minimum_schools=reader.whole_number("minimum_schools", at_least=5),
            schools_per_coefficient=reader.whole_number(
                "schools_per_coefficient", at_least=2
            ),
            quadrants_from=reader.whole_number("quadrants_from", at_least=2),
            differs_from=reader.number("differs_from", at_least=0.1, at_most=10),
            coefficients=coefficients,
        )

    @property
    def more_is_better(self) -> bool:
        """Whether a larger outcome is the better one."""
        return MEASURES[self.measure].direction is Direction.MORE_IS_BETTER

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read` reads back to an equal value."""
        mapping: dict[str, object] = {
            "measure": self.measure,
            "procedures": list(self.procedures),
            "subjects": list(self.subjects),
            "minimum_n": self.minimum_n,
            "predictors": list(self.predictors),
            "weighting": self.weighting.value,
            "minimum_schools": self.minimum_schools,
            "schools_per_coefficient": self.schools_per_coefficient,
            "quadrants_from": self.quadrants_from,
            "differs_from": self.differs_from,
        }
        if self.coefficients is not None:
            mapping["coefficients"] = self.coefficients.to_mapping()
        return mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class LowEnd:
    """Which schools have the hardest conditions: a lowest part, or those below a line.

    Either ``parts`` of every ``of`` schools, or an index below `below`.
    """

    parts: int
    of: int
    below: float | None

    @classmethod
    def read(cls, reader: Reader) -> "LowEnd":
        """Read the keys of a low end; faults are noted with the reader."""
        if "below" in reader.values:
            below = reader.number("below", at_least=0, at_most=1)
            return cls(parts=0, of=1, below=below)
        of = reader.whole_number("of", at_least=2)
        parts = reader.whole_number("parts", at_least=1)
        if parts >= of and not reader.absent:
            reader.number("parts", at_least=1, at_most=of - 1)
        return cls(parts=parts, of=of, below=None)

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read` reads back to an equal value."""
        if self.below is not None:
            return {"below": self.below}
        return {"parts": self.parts, "of": self.of}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustering:
    """How like schools are found: over which shares, how many clusters, how small.

    `shares` is empty for all of them. A school with fewer than `minimum_shares` of
    them known is in no cluster and has no peers.
    """

    shares: tuple[str, ...]
    minimum_shares: int
    fewest: int
    most: int
    minimum_size: int
    minimum_schools: int
    peers: int

    @classmethod
    def read(cls, reader: Reader) -> "Clustering":
        """Read the keys of a clustering; faults are noted with the reader."""
        shares = reader.names("shares")
        known = tuple(share.name for share in SHARES)
        if not set(shares) <= set(known):
            reader.choice("shares", known)
            shares = ()
        fewest = reader.whole_number("fewest", at_least=2)
        most = reader.whole_number("most", at_least=fewest)
        if most > MOST_CLUSTERS:
            reader.number("most", at_least=fewest, at_most=MOST_CLUSTERS)
        return cls(
            shares=shares,
            minimum_shares=reader.whole_number("minimum_shares", at_least=1),
            fewest=fewest,
            most=most,
            minimum_size=reader.whole_number("minimum_size", at_least=1),
            minimum_schools=reader.whole_number("minimum_schools", at_least=2),
            peers=reader.whole_number("peers", at_least=0),
        )

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read` reads back to an equal value."""
        return {
            "shares": list(self.shares),
            "minimum_shares": self.minimum_shares,
            "fewest": self.fewest,
            "most": self.most,
            "minimum_size": self.minimum_size,
            "minimum_schools": self.minimum_schools,
            "peers": self.peers,
        }


MOST_CLUSTERS: Final = 12


def _real(reader: Reader, key: str) -> float:
    """Read any number of a sensible size; the stand-in for a bad one is 0."""
    number = reader.number(key, at_least=-LARGEST, at_most=LARGEST)
    return 0.0 if number == -LARGEST else number
