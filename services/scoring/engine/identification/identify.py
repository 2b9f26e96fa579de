"""Finding schools with low results by a rule, with the evidence for each answer."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from services.scoring.engine.identification.evidence import (
    list_evidence,
    own_threshold,
    pupils_to_cross,
)
from services.scoring.engine.identification.flips import (
    OFF,
    ONTO,
    nearest_changes,
)
from services.scoring.engine.identification.statuses import Standing, Status, stand
from services.scoring.engine.identification.thresholds import fewest_low
from services.scoring.engine.identification.units import SCHOOL_KEYS, count_units
from services.scoring.engine.identification.years import (
    UNKNOWN,
    YES,
    UnitTable,
    place_units,
)
from shared.domain.methods.identification import Identification

IDENTIFICATION_SCHEMA = pl.Schema(
    {
        "municipality_id": pl.Int64,
        "school_id": pl.Int64,
        "status": pl.String,
        "reason": pl.String,
        "status_before": pl.String,
        "low_in_year": pl.String,
        "low_units": pl.Int64,
        "assessed_units": pl.Int64,
        "units": pl.Int64,
        "low_years": pl.Int64,
        "unknown_years": pl.Int64,
        "listed_before": pl.Boolean,
        "clear_years": pl.Int64,
        "direction": pl.String,
        "pupils": pl.Int64,
        "changes": pl.String,
    }
)
"""One row per school. `status` and `status_before`, that of the year before, are of
`Status`; `reason` says why a school is not assessable. `low_in_year` is ``yes``, ``no``
or ``unknown``: whether the year alone is low by the threshold of entry. `low_units` of
`assessed_units` of `units` are of the year, by the threshold that holds for the school;
`low_years` and `unknown_years` of its window. `listed_before` and `clear_years`: the
list held the school a year before, and how many clear years it has since. `pupils` are
the fewest whose marks would take the school in the `direction` (``off_list``,
``onto_list``) and `changes` in which units, as JSON; null where no marks of this year
would.
"""

_OUTCOMES = ("no", "yes", "unknown")


@dataclass(frozen=True, slots=True)
class Identified:
    """Statuses of schools, with the columns of `IDENTIFICATION_SCHEMA`; evidence."""

    schools: pl.DataFrame
    evidence: pl.DataFrame


def identify(
    results: pl.DataFrame, schools: pl.DataFrame, *, rule: Identification, year: int
) -> Identified:
    """Apply a rule to the results of a year and of those that it looks back on.

    The answer for a municipality does not depend on the others in the frames, nor on
    the order of their rows.

    Args:
        results: Rows of `YEARLY_RESULT_SCHEMA`; those of the `LOOKBACK` + 1 years
            before `year` are needed too, others are ignored.
        schools: `SCHOOL_KEYS` of the schools to find a status for.
        rule: The rule.
        year: The academic year.
    """
    listed = schools.select(*SCHOOL_KEYS).sort(*SCHOOL_KEYS)
    units = _with_thresholds(count_units(results, rule), rule)
    table = place_units(units, listed, year=year)
    standing = stand(table, rule)
    before = stand(place_units(units, listed, year=year - 1), rule)
    answers = _answers(
        listed, standing, before, _reasons(standing, units, listed, year)
    )
    flips = _flips(table, standing, rule, year=year)
    held = listed.with_columns(listed_before=pl.Series(standing.listed_before))
    return Identified(
        schools=_with_flips(answers, flips),
        evidence=list_evidence(units, held, rule, year=year),
    )


def _with_thresholds(units: pl.DataFrame, rule: Identification) -> pl.DataFrame:
    n = pl.col("n")
    pupils = rule.low_pupils_at_least
    return units.with_columns(
        assessable=~pl.col("excluded")
        & pl.col("n_low").is_not_null()
        & (n >= rule.min_participants),
        fewest=fewest_low(n, percent=rule.low_share_at_least, pupils=pupils),
        fewest_to_leave=fewest_low(n, percent=rule.leave_share_at_least, pupils=pupils),
    )


def _answers(
    listed: pl.DataFrame, now: Standing, before: Standing, reasons: pl.Series
) -> pl.DataFrame:
    counts = now.counts
    outcome = pl.Series(now.entry.outcome[:, -1])
    return listed.with_columns(
        status=pl.Series(now.status, dtype=pl.String),
        reason=reasons,
        status_before=pl.Series(before.status, dtype=pl.String),
        low_in_year=outcome.replace_strict(
            [0, 1, UNKNOWN], list(_OUTCOMES), return_dtype=pl.String
        ),
        low_units=counts.low[:, -1],
        assessed_units=counts.known[:, -1],
        units=counts.known[:, -1] + counts.unassessed[:, -1],
        low_years=(now.window_outcomes == YES).sum(axis=1),
        unknown_years=(now.window_outcomes == UNKNOWN).sum(axis=1),
        listed_before=now.listed_before,
        clear_years=now.clear_years,
    )


def _reasons(
    standing: Standing, units: pl.DataFrame, listed: pl.DataFrame, year: int
) -> pl.Series:
    """Say of each school that is not assessable what is missing."""
    excluded = units.filter("excluded", academic_year=year).select(*SCHOOL_KEYS)
    has_excluded = (
        listed.join(
            excluded.unique().with_columns(is_excluded=True),
            on=list(SCHOOL_KEYS),
            how="left",
            maintain_order="left",
        )["is_excluded"]
        .fill_null(value=False)
        .to_numpy()
    )
    counts = standing.counts
    is_empty = counts.known[:, -1] + counts.unassessed[:, -1] == 0
    reasons = np.select(
        [
            is_empty & has_excluded,
            is_empty,
            counts.outcome[:, -1] == UNKNOWN,
        ],
        ["not_comparable", "no_data", "too_few_participants"],
        "earlier_years",
    )
    needs_one = pl.Series(standing.status, dtype=pl.String) == Status.NOT_ASSESSABLE
    return pl.select(pl.when(needs_one).then(pl.Series(reasons, dtype=pl.String)))[:, 0]


def _flips(
    table: UnitTable, standing: Standing, rule: Identification, *, year: int
) -> pl.DataFrame:
    counts = standing.counts
    others = standing.window_outcomes[:, :-1]
    low_others = (others == YES).sum(axis=1)
    possible_others = (others != 0).sum(axis=1)
    is_on = standing.window == YES
    can_leave = is_on & (possible_others < rule.persistence)
    can_enter = (standing.window == 0) & (low_others == rule.persistence - 1)
    to_leave = counts.low[:, -1] + counts.unknown[:, -1] - rule.in_at_least + 1
    needs = pl.DataFrame(
        {
            "place": np.arange(table.schools),
            "direction": np.where(is_on, OFF, ONTO).astype(object),
            "units_needed": np.where(is_on, to_leave, counts.lacking[:, -1]),
            "listed_before": standing.listed_before,
        },
        schema_overrides={"place": pl.Int64, "direction": pl.String},
    ).filter(can_leave | can_enter)
    units = (
        table.units.filter("assessable", academic_year=year)
        .with_columns(pl.col("place").cast(pl.Int64))
        .join(needs.select("place", "listed_before"), on="place")
        .with_columns(
            is_low=pl.col("n_low") >= own_threshold(), pupils=pupils_to_cross()
        )
    )
    return nearest_changes(units, needs, _subjects(standing, rule)).join(
        needs.select("place", "direction"), on="place"
    )


def _subjects(standing: Standing, rule: Identification) -> pl.DataFrame:
    """Set out the required subjects of each school, none where none is required."""
    schema = pl.Schema(
        {
            "place": pl.Int64,
            "subject": pl.String,
            "is_lacking": pl.Boolean,
            "is_known": pl.Boolean,
        }
    )
    frames = [
        pl.DataFrame(
            {
                "place": np.arange(len(low)),
                "is_lacking": low[:, -1] == 0,
                "is_known": (unknown[:, -1] == 0) & (every[:, -1] > 0),
            }
        ).with_columns(subject=pl.lit(subject))
        for subject, (low, unknown, every) in zip(
            rule.subjects, standing.counts.by_subject, strict=False
        )
    ]
    if not frames:
        return pl.DataFrame(schema=schema)
    return pl.concat(frames).select(
        pl.col(name).cast(dtype) for name, dtype in schema.items()
    )


def _with_flips(answers: pl.DataFrame, flips: pl.DataFrame) -> pl.DataFrame:
    """Put beside each school the nearest change, its units as a JSON list."""
    written = flips.select(
        "place",
        "direction",
        "pupils",
        changes=pl.struct("units").struct.json_encode(),
    )
    return (
        answers.with_row_index("place")
        .with_columns(pl.col("place").cast(pl.Int64))
        .join(written, on="place", how="left", maintain_order="left")
        .select(
            pl.col(name).cast(dtype) for name, dtype in IDENTIFICATION_SCHEMA.items()
        )
    )
