"""Marks of an assessment against those in the class journals."""

import numpy as np
import polars as pl

from services.scoring.engine.division import quotient
from services.scoring.engine.objectivity.binomial import two_sided
from services.scoring.engine.objectivity.candidates import (
    OTHERS_ALL_ALIKE,
    TOO_FEW,
    TOO_FEW_OTHERS,
    as_candidates,
    first_reason,
    percent,
)
from services.scoring.engine.objectivity.papers import of_others, of_procedures
from shared.domain.methods.objectivity import JournalTest
from shared.domain.objectivity_tests import CONFIRMED, GAP


def confirmed_marks(papers: pl.DataFrame, test: JournalTest) -> pl.DataFrame:
    """Compare the share of confirmed marks with that of the municipality's others.

    A share far below the others' and one far above are both signs. The school itself
    is left out of the rate that it is held against, and a rate of 0 or 100 per cent
    is none to be held against: by it every other outcome would be impossible.

    Source: the exact two-sided binomial test (`binomial.two_sided`), its chance being
    the rate of the other schools; that this rate is itself estimated is left aside,
    hence the least number of marks behind it.

    Args:
        papers: Of one year, with the columns of `papers.papers`.
        test: The thresholds.

    Returns:
        The columns of `CANDIDATE_SCHEMA`; papers that nobody compared are left out.
    """
    return as_candidates(
        _compared(papers, test, part="n_equal", whole="n_compared").with_columns(
            deviates=pl.col("figure") != pl.col("reference"),
            detail=pl.struct(
                "n_lower",
                "n_equal",
                "n_higher",
                others_equal="others",
                others_compared="n_reference",
            ).struct.json_encode(),
        ),
        CONFIRMED,
    )


def wide_gaps(papers: pl.DataFrame, test: JournalTest) -> pl.DataFrame:
    """Compare the share of marks two or more away from the journal with the others'.

    Only where pupils' own marks were in the file that was imported, since only then
    the gap of each is known. More than in the other schools is a sign. Source and
    arguments as of `confirmed_marks`.
    """
    return as_candidates(
        _compared(papers, test, part="n_gap", whole="n_gap_of").with_columns(
            deviates=pl.col("figure") > pl.col("reference"),
            detail=pl.struct(
                "n_gap", others_gap="others", others_compared="n_reference"
            ).struct.json_encode(),
        ),
        GAP,
    )


def _compared(
    papers: pl.DataFrame, test: JournalTest, *, part: str, whole: str
) -> pl.DataFrame:
    """Test `part` of `whole` against the same share of the other schools."""
    counted = of_procedures(papers, test.procedures).filter(pl.col(whole) > 0)
    held = counted.with_columns(
        n=pl.col(whole),
        others=of_others(part),
        n_reference=of_others(whole),
    )
    rates = held.with_columns(
        figure=percent(part, "n"),
        reference=percent("others", "n_reference"),
        reason=first_reason(
            (pl.col("n") < test.minimum_n, TOO_FEW),
            (pl.col("n_reference") < test.minimum_reference_n, TOO_FEW_OTHERS),
            (pl.col("n_reference") == 0, TOO_FEW_OTHERS),
            (
                (pl.col("others") == 0) | (pl.col("others") == pl.col("n_reference")),
                OTHERS_ALL_ALIKE,
            ),
        ),
    )
    chance = rates.select(quotient(pl.col("others"), pl.col("n_reference").clip(1)))
    p_values = two_sided(
        rates[part].to_numpy(),
        rates["n"].to_numpy(),
        np.ascontiguousarray(chance.to_series().to_numpy()),
    )
    return rates.with_columns(p_value=pl.Series(p_values, dtype=pl.Float64))
