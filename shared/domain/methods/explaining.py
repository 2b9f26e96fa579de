"""What a score is put together from, for those who ask why it is what it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.domain.methods.indicators import Indicator
from shared.domain.methods.ranking import Ranking


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a sum: its score, its weight, and what it adds.

    `weight` is the part of the weight as the method has it, `used` that among the
    parts which are there; both from 0 to 1. Contributions add up to the sum.
    """

    code: str
    score: float | None
    weight: float
    used: float
    contribution: float | None


def shares_of(
    weights: Mapping[str, float], scores: Mapping[str, float | None]
) -> list[Share]:
    """Tell what each part adds to a weighted mean over the parts that are there.

    >>> for share in shares_of({"a": 3, "b": 1, "c": 4}, {"a": 80.0, "b": 40.0}):
    ...     print(share.code, share.weight, share.used, share.contribution)
    a 0.375 0.75 60.0
    b 0.125 0.25 10.0
    c 0.5 0.0 None
    """
    whole = sum(weights.values())
    there = sum(
        weight for code, weight in weights.items() if scores.get(code) is not None
    )
    shares = []
    for code, weight in weights.items():
        score = scores.get(code)
        used = weight / there if score is not None else 0.0
        shares.append(
            Share(
                code=code,
                score=score,
                weight=weight / whole,
                used=used,
                contribution=None if score is None else score * used,
            )
        )
    return shares


def thresholds_behind(method: Ranking, indicator: Indicator) -> tuple[str, ...]:
    """Return the paths of all that was decided about an indicator.

    A default of the method counts unless the indicator has its own.
    """
    default = (name for name in _TREATED if name not in indicator.own)
    return (*indicator.thresholds, *default, *method.comparability.thresholds)


_TREATED = ("minimum_n", "pool_years", "tolerance", "missing", "scoring")
