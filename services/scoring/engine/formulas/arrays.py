"""What operators and functions of formulas do with columns of figures.

A missing figure is NaN. Conditions are figures too: 1 is true and 0 false.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
import polars as pl

from services.scoring.engine.rounding import rounded

# A column, or one number that is the same in all rows.
Figures: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.float64]] | np.float64

# Relative to the larger figure, but not less than this itself: what floats lose in a
# handful of operations, and far less than anybody can mean.
_NOISE: Final = 1e-9


def finite(figures: Figures) -> Figures:
    """Return the figures with NaN for those that are infinite."""
    return np.where(np.isfinite(figures), figures, np.nan)


def _divided(numerator: Figures, denominator: Figures) -> Figures:
    is_zero = np.abs(denominator) <= _NOISE
    return numerator / np.where(is_zero, np.nan, denominator)


def _share(part: Figures, whole: Figures) -> Figures:
    return 100 * part / np.where(whole > _NOISE, whole, np.nan)


def _equal(left: Figures, right: Figures) -> Figures:
    size = np.maximum(np.maximum(np.abs(left), np.abs(right)), 1)
    claim = np.less_equal(np.abs(left - right), _NOISE * size)
    return np.where(np.isnan(left + right), np.nan, claim)


def _less(left: Figures, right: Figures) -> Figures:
    return np.less(left, right) * (1 - _equal(left, right))


def _both(left: Figures, right: Figures) -> Figures:
    return np.where((left == 0) | (right == 0), 0.0, left * right)


def _either(left: Figures, right: Figures) -> Figures:
    return 1 - _both(1 - left, 1 - right)


def _chosen(condition: Figures, yes: Figures, no: Figures) -> Figures:
    known = np.where(condition == 1, yes, no)
    return np.where(np.isnan(condition), np.nan, known)


def _first_known(*figures: Figures) -> Figures:
    return reduce(lambda left, right: np.where(np.isnan(left), right, left), figures)


def _sum(*figures: Figures) -> Figures:
    return reduce(np.add, figures)


def _rounded(figures: Figures, decimals: Figures | None = None) -> Figures:
    places = 0 if decimals is None else int(decimals)
    column = pl.DataFrame({"figure": np.atleast_1d(figures)})
    return column.select(rounded(pl.col("figure"), decimals=places))[
        "figure"
    ].to_numpy()


OPERATORS: Final[Mapping[str, Callable[[Figures, Figures], Figures]]] = (
    MappingProxyType(
        {
            "+": np.add,
            "-": np.subtract,
            "*": np.multiply,
            "/": _divided,
            "=": _equal,
            "!=": lambda left, right: 1 - _equal(left, right),
            "<": _less,
            ">": lambda left, right: _less(right, left),
            "<=": lambda left, right: 1 - _less(right, left),
            ">=": lambda left, right: 1 - _less(left, right),
            "and": _both,
            "or": _either,
        }
    )
)
FUNCTIONS: Final[Mapping[str, Callable[..., Figures]]] = MappingProxyType(
    {
        "min": lambda *figures: reduce(np.minimum, figures),
        "max": lambda *figures: reduce(np.maximum, figures),
        "sum": _sum,
        "mean": lambda *figures: _sum(*figures) / len(figures),
        "abs": np.abs,
        "round": _rounded,
        "if": _chosen,
        "coalesce": _first_known,
        "share": _share,
    }
)
