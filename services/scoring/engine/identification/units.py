"""The units of a rule: a school's results in what counts as one procedure."""

import polars as pl

from services.scoring.engine.measures import RESULT_SCHEMA, summarise
from shared.domain.methods.identification import Identification

SCHOOL_KEYS = ("municipality_id", "school_id")
UNIT_KEYS = ("procedure", "subject", "programme_grade")

YEARLY_RESULT_SCHEMA = pl.Schema(
    [("municipality_id", pl.Int64), ("academic_year", pl.Int16), *RESULT_SCHEMA.items()]
)
"""Results of any municipalities and years, one row each."""


def count_units(results: pl.DataFrame, rule: Identification) -> pl.DataFrame:
    """Sum a rule's results within its units, sittings and grades together.

    Args:
        results: Rows with the columns of `YEARLY_RESULT_SCHEMA`.
        rule: Which of them count, as what.

    Returns:
        One row per school, year and unit, in this order: `SCHOOL_KEYS`,
        ``academic_year``, `UNIT_KEYS` (null where the unit does not tell them apart;
        subjects by the rule's own codes), ``n`` and ``n_low`` as Int64, and
        ``excluded``. ``n`` counts graded and ungraded pupils; ``n_low`` is null
        where no result of the unit has a count of low pupils.
    """
    by = [*SCHOOL_KEYS, "academic_year", *rule.counted_unit.columns]
    counted = results.filter(_covered(rule)).with_columns(_own_subject(rule))
    sums = summarise(counted, by=by)
    known = pl.col("n_low_of") > 0
    missing = [
        pl.lit(None, dtype=RESULT_SCHEMA[key]).alias(key)
        for key in UNIT_KEYS
        if key not in rule.counted_unit.columns
    ]
    return sums.with_columns(missing).select(
        *SCHOOL_KEYS,
        "academic_year",
        *UNIT_KEYS,
        n=pl.when(known).then("n_low_of").otherwise("n_total"),
        n_low=pl.when(known).then("n_low"),
        excluded=_excluded(rule),
    )


def _covered(rule: Identification) -> pl.Expr:
    codes = [code for codes in rule.subjects.values() for code in codes]
    covered = pl.col("procedure").is_in(rule.procedures) & pl.col("subject").is_in(
        codes
    )
    if rule.grades:
        covered &= pl.col("programme_grade").is_in(rule.grades)
    return covered


def _own_subject(rule: Identification) -> pl.Expr:
    own = {code: key for key, codes in rule.subjects.items() for code in codes}
    return pl.col("subject").replace_strict(own, return_dtype=pl.String)


def _excluded(rule: Identification) -> pl.Expr:
    """Tell whether the unit's procedure is not comparable in the unit's year."""
    excluded = pl.lit(value=False)
    for each in rule.exclusions.values():
        excluded |= pl.col("procedure").is_in(each.procedures) & pl.col(
            "academic_year"
        ).is_in(each.years)
    return excluded
