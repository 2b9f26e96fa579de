"""What an indicator finds of each school, and the share that this comes to."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import polars as pl

from services.scoring.engine.small_numbers.wilson import wilson_interval
from shared.domain.programme_reasons import Reason

# Shares of a few dozen schools are the same ones again and again.
MOST_INTERVALS: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a school counts; None is undecided, which is never a no.

    `part` of `whole` is what it adds to numerator and denominator: one of one school,
    or so many of its respondents or programmes. `reason` is why it does not count,
    `evidence` the figures that decided.
    """

    school_id: int
    holds: bool | None
    part: int
    whole: int
    reason: Reason | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


def yes(school_id: int, **evidence: Any) -> Verdict:
    """Count a school."""
    return Verdict(school_id=school_id, holds=True, part=1, whole=1, evidence=evidence)


def no(school_id: int, reason: Reason, **evidence: Any) -> Verdict:
    """Decide that a school does not count."""
    return Verdict(
        school_id=school_id,
        holds=False,
        part=0,
        whole=1,
        reason=reason,
        evidence=evidence,
    )


def undecided(school_id: int, reason: Reason, **evidence: Any) -> Verdict:
    """Leave a school out of the share, as too little is known of it."""
    return Verdict(
        school_id=school_id,
        holds=None,
        part=0,
        whole=0,
        reason=reason,
        evidence=evidence,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What may still come of a running year.

    Of `open_parts` units it is still open whether they will count; `joining` of them
    are not in the denominator yet. `kept` and `missed` are the like cases that have
    been decided, from which the rate of the open ones is learnt.
    """

    open_parts: int
    joining: int
    kept: int
    missed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Verdicts on all schools in ascending order, and what may still come.

    `thresholds` are the names of the method's that decided. Without a prospect
    `unprojected` says why.
    """

    verdicts: tuple[Verdict, ...]
    prospect: Prospect | None = None
    unprojected: Reason | None = None
    thresholds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of all that is decided, with Wilson's interval in per cent.

    `decided` of `schools` is the coverage. `least` and `most` are the shares that it
    would be, were all undecided schools a no or a yes.
    """

    numerator: int
    denominator: int
    percent: float
    low: float
    high: float
    decided: int
    schools: int
    least: float | None
    most: float | None


def share_of(verdicts: Iterable[Verdict], *, confidence: float) -> Share | None:
    """Sum verdicts to a share; None where nothing is decided.

    Source: 100 × numerator / denominator over the decided, with Wilson's interval;
    what the undecided could make of it is Manski's bounds of a share with missing
    answers. Those are known only where each school adds one.

    Of three schools one counts, one does not, and of one too little is known:

    >>> found = [yes(7), no(8, Reason.NO_SWOT), undecided(9, Reason.NO_SURVEY)]
    >>> share = share_of(found, confidence=95.0)
    >>> (share.percent, share.decided, share.schools)
    (50.0, 2, 3)
    >>> [round(end, 2) for end in (share.low, share.high, share.least, share.most)]
    [9.45, 90.55, 33.33, 66.67]
    """
    found = list(verdicts)
    part, whole = sum(v.part for v in found), sum(v.whole for v in found)
    if not whole:
        return None
    low, high = interval(part, whole, confidence)
    schools, decided = len(found), sum(v.holds is not None for v in found)
    one_each = all(v.whole == 1 for v in found if v.holds is not None)
    return Share(
        numerator=part,
        denominator=whole,
        percent=100 * part / whole,
        low=low,
        high=high,
        decided=decided,
        schools=schools,
        least=100 * part / schools if one_each else None,
        most=100 * (part + schools - decided) / schools if one_each else None,
    )


@lru_cache(maxsize=MOST_INTERVALS)
def interval(part: int, whole: int, confidence: float) -> tuple[float, float]:
    """Return Wilson's interval in per cent; `confidence` is in per cent, too."""
    ends = wilson_interval(pl.col("part"), pl.col("whole"), confidence / 100)
    row = pl.DataFrame({"part": [part], "whole": [whole]}).select(
        low=100 * ends[0], high=100 * ends[1]
    )
    low, high = row.row(0)
    return float(low), float(high)


def main_reason(verdicts: Iterable[Verdict]) -> Reason:
    """Return why nothing is decided: what is said of most schools.

    >>> main_reason([undecided(7, Reason.NO_SURVEY)])
    <Reason.NO_SURVEY: 'no_survey'>
    """
    counts = Counter(v.reason for v in verdicts if v.reason is not None)
    if not counts:
        return Reason.NO_SCHOOLS
    return min(counts, key=lambda reason: (-counts[reason], reason))


def of_undecided(
    verdicts: tuple[Verdict, ...], thresholds: tuple[str, ...] = ()
) -> Finding:
    """Let the undecided schools follow the rate of the decided ones."""
    open_parts = sum(v.holds is None for v in verdicts)
    kept = sum(v.holds is True for v in verdicts)
    missed = sum(v.holds is False for v in verdicts)
    prospect = None
    if kept + missed:
        prospect = Prospect(
            open_parts=open_parts, joining=open_parts, kept=kept, missed=missed
        )
    return Finding(
        verdicts=verdicts,
        prospect=prospect,
        unprojected=None if prospect else Reason.NOTHING_COUNTED,
        thresholds=thresholds,
    )


def of_open(
    verdicts: tuple[Verdict, ...],
    is_open: Callable[[Verdict], bool],
    *,
    missed: int,
) -> Finding:
    """Let schools that do not count as yet follow the rate of what has come due."""
    kept = sum(v.holds is True for v in verdicts)
    open_ones = [v for v in verdicts if v.holds is not True and is_open(v)]
    return Finding(
        verdicts=verdicts,
        prospect=Prospect(
            open_parts=len(open_ones),
            joining=sum(v.holds is None for v in open_ones),
            kept=kept,
            missed=missed,
        ),
    )
