"""What a share comes to at the end of a running year."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from scipy.stats import betabinom

from services.scoring.engine.programmes.findings import Prospect, Share
from services.scoring.engine.rounding import rounded_figure


class Outlook(StrEnum):
    """Whether a target will be reached, as far as the records tell."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """The share at the year's end: expected, and the interval that holds it.

    `open_parts` units are undecided, of which `expected` should come to count.
    """

    percent: float
    low: float
    high: float
    open_parts: int
    expected: float
    denominator: int


def project(
    share: Share | None, prospect: Prospect, *, confidence: float, prior: float
) -> Projection | None:
    """Project a share to the year's end; None where there would be nothing to share.

    Source: the beta-binomial predictive distribution. What counts today stays so. Each
    open unit comes to count with a rate that is the same for all and unknown; of it
    are known `kept` and `missed` like cases and a prior of `prior` each (½ is
    Jeffreys'). The interval leaves out at most half of 1 − confidence at either end.

    It is no better than its two assumptions: that the open cases go like the decided
    ones, and independently of each other; and that what nobody has begun by now does
    not begin by the year's end.

    Of 10 schools 4 count and 3 are in preparation; all 4 that were due have kept it:

    >>> from services.scoring.engine.programmes.findings import no, share_of, yes
    >>> from shared.domain.programme_reasons import Reason
    >>> schools = [*map(yes, range(4))]
    >>> schools += [no(number, Reason.NO_AGREEMENT) for number in range(4, 10)]
    >>> today = share_of(schools, confidence=95.0)
    >>> prospect = Prospect(open_parts=3, joining=0, kept=4, missed=0)
    >>> end = project(today, prospect, confidence=95.0, prior=0.5)
    >>> (round(end.percent, 2), end.low, end.high)
    (67.0, 50.0, 70.0)
    """
    counted = share.numerator if share else 0
    whole = (share.denominator if share else 0) + prospect.joining
    if not whole:
        return None
    low, high, expected = 0, 0, 0.0
    if prospect.open_parts:
        a, b = prospect.kept + prior, prospect.missed + prior
        outside = (1 - confidence / 100) / 2
        coming = betabinom(prospect.open_parts, a, b)
        low, high = int(coming.ppf(outside)), int(coming.ppf(1 - outside))
        expected = prospect.open_parts * a / (a + b)
    return Projection(
        percent=100 * (counted + expected) / whole,
        low=100 * (counted + low) / whole,
        high=100 * (counted + high) / whole,
        open_parts=prospect.open_parts,
        expected=expected,
        denominator=whole,
    )


def against_target(projection: Projection, low: float) -> Outlook:
    """Hold a projection against the lower end of a range, as people read figures.

    On track is what reaches it with all of the interval, missed what does with none.
    """
    target = rounded_figure(low)
    return _outlook(projection, lambda end: rounded_figure(end) >= target)


def against_before(projection: Projection, percent: float) -> Outlook:
    """Hold a projection against the year before, above which it has to grow."""
    before = rounded_figure(percent)
    return _outlook(projection, lambda end: rounded_figure(end) > before)


def _outlook(projection: Projection, reaches: Callable[[float], bool]) -> Outlook:
    if reaches(projection.low):
        return Outlook.ON_TRACK
    return Outlook.AT_RISK if reaches(projection.high) else Outlook.MISSED
