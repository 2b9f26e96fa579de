"""How far a composite may be off, from how far its indicators may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.scoring.engine.composite.figures import Choice
from services.scoring.engine.composite.weighing import compose
from shared.domain.methods.composites import Composite

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Member:
    """An indicator of the composite: value, score and standard error by school.

    Not a number where a school has none. `choice` names the papers behind it, None
    where it is not counted from pupils, and has no error that anybody knows.
    """

    value: Floats
    score: Floats
    error: Floats
    choice: Choice | None


def composite_errors(
    members: Mapping[str, Member],
    composite: Composite,
    municipalities: NDArray[np.int64],
) -> Floats:
    """Propagate the errors of indicators to the composite, in points of its score.

    Figures over the same papers rest on the same pupils and are taken to err
    together: theirs are added. Figures over others err by themselves: of those the
    squares are added. What an error is worth in points of the score is read off the
    values and scores of the municipality's schools, between neighbours in value.

    Source: the law of propagation of uncertainty, with correlations of 1 and 0 (Guide
    to the Expression of Uncertainty in Measurement, JCGM 100:2008, 5.1 and 5.2).

    Args:
        members: The indicators by code, with the same schools in the same order.
        composite: Of the method.
        municipalities: Of the schools, in one piece for each.

    Returns:
        A standard error for each school, not a number where no indicator has any.
    """
    codes = sorted(members)
    scores = {code: members[code].score for code in codes}
    errors = {code: _in_points(members[code], municipalities) for code in codes}
    own = compose(scores, composite).composite.mean
    total, known = np.zeros_like(own), np.zeros(len(own), dtype=bool)
    counted = [code for code in codes if members[code].choice is not None]
    counted.sort(key=lambda code: (repr(members[code].choice), code))
    for _, together in groupby(counted, key=lambda code: repr(members[code].choice)):
        moved = dict(scores)
        for code in together:
            moved[code] = scores[code] + np.nan_to_num(errors[code])
            known |= np.isfinite(errors[code])
        total += np.square(compose(moved, composite).composite.mean - own)
    return np.where(known, np.sqrt(total), np.nan)


def _in_points(member: Member, municipalities: NDArray[np.int64]) -> Floats:
    """Return the larger change of a score by a standard error up or down."""
    points = np.full_like(member.score, np.nan)
    runs = pl.Series(municipalities).rle().struct.field("len").cum_sum().to_list()
    for begin, end in zip([0, *runs], runs, strict=False):
        value, score = member.value[begin:end], member.score[begin:end]
        has_both = np.isfinite(value) & np.isfinite(score)
        if not has_both.any():
            continue
        known, first = np.unique(value[has_both], return_index=True)
        scale = score[has_both][first]
        error = member.error[begin:end]
        up = np.interp(value + error, known, scale) - score
        down = np.interp(value - error, known, scale) - score
        points[begin:end] = np.where(has_both, np.maximum(abs(up), abs(down)), np.nan)
    return points
