"""Places of schools by one figure."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from services.scoring.engine.rounding import rounded
from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.measures import Direction

NO_DATA: Final = "no_data"
TOO_FEW_PARTICIPANTS: Final = "too_few_participants"


def rank(
    values: pl.DataFrame,
    *,
    direction: Direction,
    minimum_n: int = 0,
    within: Sequence[str] = (),
) -> pl.DataFrame:
    """Give each school its place; schools without a fair figure stay outside.

    Values that read the same once rounded (`rounding.rounded`) share their places:
    two schools at the top are both "1–2", and the next is 3. A missing figure is
    never a zero: that school has no place and is not counted in ``of``.

    Source: standard competition ranking, with both ends of a tie shown.

    Args:
        values: ``school_id``, ``value`` (nullable), ``n`` (pupils behind the value)
            and the columns of `within`; one row per school.
        direction: Which end of the scale takes place 1.
        minimum_n: With fewer pupils than this a school is not ranked.
        within: Columns whose values make rankings of their own.

    Returns:
        `within`, ``school_id``, ``value``, ``n`` as given, ``place_from``,
        ``place_to``, ``of`` (how many are ranked) and ``reason`` (why not: ``no_data``
        or ``too_few_participants``), by place and then by school within each.

    Raises:
        InvalidInputError: If a school occurs twice.

    >>> values = {"school_id": [7, 8, 9], "value": [50.0, 80.0, 50.0], "n": [9, 9, 9]}
    >>> ranked = rank(pl.DataFrame(values), direction=Direction.MORE_IS_BETTER)
    >>> ranked.select("school_id", "place_from", "place_to", "of").rows()
    [(8, 1, 1, 3), (7, 2, 3, 3), (9, 2, 3, 3)]
    """
    _refuse_repeated_schools(values, within)
    ranked = values.select(
        *within,
        "school_id",
        pl.col("value").cast(pl.Float64),
        pl.col("n").cast(pl.Int64),
        reason=_reason(minimum_n),
    )
    places = _places(direction)
    ranked = ranked.with_columns(_among(within, place) for place in places)
    of = pl.col("place_from").count().cast(pl.Int32).alias("of")
    return (
        ranked.with_columns(_among(within, of))
        .select(
            *within, "school_id", "value", "n", "place_from", "place_to", "of", "reason"
        )
        .sort(*within, "place_from", "school_id", nulls_last=True)
        .rechunk()
    )


def _among(within: Sequence[str], figure: pl.Expr) -> pl.Expr:
    return figure.over(within) if within else figure


def _reason(minimum_n: int) -> pl.Expr:
    """A figure that is not a number tells no more than a missing one."""
    missing = ~pl.col("value").cast(pl.Float64).is_finite().fill_null(value=False)
    few = pl.col("n").fill_null(0) < minimum_n
    return (
        pl.when(missing)
        .then(pl.lit(NO_DATA))
        .when(few)
        .then(pl.lit(TOO_FEW_PARTICIPANTS))
    )


def _places(direction: Direction) -> list[pl.Expr]:
    figure = pl.when(pl.col("reason").is_null()).then(rounded(pl.col("value")))
    more = direction is Direction.MORE_IS_BETTER
    return [
        figure.rank("min", descending=more).cast(pl.Int32).alias("place_from"),
        figure.rank("max", descending=more).cast(pl.Int32).alias("place_to"),
    ]


def _refuse_repeated_schools(values: pl.DataFrame, within: Sequence[str]) -> None:
    is_repeated = pl.struct(*within, "school_id").is_duplicated()
    schools = values.filter(is_repeated)["school_id"]
    repeated = schools.unique().sort().to_list()
    if not repeated:
        return
    raise InvalidInputError(
        Text(
            "Школа встречается в рейтинге дважды; оставьте по одной строке на школу.",
            "A school occurs twice in the ranking; keep one row per school.",
        ),
        faults=[
            Fault(
                column="school_id",
                value=str(school),
                reason=Text("Школа повторяется", "The school is repeated"),
            )
            for school in repeated
        ],
    )
