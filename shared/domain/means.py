"""Means of marks over few pupils: the counts behind them, and how sure they are."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from typing import Final, Protocol

from shared.domain.student import student_quantile

# What a pupil with each mark, and with none, adds to the measure.
_WEIGHTS: Final = {"sou": (16, 36, 64, 100, 7), "mean_mark": (2, 3, 4, 5)}


class MarkFigures(Protocol):
    """The figures of one set of results from which its marks can be told."""

    quality_rate: float | None
    success_rate: float | None
    mean_mark: float | None
    n_marked: int
    n_graded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Pupils by mark."""

    n2: int
    n3: int
    n4: int
    n5: int
    n_ungraded: int

    def __add__(self, other: "Marks") -> "Marks":
        """Count the pupils of both."""
        return Marks(
            n2=self.n2 + other.n2,
            n3=self.n3 + other.n3,
            n4=self.n4 + other.n4,
            n5=self.n5 + other.n5,
            n_ungraded=self.n_ungraded + other.n_ungraded,
        )


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `n` pupils with its standard error and the ends of its interval."""

    value: float
    n: int
    standard_error: float
    low: float
    high: float


def marks_of(figures: MarkFigures) -> Marks:
    """Return the marks behind figures: whole numbers, told from sums of them.

    With A = n4 + n5 and B = n3 + A from the two rates, and S the sum of all marks:
    n2 = graded - B, n3 = B - A and n5 = S - 3·n3 - 2·n2 - 4·A.

    60 % and 90 % of ten pupils, all graded, with a mean of 3.7 are 1, 3, 4 and 2:

    >>> from types import SimpleNamespace
    >>> shares = {"quality_rate": 60.0, "success_rate": 90.0, "mean_mark": 3.7}
    >>> marks_of(SimpleNamespace(**shares, n_marked=10, n_graded=10))
    Marks(n2=1, n3=3, n4=4, n5=2, n_ungraded=0)
    """
    graded, marked = figures.n_graded, figures.n_marked
    good = round((figures.quality_rate or 0) * marked / 100)
    passed = round((figures.success_rate or 0) * marked / 100)
    n2, n3 = graded - passed, passed - good
    n5 = round((figures.mean_mark or 0) * graded) - 3 * n3 - 2 * n2 - 4 * good
    return Marks(n2=n2, n3=n3, n4=good - n5, n5=n5, n_ungraded=marked - graded)


def estimate(measure: str, marks: Marks, confidence: float) -> Estimate | None:
    """Return СОУ or the mean mark with its interval; None over nobody.

    One pupil, spread evenly over all marks, is added to those counted. The standard
    error is the posterior's standard deviation, √((m₂ - m²)/(n + 2)) with the moments
    m and m₂ of the n + 1 pupils, so that five equal marks do not prove that a sixth
    pupil would have it, too. To either side of m the interval reaches so many of them
    as Student's t distribution with n degrees of freedom asks, within the scale; the
    mean itself always lies in it. In simulation it holds the true mean at least as
    often as it says from three pupils on, where m ± t·s/√n holds it too seldom.

    Source: W. Perks (1947) for the pupil that is added; «Student», «The probable error
    of a mean» (1908) for the quantile.

    2, 3, 4 and 5 of 1, 3, 4 and 2 pupils: m = 40.5/11, m₂ = 158.5/11 and the error is
    √((14.4091 - 13.5558)/12) = 0.2667; t of ten degrees of freedom is 2.228.

    >>> marks = Marks(n2=1, n3=3, n4=4, n5=2, n_ungraded=0)
    >>> found = estimate("mean_mark", marks, 95)
    >>> [round(end, 3) for end in (found.value, found.low, found.high)]
    [3.7, 3.088, 4.276]

    Args:
        measure: ``sou`` or ``mean_mark``.
        marks: Of the pupils; those without a mark have no mean mark.
        confidence: In per cent.
    """
    weights = _WEIGHTS[measure]
    counts = (marks.n2, marks.n3, marks.n4, marks.n5, marks.n_ungraded)[: len(weights)]
    n = sum(counts)
    if not n:
        return None
    value = _total(weights, counts, 1) / n
    one = [1 / len(weights)] * len(weights)
    # A pupil spread evenly over the weights adds their mean, and that of the squares.
    centre, square = (
        (_total(weights, counts, power) + _total(weights, one, power)) / (n + 1)
        for power in (1, 2)
    )
    error = math.sqrt((square - centre * centre) / (n + 2))
    reach = student_quantile(confidence, n) * error
    low = min(max(centre - reach, min(weights)), value)
    high = max(min(centre + reach, max(weights)), value)
    return Estimate(value, n, error, low, high)


def _total(weights: Sequence[int], pupils: Sequence[float], power: int) -> float:
    worth = (float(weight) ** power for weight in weights)
    return math.fsum(map(mul, worth, pupils))
