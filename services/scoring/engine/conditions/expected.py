"""The result that is expected of a school in its conditions."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.scoring.engine.conditions.groups import groups_of, matrix_of
from services.scoring.engine.conditions.models import (
    MODEL_SCHEMA,
    figures_of,
    model_of,
    row_of,
    why_not,
)
from services.scoring.engine.conditions.regression import Fit
from shared.domain.methods.condition_index import BY_NAME
from shared.domain.methods.condition_settings import INDEX, Expectation, Weighting

NO_RESULTS: Final = "no_results"
TOO_FEW_PARTICIPANTS: Final = "too_few_participants"
NO_PREDICTOR: Final = "no_predictor"
DECIDES_ALONE: Final = "decides_alone"
PER_SCHOOL: Final = (
    "expected",
    "residual",
    "standard_error",
    "z",
    "expected_low",
    "expected_high",
    "fitted",
    "leverage",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """Expected results, for each school, and the model of each municipality and year.

    `schools` has the rows given, with `PER_SCHOOL` and ``expected_reason`` added;
    `models` the columns of `MODEL_SCHEMA`.
    """

    schools: pl.DataFrame
    models: pl.DataFrame


def predictor_columns(settings: Expectation) -> list[str]:
    """Return the columns that an expectation rests on."""
    return [
        INDEX if name == INDEX else BY_NAME[name].percent
        for name in settings.predictors
    ]


def expectations(schools: pl.DataFrame, settings: Expectation) -> Expectations:
    """Return what result is expected of each school, and what it rests on.

    A school's expected result is what a regression over the *other* schools of its
    municipality and year makes of its conditions; ``residual`` is the result minus
    that, ``z`` the residual by its own standard error (externally studentised).
    ``expected_low`` and ``expected_high`` hold a new result at these conditions in 95
    cases of 100. Below the number of schools that a regression needs, entered
    coefficients serve, and z is the residual by their residual standard error.

    Args:
        schools: ``municipality_id``, ``year``, ``school_id`` (sorted by them), the
            predictors, ``outcome``, ``n``.
        settings: The method's.
    """
    predictors = matrix_of(schools, predictor_columns(settings))
    outcome = matrix_of(schools, ["outcome"])[:, 0]
    n = matrix_of(schools, ["n"])[:, 0]
    reasons = _reasons(predictors, outcome, n, settings.minimum_n)
    figures = {name: np.full(schools.height, np.nan) for name in PER_SCHOOL}
    models = []
    for group in groups_of(schools):
        usable = np.flatnonzero(reasons[group.rows] == "") + group.rows.start
        weights = n[usable] if settings.weighting is Weighting.BY_N else None
        model = model_of(predictors[usable], outcome[usable], weights, settings)
        filled = figures_of(model, predictors[usable], outcome[usable])
        for name, values in filled.items():
            figures[name][usable] = values
        models.append(row_of(group, model, len(usable), settings))
        lacking = np.isnan(figures["z"][usable])
        why = DECIDES_ALONE if isinstance(model, Fit) else why_not(model)
        reasons[usable[lacking]] = why
    return Expectations(
        schools=schools.with_columns(
            *(
                pl.Series(name, values).fill_nan(None)
                for name, values in figures.items()
            ),
            pl.Series("expected_reason", reasons.tolist(), dtype=pl.String).replace(
                {"": None}
            ),
        ),
        models=pl.DataFrame(models, schema=MODEL_SCHEMA, orient="row"),
    )


def _reasons(
    predictors: NDArray[np.float64],
    outcome: NDArray[np.float64],
    n: NDArray[np.float64],
    minimum_n: int,
) -> NDArray[np.object_]:
    """Return why a school cannot be compared; an empty text where it can."""
    return np.select(
        [
            ~np.isfinite(outcome),
            ~(n >= minimum_n),
            ~np.isfinite(predictors).all(axis=1),
        ],
        [NO_RESULTS, TOO_FEW_PARTICIPANTS, NO_PREDICTOR],
        default="",
    ).astype(object)
