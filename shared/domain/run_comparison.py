"""What became of a school between two runs, and what each indicator adds to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from shared.domain.methods.explaining import shares_of
from shared.domain.methods.indicators import COMPOSITE
from shared.domain.methods.ranking import Ranking

DECIMALS: Final = 6


class Because(StrEnum):
    """Why a school's score by an indicator differs between two runs."""

    OWN_FIGURE = "own_figure"  # another value, or over other pupils
    APPEARED = "appeared"
    DISAPPEARED = "disappeared"
    OTHER_SCHOOLS = "other_schools"  # the same figure among other figures
    METHOD = "method"
    WEIGHT = "weight"  # its part of what is there


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What a run has of one school by one indicator, group or composite."""

    value: float | None
    n: int | None
    numerator: int | None
    score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What an indicator is in what ranks: its weight among what is there, its score.

    A term that is not there weighs nothing.
    """

    weight: float
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What an indicator adds to a change; the two parts add up to the whole.

    `of_score` is by its score at the mean of both weights, `of_weight` by its weight
    at the mean of both scores.
    """

    whole: float
    of_score: float
    of_weight: float


Figures = Mapping[tuple[str, str], Figure]
NOTHING: Final = Term(weight=0.0, score=0.0)


def terms_of(spec: Ranking, figures: Figures) -> dict[str, Term]:
    """Return what the figure that ranks is the sum of, by indicator.

    Args:
        spec: The method of the run.
        figures: Of one school, by level and code.
    """
    composite = spec.composite
    if spec.ranked_by != COMPOSITE or composite is None:
        ranking = figures.get(("indicator", spec.ranked_by))
        value = None if ranking is None else ranking.value
        return {} if value is None else {spec.ranked_by: Term(weight=1.0, score=value)}
    scores = {key: figure.score for key, figure in figures.items()}
    groups = shares_of(
        {group.code: group.weight for group in composite.groups},
        {group.code: scores.get(("group", group.code)) for group in composite.groups},
    )
    terms = {}
    for group, share in zip(composite.groups, groups, strict=True):
        members = dict(group.members)
        inner = shares_of(
            members, {code: scores.get(("indicator", code)) for code in members}
        )
        for part in inner:
            if part.score is not None and share.used:
                weight = share.used * part.used
                terms[part.code] = Term(weight=weight, score=part.score)
    return terms


def contributions(
    before: Mapping[str, Term],
    after: Mapping[str, Term],
    *,
    values: tuple[float, float],
) -> dict[str, Contribution]:
    """Tell what each indicator adds to the change of a sum of terms.

    Source: the product rule of differences, Δ(w·s) = mean(w)·Δs + mean(s)·Δw. A term
    that came or went changed its weight. All parts are rounded to `DECIMALS` so that
    they add up to the change of the values so rounded (`rounded_change`), with no
    remainder.

    A score that rises from 60 to 70 at three quarters of the weight adds 7.5:

    >>> before = {"a": Term(weight=0.75, score=60), "b": Term(weight=0.25, score=40)}
    >>> after = {"a": Term(weight=0.75, score=70), "b": Term(weight=0.25, score=40)}
    >>> parts = contributions(before, after, values=(55.0, 62.5))
    >>> parts["a"].whole, parts["b"].whole
    (7.5, 0.0)
    """
    codes = [*before, *(code for code in after if code not in before)]
    parts: list[Fraction] = []
    for code in codes:
        was, now = before.get(code, NOTHING), after.get(code, NOTHING)
        parts += _parts(was, now, both=code in before and code in after)
    added = apportioned(parts, _gap(*values))
    pairs = zip(added[::2], added[1::2], strict=True)
    return {
        code: Contribution(
            whole=_shown(of_score + of_weight),
            of_score=_shown(of_score),
            of_weight=_shown(of_weight),
        )
        for code, (of_score, of_weight) in zip(codes, pairs, strict=True)
    }


def rounded_change(before: float, after: float) -> float:
    """Return the change that contributions add up to."""
    return _shown(_units(_gap(before, after)))


def apportioned(parts: Sequence[Fraction], total: Fraction) -> list[int]:
    """Round parts to units of ``10**-DECIMALS`` that add up to the rounded total.

    Source: the method of largest remainders (Hamilton). `total` is the sum of the
    parts but for the noise of floats.

    >>> apportioned([Fraction(1, 3)] * 3, Fraction(1))
    [333334, 333333, 333333]
    """
    scaled = [part * 10**DECIMALS for part in parts]
    whole = [part.numerator // part.denominator for part in scaled]
    missing = _units(total) - sum(whole)
    by_remainder = sorted(
        range(len(parts)), key=lambda place: whole[place] - scaled[place]
    )
    for place in by_remainder[: max(missing, 0)]:
        whole[place] += 1
    return whole


def reasons_between(
    before: Figure | None,
    after: Figure | None,
    *,
    weights: tuple[float, float],
    same_method: bool,
) -> list[Because]:
    """Tell why an indicator of a school is not what it was; nothing if it is.

    Args:
        before: In the earlier run; None where it was not there at all.
        after: In the later one.
        weights: Its part of what ranks, in both.
        same_method: Both runs are by the very same method.
    """
    had = before is not None and before.score is not None
    has = after is not None and after.score is not None
    found = []
    if has and not had:
        found.append(Because.APPEARED)
    elif had and not has:
        found.append(Because.DISAPPEARED)
    elif before is not None and after is not None:
        if _counted(before) != _counted(after):
            found.append(Because.OWN_FIGURE)
        elif before.score != after.score:
            found.append(Because.OTHER_SCHOOLS if same_method else Because.METHOD)
    if had and has and weights[0] != weights[1]:
        found.append(Because.WEIGHT)
    return found


def _counted(figure: Figure) -> tuple[object, ...]:
    return figure.value, figure.n, figure.numerator


def _parts(was: Term, now: Term, *, both: bool) -> tuple[Fraction, Fraction]:
    w0, w1 = Fraction(was.weight), Fraction(now.weight)
    s0, s1 = Fraction(was.score), Fraction(now.score)
    if not both:
        return Fraction(0), w1 * s1 - w0 * s0
    return (w0 + w1) / 2 * (s1 - s0), (s0 + s1) / 2 * (w1 - w0)


def _gap(before: float, after: float) -> Fraction:
    return Fraction(after) - Fraction(before)


def _units(number: Fraction) -> int:
    return round(number * 10**DECIMALS)


def _shown(units: int) -> float:
    return units / 10**DECIMALS
