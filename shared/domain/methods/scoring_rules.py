"""How a method turns the figures of a municipality's schools into scores."""

from dataclasses import dataclass
from enum import StrEnum

from shared.domain.errors import Text
from shared.domain.methods.reading import Reader


class Rule(StrEnum):
    """How a score follows from the figures of all ranked schools.

    ``best_is_100``: the best school has 100, the others in proportion to it.
    ``min_max``: from 0 for the worst to 100 for the best. ``z_score``: in standard
    deviations from the mean. ``bands``: points of the band that the figure lies in.
    ``rank_percentile``: per cent of schools that are no better, half of the equal
    ones. ``value``: the figure itself.
    """

    BEST_IS_100 = "best_is_100"
    MIN_MAX = "min_max"
    Z_SCORE = "z_score"
    BANDS = "bands"
    RANK_PERCENTILE = "rank_percentile"
    VALUE = "value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """A rule with its thresholds.

    Only ``bands`` has any: each of `cuts` is the lowest figure of the band above it,
    so 65 belongs to the upper band only; `points` has one more than `cuts`, from the
    lowest band up.
    """

    rule: Rule
    cuts: tuple[float, ...] = ()
    points: tuple[float, ...] = ()

    @classmethod
    def read(cls, reader: Reader) -> "Scoring":
        """Read the keys of a rule; faults are noted with the reader."""
        rule = Rule(reader.choice("rule", tuple(Rule)))
        if rule is not Rule.BANDS:
            return cls(rule=rule)
        cuts, points = reader.ascending("cuts"), reader.numbers("points")
        if cuts and points and len(points) != len(cuts) + 1:
            reader.refuse(
                "points",
                list(points),
                Text(
                    f"Границ {len(cuts)}, значит полос и баллов {len(cuts) + 1}",
                    f"{len(cuts)} cuts make {len(cuts) + 1} bands, each with points",
                ),
            )
        return cls(rule=rule, cuts=cuts, points=points)

    def to_mapping(self) -> dict[str, object]:
        """Return plain data that `read` reads back to an equal value."""
        if self.rule is not Rule.BANDS:
            return {"rule": self.rule.value}
        return {
            "rule": self.rule.value,
            "cuts": list(self.cuts),
            "points": list(self.points),
        }
