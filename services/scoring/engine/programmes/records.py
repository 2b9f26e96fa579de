"""What programme indicators are counted from: a municipality's own records."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl

from services.scoring.engine.composite.figures import Inputs
from services.scoring.engine.listing import counted_schools
from services.scoring.engine.programmes.period import Period
from shared.domain.school_years import absence_on

Row = dict[str, Any]

_SCHOOL: Final = {"school_id": pl.Int64}

LIVES: Final = pl.Schema(
    _SCHOOL
    | {
        "kind": pl.String,
        "opened_on": pl.Date,
        "closed_on": pl.Date,
    }
)
SWOTS: Final = pl.Schema(_SCHOOL | {"calendar_year": pl.Int64})
SURVEYS: Final = pl.Schema(
    _SCHOOL
    | {
        "calendar_year": pl.Int64,
        "question": pl.String,
        "respondents": pl.Int64,
        "satisfied": pl.Int64,
    }
)
RESOURCES: Final = pl.Schema(
    _SCHOOL
    | {
        "site_id": pl.Int64,
        "year": pl.Int64,
        "kind": pl.String,
        "title": pl.String,
        "state": pl.String,
        "quantity": pl.Float64,
    }
)
MSOKO: Final = pl.Schema(
    _SCHOOL
    | {
        "site_id": pl.Int64,
        "academic_year": pl.Int64,
        "group": pl.String,
        "score": pl.Float64,
        "maximum": pl.Float64,
    }
)
PROGRAMMES: Final = pl.Schema(
    _SCHOOL
    | {
        "status": pl.String,
        "starts_on": pl.Date,
        "ends_on": pl.Date,
        "submitted_on": pl.Date,
        "approved_on": pl.Date,
        "started_on": pl.Date,
        "completed_on": pl.Date,
        "passed_on": pl.Date,
    }
)
RECOMMENDATIONS: Final = pl.Schema(
    _SCHOOL
    | {
        "due_on": pl.Date,
        "status": pl.String,
        "answered_on": pl.Date,
    }
)
CONTROLS: Final = pl.Schema(
    _SCHOOL | {"held_on": pl.Date, "plan_corrected_on": pl.Date}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """A municipality's records; a branch's are under the school it is part of.

    Each frame has the columns of its schema above, `agreements` those of
    `AGREEMENT_SCHEMA`. `programmes` are those that schools
    drew up; ``passed_on`` is the day of the first expertise that approved one.
    `scores` are the answers of `school_scores` for what the ranking method in force
    sums up to, by academic year; a year without a method is missing. `inputs` are
    what conditions of the method's own indicators are over, of several years; None
    where it has no such indicator.
    """

    as_of: date
    lives: pl.DataFrame
    agreements: pl.DataFrame
    programmes: pl.DataFrame
    swots: pl.DataFrame
    surveys: pl.DataFrame
    resources: pl.DataFrame
    msoko: pl.DataFrame
    recommendations: pl.DataFrame
    controls: pl.DataFrame
    scores: Mapping[int, pl.DataFrame]
    inputs: Inputs | None = None
    # Every indicator of a year asks for the same schools.
    listed: dict[date, list[int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def schools(self, period: Period) -> list[int]:
        """Return the schools that there are on the year's last day, ascending.

        A branch is part of a school and is not counted.
        """
        day = period.last_day
        if day not in self.listed:
            self.listed[day] = self.schools_on(day)
        return self.listed[day]

    def schools_on(self, day: date) -> list[int]:
        """Return the schools that outlive a day and are open by then, ascending."""
        return schools_on(self.lives, day)

    def until(self, period: Period) -> date:
        """Return up to which day the year is known."""
        return min(self.as_of, period.last_day)


def schools_on(lives: pl.DataFrame, day: date) -> list[int]:
    """Return the schools of `LIVES` that outlive a day and are open by then."""
    days = zip(lives["opened_on"], lives["closed_on"], strict=True)
    is_there = [absence_on(*each, day) is None for each in days]
    return counted_schools(lives.filter(is_there))


def rows_by_school(frame: pl.DataFrame) -> defaultdict[int, list[Row]]:
    """Return the rows of each school; of one without any there are none."""
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in frame.iter_rows(named=True):
        found[row["school_id"]].append(row)
    return found
