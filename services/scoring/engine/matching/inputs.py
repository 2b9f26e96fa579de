"""What mentors are suggested from: columns of one municipality or of many."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from services.scoring.engine import measures

# A school with a mentor's `places`; `listed` is on the list of low results, `signs`
# of non-objectivity, `conditions` the index of conditions from 0 to 1, if known.
SCHOOL_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "school_id": pl.Int64,
        "parent_id": pl.Int64,
        "places": pl.Int64,
        "listed": pl.Boolean,
        "signs": pl.Boolean,
        "conditions": pl.Float64,
    }
)
RESULT_SCHEMA: Final = pl.Schema(
    [("municipality_id", pl.Int64()), *measures.RESULT_SCHEMA.items()]
)
SCORE_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "school_id": pl.Int64,
        "code": pl.String,
        "score": pl.Float64,
        "maximum": pl.Float64,
    }
)
REQUEST_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "school_id": pl.Int64,
        "subject": pl.String,
        "problem": pl.String,
        "urgency": pl.String,
    }
)
DEFICIT_SCHEMA: Final = pl.Schema(
    {"municipality_id": pl.Int64, "school_id": pl.Int64, "subject": pl.String}
)
OFFER_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "school_id": pl.Int64,
        "subject": pl.String,
        "problem": pl.String,
    }
)
# `years_ago` counts academic years since the agreement ended; null while it is open.
AGREEMENT_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "mentor_id": pl.Int64,
        "mentee_id": pl.Int64,
        "years_ago": pl.Int64,
    }
)
DISTANCE_SCHEMA: Final = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "school_id": pl.Int64,
        "other_id": pl.Int64,
        "km": pl.Float64,
        "minutes": pl.Float64,
        "same_network": pl.Boolean,
    }
)
DECLINED_SCHEMA: Final = pl.Schema(
    {"municipality_id": pl.Int64, "mentor_id": pl.Int64, "mentee_id": pl.Int64}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingInputs:
    """What is known when mentors are suggested for an academic year.

    The columns are those of this module's schemas. `results` are of all years of the
    method's window. A school occurs once in `schools`, and once for each group in
    `scores`. Offers are of the district's bank and have a free place; requests and
    deficits are open.
    """

    schools: pl.DataFrame
    results: pl.DataFrame
    scores: pl.DataFrame
    requests: pl.DataFrame
    deficits: pl.DataFrame
    offers: pl.DataFrame
    agreements: pl.DataFrame
    distances: pl.DataFrame
    declined: pl.DataFrame
