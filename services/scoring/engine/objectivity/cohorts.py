"""The fall of the same pupils' marks from one grade to the next."""

from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Final

import numpy as np
import polars as pl
from scipy.special import stdtr

from services.scoring.engine.objectivity.candidates import (
    NO_SPREAD,
    TOO_FEW,
    TOO_FEW_OTHERS,
    as_candidates,
    first_reason,
)
from services.scoring.engine.objectivity.papers import OWN, of_procedures
from shared.domain.methods.objectivity import CohortTest
from shared.domain.objectivity_tests import FALL

_MARKS: Final = (2, 3, 4, 5)
_COHORT: Final = ("municipality_id", "cohort", "procedure", "subject")
# The four groups of marks: of the school and of the others, before and after.
_GROUPS: Final = ("own_before", "own_after", "others_before", "others_after")


def cohort_falls(papers: pl.DataFrame, test: CohortTest, *, year: int) -> pl.DataFrame:
    """Compare the change of a cohort's mean mark with that in the other schools.

    A cohort is the pupils who were in the same grade in the same year. Its work on the
    programme of `from_grade` is the last one written before; the difference of
    differences is (own after - own before) - (others after - others before), over the
    other schools of the municipality that wrote both. Its standard error is the root of
    the sum of s²/n over the four groups, its degrees of freedom are Welch's, and the
    p-value is that of a fall as deep or deeper. Marks of the same pupils belong
    together, which no count tells: taken as independent, they make the error larger.

    Source: difference in differences with the unequal variances of Welch (1947) and
    Satterthwaite (1946).

    Args:
        papers: Of the year and of two years before it, as of `papers.papers`.
        test: The thresholds.
        year: The year of the later work; 2019 is 2019/2020.

    Returns:
        The columns of `CANDIDATE_SCHEMA`: `figure` is the school's change of the mean
        mark, `reference` that of the others, `n` and `n_reference` the fewer of the
        pupils before and after. Cohorts without a work before are left out.
    """
    counted = _sums(of_procedures(papers, test.procedures))
    after = counted.filter(
        pl.col("academic_year") == year,
        pl.col("programme_grade") == test.from_grade + 1,
    )
    own = after.rename(_named("own_after")).join(
        _last_before(counted, test.from_grade).rename(_named("own_before")),
        on=["school_id", *_COHORT],
        how="inner",
    )
    both = own.with_columns(*_others("before"), *_others("after"))
    return as_candidates(_tested(both, test), FALL)


def _sums(papers: pl.DataFrame) -> pl.DataFrame:
    """Sum marks and their squares, as integers, and name each paper's cohort."""
    counts = [pl.col(f"n{mark}").cast(pl.Int64).fill_null(0) for mark in _MARKS]
    marked = list(zip(_MARKS, counts, strict=True))
    return papers.filter(pl.col("n_graded") > 0).select(
        *OWN,
        "academic_year",
        cohort=pl.col("academic_year") - pl.col("pupil_grade"),
        n=pl.col("n_graded"),
        sum=pl.sum_horizontal(mark * count for mark, count in marked),
        squares=pl.sum_horizontal(mark**2 * count for mark, count in marked),
    )


def _named(group: str) -> dict[str, str]:
    return {name: f"{name}_{group}" for name in ("n", "sum", "squares")}


def _last_before(counted: pl.DataFrame, grade: int) -> pl.DataFrame:
    keys = ["school_id", *_COHORT]
    return (
        counted.filter(pl.col("programme_grade") == grade)
        .sort([*keys, "academic_year"])
        .unique(keys, keep="last", maintain_order=True)
        .select(*keys, "n", "sum", "squares")
    )


def _others(when: str) -> list[pl.Expr]:
    """Sum a group over the other schools that wrote both works."""
    paper = [*_COHORT, "programme_grade", "pupil_grade"]
    own = {name: pl.col(f"{name}_own_{when}") for name in ("n", "sum", "squares")}
    return [
        (column.sum().over(*paper) - column).alias(f"{name}_others_{when}")
        for name, column in own.items()
    ]


def _tested(both: pl.DataFrame, test: CohortTest) -> pl.DataFrame:
    held = both.with_columns(
        *(_mean(group) for group in _GROUPS),
        *(_error(group) for group in _GROUPS),
        n=pl.min_horizontal("n_own_before", "n_own_after"),
        n_reference=pl.min_horizontal("n_others_before", "n_others_after"),
    ).with_columns(
        figure=pl.col("mean_own_after") - pl.col("mean_own_before"),
        reference=pl.col("mean_others_after") - pl.col("mean_others_before"),
        squared_error=_total(pl.col(f"error_{group}") for group in _GROUPS),
        pooled=_total(
            pl.col(f"error_{group}") ** 2 / (pl.col(f"n_{group}") - 1)
            for group in _GROUPS
        ),
    )
    judged = held.with_columns(
        difference=pl.col("figure") - pl.col("reference"),
        standard_error=pl.col("squared_error").sqrt(),
        degrees=pl.col("squared_error") ** 2 / pl.col("pooled"),
        reason=first_reason(
            (pl.col("n") < max(test.minimum_n, 2), TOO_FEW),
            (
                pl.col("n_reference") < max(test.minimum_reference_n, 2),
                TOO_FEW_OTHERS,
            ),
            (pl.col("squared_error") <= 0, NO_SPREAD),
        ),
    )
    return _explained(judged)


def _mean(group: str) -> pl.Expr:
    n = pl.col(f"n_{group}")
    return pl.when(n > 0).then(pl.col(f"sum_{group}") / n).alias(f"mean_{group}")


def _error(group: str) -> pl.Expr:
    """Return s²/n, from integers by one division."""
    n, total = pl.col(f"n_{group}"), pl.col(f"sum_{group}")
    spread = n * pl.col(f"squares_{group}") - total * total
    return pl.when(n > 1).then(spread / (n * n * (n - 1))).alias(f"error_{group}")


def _total(parts: Iterable[pl.Expr]) -> pl.Expr:
    """Add up in the order given, null where one is missing."""
    return reduce(add, parts)


def _explained(judged: pl.DataFrame) -> pl.DataFrame:
    is_judged = pl.col("reason").is_null()
    statistic = pl.when(is_judged).then(pl.col("difference") / pl.col("standard_error"))
    with_t = judged.with_columns(t=statistic)
    p_values = stdtr(
        with_t["degrees"].fill_null(np.nan).to_numpy(),
        with_t["t"].fill_null(np.nan).to_numpy(),
    )
    return with_t.with_columns(
        p_value=pl.Series(p_values, dtype=pl.Float64),
        deviates=pl.col("difference") < 0,
        detail=pl.struct(
            *(f"mean_{group}" for group in _GROUPS),
            *(f"n_{group}" for group in _GROUPS),
            "difference",
            "standard_error",
            degrees_of_freedom="degrees",
            t="t",
        ).struct.json_encode(),
    )
