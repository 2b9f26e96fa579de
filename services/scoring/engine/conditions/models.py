"""What a comparison of schools rests on: a regression, coefficients, or medians."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.scoring.engine.conditions.groups import Group
from services.scoring.engine.conditions.regression import (
    Fit,
    Refusal,
    least_squares,
)
from shared.domain.methods.condition_settings import Coefficients, Expectation

INTERCEPT: Final = "intercept"
# Of the two-sided 95 % interval; coefficients of a region rest on many schools.
NORMAL_QUANTILE: Final = 1.959963984540054
MODEL_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "year": pl.Int64,
        "basis": pl.String,
        "basis_reason": pl.String,
        "schools": pl.Int64,
        "r_squared": pl.Float64,
        "adjusted_r_squared": pl.Float64,
        "residual_error": pl.Float64,
        "degrees_of_freedom": pl.Int64,
        "coefficients": pl.String,
    }
)
Columns = NDArray[np.float64]


class Basis(StrEnum):
    """What the comparison of a municipality's schools rests on."""

    REGRESSION = "regression"
    REGION_COEFFICIENTS = "region_coefficients"
    QUADRANTS = "quadrants"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Entered:
    """Coefficients in the place of a regression, which is refused."""

    coefficients: Coefficients
    names: tuple[str, ...]
    refusal: Refusal


Model = Fit | Entered | Refusal


def model_of(
    predictors: Columns,
    outcome: Columns,
    weights: Columns | None,
    settings: Expectation,
) -> Model:
    """Fit a regression where there are schools enough for one.

    Where it is refused, entered coefficients take its place, if there are any.
    """
    coefficients = len(settings.predictors) + 1
    needed = max(
        settings.minimum_schools, coefficients * settings.schools_per_coefficient
    )
    fit: Fit | Refusal = Refusal.TOO_FEW_SCHOOLS
    if len(outcome) >= needed:
        fit = least_squares(predictors, outcome, weights)
    if isinstance(fit, Refusal) and settings.coefficients is not None:
        return Entered(settings.coefficients, settings.predictors, fit)
    return fit


def figures_of(
    model: Model, predictors: Columns, outcome: Columns
) -> dict[str, Columns]:
    """Return what a model says of each school; nothing where there is none."""
    match model:
        case Fit():
            reach = model.deleted_quantile * model.error
            return {
                "expected": model.expected,
                "residual": model.deleted,
                "standard_error": model.error,
                "z": model.studentized,
                "expected_low": model.expected - reach,
                "expected_high": model.expected + reach,
                "fitted": model.fitted,
                "leverage": model.leverage,
            }
        case Entered():
            entered = model.coefficients
            expected = np.full(len(outcome), entered.intercept)
            for name, values in zip(model.names, predictors.T, strict=True):
                expected = expected + entered.slopes[name] * values
            error = np.full(len(outcome), entered.residual_error)
            return {
                "expected": expected,
                "residual": outcome - expected,
                "standard_error": error,
                "z": (outcome - expected) / error,
                "expected_low": expected - NORMAL_QUANTILE * error,
                "expected_high": expected + NORMAL_QUANTILE * error,
            }
        case Refusal():
            return {}


def why_not(model: Entered | Refusal) -> str:
    """Return why there is no regression."""
    return (model.refusal if isinstance(model, Entered) else model).value


def row_of(
    group: Group, model: Model, schools: int, settings: Expectation
) -> tuple[Any, ...]:
    """Return the row of `MODEL_SCHEMA`."""
    keys = (group.municipality_id, group.year)
    match model:
        case Fit():
            return (
                *keys,
                Basis.REGRESSION,
                None,
                schools,
                model.r_squared,
                model.adjusted_r_squared,
                model.residual_error,
                model.degrees_of_freedom,
                json.dumps(_estimates(model, settings)),
            )
        case Entered():
            error = model.coefficients.residual_error
            entered = {INTERCEPT: model.coefficients.intercept}
            entered |= model.coefficients.slopes
            terms = [
                {"term": term, "estimate": value} for term, value in entered.items()
            ]
            basis = Basis.REGION_COEFFICIENTS
            why = model.refusal
            return (
                *keys,
                basis,
                why,
                schools,
                None,
                None,
                error,
                None,
                json.dumps(terms),
            )
        case Refusal():
            enough = schools >= settings.quadrants_from
            basis = Basis.QUADRANTS if enough else Basis.NONE
            return (*keys, basis, model, schools, None, None, None, None, "[]")


def _estimates(fit: Fit, settings: Expectation) -> list[dict[str, Any]]:
    terms = (INTERCEPT, *settings.predictors)
    estimates = zip(
        terms, fit.coefficients.tolist(), fit.standard_errors.tolist(), strict=True
    )
    return [
        {
            "term": term,
            "estimate": value,
            "standard_error": error,
            "low": value - fit.quantile * error,
            "high": value + fit.quantile * error,
        }
        for term, value, error in estimates
    ]
