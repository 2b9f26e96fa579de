"""A method of conditions: the index, the expected result, the lists, the clusters."""

from dataclasses import dataclass
from typing import ClassVar

from shared.domain.methods.condition_index import (
    IndexSource,
    Reference,
    ShareUse,
    read_shares,
)
from shared.domain.methods.condition_settings import Clustering, Expectation, LowEnd
from shared.domain.methods.reading import Reader

EXPECTED = (
    "measure",
    "minimum_n",
    "predictors",
    "weighting",
    "minimum_schools",
    "schools_per_coefficient",
    "quadrants_from",
    "differs_from",
)
CLUSTERED = (
    "shares",
    "minimum_shares",
    "fewest",
    "most",
    "minimum_size",
    "minimum_schools",
    "peers",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """How schools' conditions are reckoned, and results compared in their light.

    `minimum_shares` of the shares have to be known for an index. `difficult` says
    which schools are in difficult social conditions (ШНСУ); a school whose index is
    within `resilient` and whose result is above what is expected is resilient.
    """

    KIND: ClassVar[str] = "conditions"

    index: IndexSource
    shares: tuple[ShareUse, ...]
    minimum_shares: int
    reference: Reference
    expected: Expectation
    difficult: LowEnd
    resilient: LowEnd
    clusters: Clustering

    @classmethod
    def read(cls, reader: Reader) -> "Conditions":
        """Read the keys of conditions; faults are noted with the reader."""
        shares = read_shares(reader.section("shares"))
        return cls(
            index=IndexSource(reader.choice("index", tuple(IndexSource))),
            shares=shares,
            minimum_shares=_at_most(reader, len(shares)),
            reference=Reference.read(reader.section("reference"), shares),
            expected=Expectation.read(reader.section("expected")),
            difficult=LowEnd.read(reader.section("difficult")),
            resilient=LowEnd.read(reader.section("resilient")),
            clusters=Clustering.read(reader.section("clusters")),
        )

    @property
    def thresholds(self) -> tuple[str, ...]:
        """Return the paths that need a provenance.

        The signs that a source states share one; each other sign has its own.
        """
        signs = [f"signs.{use.name}" for use in self.shares if not use.sign_is_stated]
        if len(signs) < len(self.shares):
            signs.append("signs")
        entered = ["expected.coefficients"] if self.expected.coefficients else []
        return (
            "index",
            "weights",
            *sorted(signs),
            "minimum_shares",
            "reference",
            *(f"expected.{name}" for name in EXPECTED),
            *entered,
            "difficult",
            "resilient",
            *(f"clusters.{name}" for name in CLUSTERED),
        )

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read` reads back to an equal value."""
        return {
            "index": self.index.value,
            "shares": {
                use.name: {"weight": use.weight, "effect": use.effect.value}
                for use in self.shares
            },
            "minimum_shares": self.minimum_shares,
            "reference": self.reference.to_mapping(),
            "expected": self.expected.to_mapping(),
            "difficult": self.difficult.to_mapping(),
            "resilient": self.resilient.to_mapping(),
            "clusters": self.clusters.to_mapping(),
        }


def _at_most(reader: Reader, shares: int) -> int:
    """Read `minimum_shares`: more than there are would refuse every school."""
    minimum = reader.whole_number("minimum_shares", at_least=1)
    if shares and minimum > shares:
        reader.number("minimum_shares", at_least=1, at_most=shares)
    return minimum
