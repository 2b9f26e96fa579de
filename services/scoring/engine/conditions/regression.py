"""Least squares with what each row alone does to the fit."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Vector = NDArray[np.float64]

CONFIDENCE: Final = 0.95
# Columns of unit length whose R has a diagonal element below this are collinear for
# all that data of shares can tell; the longest of known hard cases (Longley) has 3e-5.
COLLINEAR: Final = 1e-9
# What is left of the variation once a fit is exact is rounding.
EXACT: Final = 1e-20


class Refusal(StrEnum):
    """Why there is no regression."""

    TOO_FEW_SCHOOLS = "too_few_schools"
    COLLINEAR_PREDICTORS = "collinear_predictors"
    CONSTANT_OUTCOME = "constant_outcome"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """A linear regression and its leave-one-out diagnostics, row by row.

    `residual_error` is the residual standard error: with weights, that of a row of
    mean weight. `adjusted_r_squared` and `r_squared` are about the (weighted) mean.
    `expected` is what the other rows make of this one, `deleted` the outcome minus
    it, `error` its standard error; `studentized` is their quotient, which is the
    externally studentised residual. Those are NaN for a row that alone decides a
    coefficient, and where the other rows lie on a line exactly.
    """

    coefficients: Vector
    standard_errors: Vector
    residual_error: float
    r_squared: float
    adjusted_r_squared: float
    n: int
    degrees_of_freedom: int
    quantile: float
    leverage: Vector
    fitted: Vector
    expected: Vector
    deleted: Vector
    error: Vector
    studentized: Vector
    deleted_quantile: float


def least_squares(
    predictors: Vector, outcome: Vector, weights: Vector | None = None
) -> Fit | Refusal:
    """Regress the outcome on the predictors and a constant, which comes first.

    With the hat matrix H = QQ' the residual that a row has from the line through all
    the others is e/(1 − h), and the variance of the others' residuals is
    (Σe² − e²/(1 − h))/(n − p − 1); nothing is fitted n times. Weights are the inverse
    of variances up to a factor: they are scaled to a mean of 1.

    Source: Cook and Weisberg, Residuals and Influence in Regression (1982), 2.2.

    On the four points (0, 0), (1, 1), (2, 2), (3, 7) the line is −0.8 + 2.2 x, and
    the line through the first three expects 3 of the fourth, which is 4 above it:

    >>> fit = least_squares(np.array([[0.0], [1], [2], [3]]), np.array([0.0, 1, 2, 7]))
    >>> [round(float(b), 12) for b in fit.coefficients]
    [-0.8, 2.2]
    >>> round(float(fit.expected[3]), 12), round(float(fit.deleted[3]), 12)
    (3.0, 4.0)

    Args:
        predictors: A row for each school, a column for each predictor.
        outcome: As many figures as rows.
        weights: Positive; None for equal ones.
    """
    n, columns = predictors.shape
    degrees = n - columns - 1
    if degrees < 2:  # noqa: PLR2004 (one is left when a row is left out)
        return Refusal.TOO_FEW_SCHOOLS
    root = np.ones(n) if weights is None else np.sqrt(weights * (n / weights.sum()))
    total = _about_mean(outcome, root)
    if total <= EXACT * ((outcome * root) ** 2).sum():
        return Refusal.CONSTANT_OUTCOME
    design = np.column_stack([np.ones(n), predictors]) * root[:, None]
    factors = _factors(design)
    if factors is None:
        return Refusal.COLLINEAR_PREDICTORS
    q, inverse = factors
    coefficients = inverse @ (q.T @ (outcome * root))
    residuals = outcome * root - design @ coefficients
    left = (residuals**2).sum()
    variance = left / degrees
    return Fit(
        coefficients=coefficients,
        standard_errors=np.sqrt(variance * (inverse**2).sum(axis=1)),
        residual_error=float(np.sqrt(variance)),
        r_squared=float(1 - left / total),
        adjusted_r_squared=float(1 - variance / (total / (n - 1))),
        n=n,
        degrees_of_freedom=degrees,
        quantile=_quantile(degrees),
        deleted_quantile=_quantile(degrees - 1),
        **_row_by_row(residuals, outcome, root, q, total=total),
    )


def _about_mean(outcome: Vector, root: Vector) -> float:
    """Return the weighted sum of squares about the weighted mean."""
    centred = outcome - (root**2 * outcome).sum() / len(outcome)
    return float(((root * centred) ** 2).sum())


def _factors(design: Vector) -> tuple[Vector, Vector] | None:
    """Return Q and the inverse of R of a design, or None if it is collinear.

    Columns are brought to unit length first: a share in % and an index in [0, 1] are
    then solved equally well.
    """
    lengths = np.sqrt((design**2).sum(axis=0))
    if not lengths.all():
        return None
    q, r = np.linalg.qr(design / lengths)
    if np.abs(np.diagonal(r)).min() < COLLINEAR:
        return None
    return q, _inverse(r) / lengths[:, None]


def _inverse(upper: Vector) -> Vector:
    """Invert an upper triangular matrix by back substitution.

    The matrices here are so small that waking a library's threads costs far more.
    """
    inverse = np.eye(len(upper))
    for row in reversed(range(len(upper))):
        inverse[row] -= upper[row, row + 1 :] @ inverse[row + 1 :]
        inverse[row] /= upper[row, row]
    return inverse


def _row_by_row(
    residuals: Vector, outcome: Vector, root: Vector, q: Vector, *, total: float
) -> dict[str, Vector]:
    """Return what is left of each row once it is left out of the fit."""
    n, columns = q.shape
    leverage = (q**2).sum(axis=1)
    rest = 1 - leverage
    with np.errstate(divide="ignore", invalid="ignore"):
        alone = rest < COLLINEAR
        deleted = np.where(alone, np.nan, residuals / (rest * root))
        others = (residuals**2).sum() - residuals**2 / rest
        exact = alone | (others <= EXACT * total)
        spread = np.where(exact, np.nan, np.sqrt(np.abs(others) / (n - columns - 1)))
        error = spread / (root * np.sqrt(np.abs(rest)))
    return {
        "leverage": leverage,
        "fitted": outcome - residuals / root,
        "expected": outcome - deleted,
        "deleted": deleted,
        "error": error,
        "studentized": deleted / error,
    }


def _quantile(degrees: int) -> float:
    """Return Student's quantile of the two-sided interval of `CONFIDENCE`."""
    return float(stdtrit(degrees, (1 + CONFIDENCE) / 2))
