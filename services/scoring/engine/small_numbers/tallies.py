"""What each measure weighs: pupils by what they add to its figure.

A measure is the mean of weights over pupils. A rate weighs a pupil 100 or 0; СОУ and
the mean mark have a weight for each mark. All that small numbers ask of a figure, its
interval, its shrinkage and its resamples, is a matter of these few counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from types import MappingProxyType
from typing import Final

import polars as pl


@dataclass(frozen=True, slots=True)
class Tally:
    """The weights of a measure, each with the count of pupils that have it.

    The counts are expressions over the columns of `measures.summarise`.
    """

    weights: tuple[int, ...]
    counts: tuple[pl.Expr, ...]

    @property
    def is_rate(self) -> bool:
        """Tell whether a pupil counts fully or not at all."""
        return len(self.weights) == 2  # noqa: PLR2004 (both outcomes of a rate)

    @property
    def columns(self) -> list[pl.Expr]:
        """Return the counts as columns `tally_0`, `tally_1` and so on."""
        return [
            count.cast(pl.Int64).alias(name)
            for name, count in zip(self.names, self.counts, strict=True)
        ]

    @property
    def names(self) -> list[str]:
        """Return the names of the counts' columns."""
        return [f"tally_{position}" for position in range(len(self.weights))]

    def moment(self, power: int) -> pl.Expr:
        """Sum weights to a power over pupils, from the columns: 0 counts them.

        Whole numbers all the way, so nothing is lost.
        """
        return _weighed(self.weights, [pl.col(name) for name in self.names], power)

    def total(self, power: int) -> pl.Expr:
        """Do the same over the columns of `measures.summarise`."""
        counts = [count.cast(pl.Int64) for count in self.counts]
        return _weighed(self.weights, counts, power)


def _weighed(weights: Sequence[int], counts: Sequence[pl.Expr], power: int) -> pl.Expr:
    worth = [
        (int(weight**power), count)
        for weight, count in zip(weights, counts, strict=True)
    ]
    return reduce(add, [times * count for times, count in worth if times])


def _rate(part: pl.Expr, whole: str) -> Tally:
    return Tally(weights=(100, 0), counts=(part, pl.col(whole) - part))


_n2, _n3, _n4, _n5 = (pl.col(name) for name in ("n2", "n3", "n4", "n5"))

TALLIES: Final[Mapping[str, Tally]] = MappingProxyType(
    {
        "quality_rate": _rate(_n4 + _n5, "n_marked"),
        "success_rate": _rate(_n3 + _n4 + _n5, "n_marked"),
        "sou": Tally(
            (100, 64, 36, 16, 7), (_n5, _n4, _n3, _n2, pl.col("n_ungraded_marked"))
        ),
        "mean_mark": Tally((5, 4, 3, 2), (_n5, _n4, _n3, _n2)),
        "low_share": _rate(pl.col("n_low"), "n_low_of"),
        "confirmed_marks": _rate(pl.col("n_equal"), "n_compared"),
    }
)
