"""What stands beside each mean of a page: interval, pooled and shrunk figures."""

from functools import reduce
from operator import add
from typing import Final

from services.api.indicators.rates import Beside, drawn, key_of
from services.api.indicators.schemas import MarksOut, MeanOut
from shared.domain.means import Marks, estimate, marks_of
from shared.domain.measures import MEASURES
from shared.persistence.paging import AnyRow

# Measures to which each mark adds what it weighs.
MEANS: Final = frozenset({"sou", "mean_mark"})


def mean_out(row: AnyRow, beside: Beside) -> MeanOut | None:
    """Return what stands beside a figure; None where it is no mean over anybody."""
    if row.measure not in MEANS:
        return None
    confidence = beside.rules.confidence
    years = _years(row, beside)
    own = estimate(row.measure, years[beside.year], confidence)
    pooled = estimate(row.measure, reduce(add, years.values()), confidence)
    if own is None or pooled is None:
        return None
    shrunk, weight = drawn(row, beside)
    return MeanOut(
        marks=MarksOut.model_validate(years[beside.year]),
        standard_error=own.standard_error,
        low=own.low,
        high=own.high,
        is_small=row.n < beside.minimum_n,
        pooled_value=pooled.value,
        pooled_n=pooled.n,
        pooled_years=sorted(years),
        pooled_low=pooled.low,
        pooled_high=pooled.high,
        shrunk=shrunk,
        shrink_weight=weight,
    )


def _years(row: AnyRow, beside: Beside) -> dict[int, Marks]:
    """Return the marks of each year that is pooled and has anybody to count."""
    n_column = MEASURES[row.measure].n_column
    years = {
        each.year: marks_of(each)
        for each in beside.earlier.get(key_of(row), ())
        if getattr(each, n_column)
    }
    return years | {beside.year: marks_of(row)}
