"""What a pair would bring, from 0 to 1, and of which parts that is made."""

from dataclasses import asdict
from typing import Final

import polars as pl

from services.scoring.engine.division import quotient
from services.scoring.engine.matching.inputs import MatchingInputs
from services.scoring.engine.matching.needs import ASPECT, SCHOOL
from services.scoring.engine.matching.pairs import PAIR
from services.scoring.engine.matching.units import ONE, in_units, units_of
from shared.domain.methods.matching import Matching, Urgency

# In ten-thousandths, as the method's weights name them.
PARTS: Final = (
    "complement",
    "urgency",
    "conditions",
    "distance",
    "capacity",
    "offer",
)
MENTEE: Final = ("municipality_id", "mentee_id")


def benefits(
    inputs: MatchingInputs,
    schools: pl.DataFrame,
    needs: pl.DataFrame,
    fits: pl.DataFrame,
    rules: Matching,
) -> pl.DataFrame:
    """Weigh each pair in which the mentor is fit for a need at least.

    The benefit is the weighted mean of its parts:

    * complement: how much of the mentee's need the mentor covers, Σ severity · gap over
      the needs that it is fit for, over Σ severity of all;
    * urgency: of the mentee's most urgent sign;
    * conditions: 1 − difference of the indices / `alike_within`, not below 0;
    * distance: 1 − km / `far_km`, and on one bus network at least what that counts as;
    * capacity: the mentor's free places over all its places;
    * offer: 1 where the mentor offers what the mentee needs.

    Args:
        inputs: The distances.
        schools: The answer of `pairs.places`.
        needs: The answer of `needs.needs`.
        fits: The answer of `fit.fits`.
        rules: The weights.

    Returns:
        `PAIR`, ``benefit`` and `PARTS` in ten-thousandths, the leading need with
        both figures, whether the mentee is ``listed``, ``km``, ``minutes``,
        ``same_network``, both indices (``mentee_conditions``,
        ``mentor_conditions``), ``places`` and ``free_places`` of the mentor; in the
        order of `PAIR`.
    """
    found = (
        _covered(fits)
        .join(_case(schools, needs, rules.urgency), on=MENTEE)
        .join(_mentors(schools), on=["municipality_id", "mentor_id"])
        .join(_distances(inputs.distances), on=PAIR, how="left")
    )
    unknown = units_of(rules.unknown_counts_as)
    return (
        found.with_columns(
            complement=in_units(pl.col("covered") / (ONE * pl.col("needed"))),
            conditions=_alike(rules).fill_null(unknown),
            distance=_near(rules).fill_null(unknown),
            capacity=in_units(pl.col("free_places") / pl.col("places")),
        )
        .with_columns(benefit=_weighted(rules))
        .drop("covered", "needed")
        .sort(PAIR)
    )


def _covered(fits: pl.DataFrame) -> pl.DataFrame:
    """One row for each pair, with the need in which the mentor brings the most."""
    brought = pl.col("severity") * pl.col("gap")
    fit = fits.filter(pl.col("reason").is_null()).with_columns(brought=brought)
    order = fit.sort(
        *PAIR, "brought", *ASPECT, descending=[False] * 3 + [True] + [False] * 2
    )
    leading = ("figure", "n", "mentor_figure", "mentor_n")
    return order.group_by(PAIR, maintain_order=True).agg(
        pl.col(*ASPECT, *leading).first(),
        covered=pl.col("brought").sum(),
        offer=pl.col("is_offered").any().cast(pl.Int64) * ONE,
    )


def _case(schools: pl.DataFrame, needs: pl.DataFrame, urgency: Urgency) -> pl.DataFrame:
    """What the mentee needs in all, how urgently, and under which conditions."""
    values = {
        name: units_of(value)
        for name, value in asdict(urgency).items()
        if name != "listed"
    }
    asked = pl.col("asked").replace_strict(values, return_dtype=pl.Int64)
    of_needs = needs.group_by(SCHOOL).agg(
        needed=pl.col("severity").sum(), urgency=asked.max().fill_null(0)
    )
    listed = pl.when("listed").then(units_of(urgency.listed)).otherwise(0)
    return of_needs.join(schools, on=SCHOOL).select(
        "municipality_id",
        "needed",
        "listed",
        mentee_id="school_id",
        urgency=pl.max_horizontal("urgency", listed.cast(pl.Int64)),
        mentee_conditions="conditions",
    )


def _mentors(schools: pl.DataFrame) -> pl.DataFrame:
    return schools.select(
        "municipality_id",
        "places",
        "free_places",
        mentor_id="school_id",
        mentor_conditions="conditions",
    )


def _distances(distances: pl.DataFrame) -> pl.DataFrame:
    """Distances both ways; of two that were recorded for a pair the shorter."""
    there = distances.rename({"school_id": "mentee_id", "other_id": "mentor_id"})
    back = distances.rename({"school_id": "mentor_id", "other_id": "mentee_id"})
    both = pl.concat([there, back.select(there.columns)])
    return both.group_by(PAIR).agg(
        pl.col("km", "minutes").min(), pl.col("same_network").any()
    )


def _alike(rules: Matching) -> pl.Expr:
    apart = (pl.col("mentee_conditions") - pl.col("mentor_conditions")).abs()
    return in_units(1 - quotient(apart, rules.alike_within))


def _near(rules: Matching) -> pl.Expr:
    """A null, where neither the way nor a common network is known."""
    by_road = in_units(1 - quotient(pl.col("km"), rules.far_km))
    by_bus = pl.when("same_network").then(units_of(rules.same_network_counts_as))
    return pl.max_horizontal(by_road, by_bus.cast(pl.Int64))


def _weighted(rules: Matching) -> pl.Expr:
    weights = {part: units_of(getattr(rules.weights, part)) for part in PARTS}
    total = pl.sum_horizontal(weights[part] * pl.col(part) for part in PARTS)
    return in_units(quotient(total, ONE * sum(weights.values())))
