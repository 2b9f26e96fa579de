"""Share of schools of which something is so, with the schools behind it."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from services.scoring.engine.formulas.compiling import compile_formula
from shared.domain.formulas.missing import MissingPolicy
from shared.domain.formulas.syntax import Expression

BY_MUNICIPALITY: Final = ("municipality_id",)


def share_of_schools(
    schools: pl.DataFrame,
    condition: Expression,
    *,
    missing: MissingPolicy = MissingPolicy.EXCLUDE,
    by: Sequence[str] = BY_MUNICIPALITY,
) -> pl.DataFrame:
    """Count the schools of which a condition holds, among those of which it is known.

    With `MissingPolicy.COUNT_AS_NO` the undecided ones are in the denominator, too.

    Source: the share, 100 × numerator / denominator; undecided is what Kleene's logic
    leaves open, so that one known part may decide the whole.

    Args:
        schools: One row per school and group, with `by`, ``school_id`` and the columns
            of the condition; whoever calls decides on branches and closed schools.
        condition: A checked formula that is a condition.
        missing: What is done with undecided schools.
        by: What the schools are grouped by, such as municipality and year.

    Returns:
        `by`; ``numerator`` and ``denominator``; ``percent``, null over no schools; the
        coverage: ``n_decided`` of ``n_schools``; and the numbers of the schools, each
        list ascending: ``school_ids`` (it holds), ``other_ids`` (it does not) and
        ``undecided_ids``. Sorted by `by`; there is no row for a group without schools.

    >>> from shared.domain.formulas import parse
    >>> columns = {"municipality_id": [1, 1, 1], "school_id": [9, 8, 7]}
    >>> vacancies = {"vacancies.count": [0, None, 2]}
    >>> frame = pl.DataFrame(columns | vacancies)
    >>> share = share_of_schools(frame, parse("vacancies.count > 0"))
    >>> share.select("numerator", "denominator", "percent", "school_ids").rows()
    [(1, 2, 50.0, [7])]
    """
    holds, school = pl.col("holds"), pl.col("school_id")
    counts = (
        schools.select(*by, "school_id", holds=compile_formula(condition))
        .sort(*by, "school_id")
        .group_by(by, maintain_order=True)
        .agg(
            numerator=holds.sum().cast(pl.Int64),
            n_decided=holds.count().cast(pl.Int64),
            n_schools=pl.len().cast(pl.Int64),
            school_ids=school.filter(holds),
            other_ids=school.filter(~holds),
            undecided_ids=school.filter(holds.is_null()),
        )
    )
    counted = "n_decided" if missing is MissingPolicy.EXCLUDE else "n_schools"
    whole = pl.col(counted)
    return counts.select(
        *by,
        "numerator",
        whole.alias("denominator"),
        pl.when(whole > 0).then(100 * pl.col("numerator") / whole).alias("percent"),
        "n_decided",
        "n_schools",
        "school_ids",
        "other_ids",
        "undecided_ids",
    ).rechunk()
