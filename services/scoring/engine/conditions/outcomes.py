"""The results that are compared with what schools' conditions let expect."""

import polars as pl

from services.scoring.engine.conditions.index import KEYS
from services.scoring.engine.measures import summarise
from shared.domain.measures import MEASURES
from shared.domain.methods.condition_settings import Expectation


def outcomes_of(results: pl.DataFrame, settings: Expectation) -> pl.DataFrame:
    """Return the outcome of each school and year with its number of pupils.

    It is one figure over all pupils of the procedures and subjects chosen, not a mean
    of figures.

    Args:
        results: The columns of `RESULT_SCHEMA`, ``municipality_id`` and ``year``.
        settings: The method's.

    Returns:
        The columns of `OUTCOME_SCHEMA`.
    """
    chosen = pl.lit(value=True)
    if settings.procedures:
        chosen &= pl.col("procedure").is_in(settings.procedures)
    if settings.subjects:
        chosen &= pl.col("subject").is_in(settings.subjects)
    measure = MEASURES[settings.measure]
    return summarise(results.filter(chosen), by=KEYS).select(
        *KEYS, outcome=pl.col(measure.code), n=pl.col(measure.n_column)
    )
