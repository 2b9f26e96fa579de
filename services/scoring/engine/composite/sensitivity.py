"""How much of a composite hangs on its weights, which somebody chose."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.scoring.engine.composite.scores import MUNICIPALITY, NOISE
from services.scoring.engine.composite.weighing import compose
from services.scoring.engine.rounding import rounded
from shared.domain.methods.composites import Composite, Grid

SHIFT: Final = 0.1  # of each weight, up and down
DRAWS: Final = 100
SEED: Final = 1_002_020
QUINTILES: Final = 5

Floats = NDArray[np.float64]
Bands = NDArray[np.int64]


def sensitivity(
    schools: pl.DataFrame,
    scores: Mapping[str, Floats],
    *,
    composite: Composite,
    grid: Grid | None,
) -> pl.DataFrame:
    """Tell whose band changes when weights move by a tenth, one by one and together.

    A band is the level of status on the grid, or without a grid the fifth of the
    ranked schools of the municipality that the place lies in. To lose the composite
    for want of coverage is a change too. The draws are of the method only, the same
    for every municipality, and the same at every run.

    Source: one-at-a-time and Monte Carlo sensitivity analysis of composite indicators
    (OECD handbook); factors are uniform between 0.9 and 1.1.

    Args:
        schools: ``municipality_id``, a row for each school, by municipality.
        scores: Of each indicator for them, NaN where there is none.
        composite: The groups with their weights.
        grid: The cuts of status, if there are any.

    Returns:
        For each school ``band`` (1 to 5, 5 the best), ``moved_by`` (codes of the
        weights whose shift changes it, such as ``results+`` or ``results/sou-``,
        separated by blanks) and ``moved_share`` (of the draws of all weights at
        random); null without a composite.
    """
    whose = schools[MUNICIPALITY].to_numpy()

    def bands_with(factors: Mapping[str, float]) -> Bands:
        values = compose(scores, composite, factors).composite.mean
        return _levels(values, grid) if grid else _fifths(values, whose)

    base = bands_with({})
    has_band = base > 0
    moved_by = [
        pl.when(pl.Series(bands_with(factors) != base)).then(pl.lit(code))
        for code, factors in _single_shifts(composite)
    ]
    moved = np.zeros(base.size)
    for factors in _random_shifts(composite):
        moved += bands_with(factors) != base
    columns = schools.select(
        band=pl.Series(base, dtype=pl.Int16),
        moved_by=pl.concat_str(moved_by, separator=" ", ignore_nulls=True)
        if moved_by
        else pl.lit(""),
        moved_share=pl.Series(moved / DRAWS),
    )
    return columns.select(pl.when(pl.Series(has_band)).then(pl.all()))


def shifted_weights(composite: Composite) -> list[str]:
    """Return the codes of the weights that mean anything, those with others beside.

    The weight of a single group, or of a single indicator in its group, changes
    nothing.
    """
    groups = sorted(composite.groups, key=lambda group: group.code)
    codes = [group.code for group in groups] if len(groups) > 1 else []
    return codes + [
        f"{group.code}/{code}"
        for group in groups
        if len(group.members) > 1
        for code, _ in sorted(group.members)
    ]


def _single_shifts(composite: Composite) -> Iterator[tuple[str, dict[str, float]]]:
    for code in shifted_weights(composite):
        yield f"{code}+", {code: 1 + SHIFT}
        yield f"{code}-", {code: 1 - SHIFT}


def _random_shifts(composite: Composite) -> Iterator[dict[str, float]]:
    codes = shifted_weights(composite)
    chance = np.random.Generator(np.random.PCG64(SEED))
    for factors in chance.uniform(1 - SHIFT, 1 + SHIFT, (DRAWS, len(codes))):
        yield dict(zip(codes, factors.tolist(), strict=True))


def _levels(values: Floats, grid: Grid) -> Bands:
    reached = sum((values >= cut - NOISE).astype(np.int64) for cut in grid.status)
    return np.where(np.isnan(values), 0, reached + 1)


def _fifths(values: Floats, whose: NDArray[np.int64]) -> Bands:
    """Put places into fifths: of ten schools the best two are in the highest."""
    frame = pl.DataFrame(
        {MUNICIPALITY: whose, "value": pl.Series(values, nan_to_null=True)}
    )
    shown = rounded(pl.col("value"))
    place = shown.rank("min", descending=True).over(MUNICIPALITY).cast(pl.Int64)
    ranked = shown.count().over(MUNICIPALITY).cast(pl.Int64)
    fifth = QUINTILES - QUINTILES * (place - 1) // ranked
    bands: Bands = frame.select(fifth.fill_null(0)).to_series().to_numpy()
    return bands
