"""Indicators of what becomes of schools: resources, quality, groups of the МСОКО."""

from collections.abc import Iterable
from typing import Any, Final

import polars as pl

from services.scoring.engine.dynamics import Dynamics, dynamics
from services.scoring.engine.programmes.findings import (
    Finding,
    Verdict,
    no,
    of_undecided,
    undecided,
    yes,
)
from services.scoring.engine.programmes.period import Period
from services.scoring.engine.programmes.records import Records
from shared.domain.measures import Direction
from shared.domain.methods.comparability import Incomparable
from shared.domain.methods.indicators import Unit
from shared.domain.methods.programme_shares import ProgrammeShares
from shared.domain.programme_reasons import Reason
from shared.domain.resources import AVAILABLE, LACKING

STABLE: Final = ("stable_within",)


def better_resources(records: Records, period: Period) -> Finding:
    """Count the schools that have more, or lack less, than a year before.

    Source: the Zhigalovo programme, task 6. An item is as its latest row up to the
    academic year in progress at the year's end says; one without a year is older than
    all. More is what gains more available items than it gains lacking ones; where that
    is even, more items of a larger quantity than of a smaller one. A school without
    rows of the year, or without older ones, is undecided: nobody took stock.
    """
    before, now = (
        _stock(records.resources, year) for year in (period.year - 1, period.year)
    )
    fresh = set(
        records.resources.filter(pl.col("year") == period.year)["school_id"].to_list()
    )
    older = set(before["school_id"].to_list())
    changes = {row["school_id"]: row for row in _changes(before, now)}
    verdicts = []
    for school in records.schools(period):
        if school not in fresh:
            verdicts.append(undecided(school, Reason.NO_INVENTORY))
        elif school not in older:
            verdicts.append(undecided(school, Reason.NO_EARLIER_INVENTORY))
        else:
            evidence = {**changes[school]}
            del evidence["school_id"]
            gain = evidence["available"] - evidence["available_before"]
            loss = evidence["lacking"] - evidence["lacking_before"]
            is_better = (gain - loss, evidence["larger"] - evidence["smaller"]) > (0, 0)
            verdicts.append(
                yes(school, **evidence)
                if is_better
                else no(school, Reason.NOT_BETTER, **evidence)
            )
    return of_undecided(tuple(verdicts))


def _stock(items: pl.DataFrame, year: int) -> pl.DataFrame:
    """Return each item as its latest row up to the year says."""
    known = items.filter(pl.col("year").is_null() | (pl.col("year") <= year))
    return known.sort("year", nulls_last=False).unique(
        ["school_id", "site_id", "kind", "title"], keep="last", maintain_order=True
    )


def _changes(before: pl.DataFrame, now: pl.DataFrame) -> Iterable[dict[str, Any]]:
    keys = ["school_id", "site_id", "kind", "title"]
    values = [*keys, "state", "quantity"]
    both = now.select(values).join(
        before.select(values), on=keys, how="left", suffix="_before"
    )
    is_there = (pl.col("state") == AVAILABLE) & (pl.col("state_before") == AVAILABLE)
    grown = pl.col("quantity") - pl.col("quantity_before")
    return (
        both.group_by("school_id")
        .agg(
            available=(pl.col("state") == AVAILABLE).sum(),
            available_before=(pl.col("state_before") == AVAILABLE).sum(),
            lacking=(pl.col("state") == LACKING).sum(),
            lacking_before=(pl.col("state_before") == LACKING).sum(),
            larger=(is_there & (grown > 0)).sum(),
            smaller=(is_there & (grown < 0)).sum(),
        )
        .with_columns(pl.exclude("school_id").cast(pl.Int64))
        .iter_rows(named=True)
    )


def raised_quality(records: Records, period: Period) -> Finding:
    """Count the schools with positive dynamics of what the ranking method sums up to.

    Source: the Zhigalovo programme, task 7; see `dynamics` for what is positive. A
    calendar year is that of the academic year which ended in it, against the one
    before. Years that do not compare leave a school undecided.
    """
    scores = records.scores.get(period.academic_year)
    rows = {} if scores is None else {row["school_id"]: row for row in _rows(scores)}
    verdicts = []
    for school in records.schools(period):
        row = rows.get(school)
        if scores is None:
            verdicts.append(undecided(school, Reason.NO_METHOD))
        elif row is None:
            verdicts.append(undecided(school, Reason.NO_RESULTS))
        else:
            verdicts.append(_raised(school, row))
    return of_undecided(tuple(verdicts))


def _raised(school: int, row: dict[str, Any]) -> Verdict:
    evidence = {name: row[name] for name in ("value", "value_before", "dynamics")}
    match row["dynamics"]:
        case Dynamics.POSITIVE:
            return yes(school, **evidence)
        case Dynamics.INCOMPARABLE:
            if row["incomparable"] == Incomparable.NO_DATA:
                return undecided(school, Reason.NO_RESULTS, **evidence)
            why = {"incomparable": row["incomparable"]}
            return undecided(school, Reason.INCOMPARABLE, **evidence, **why)
        case _:
            return no(school, Reason.NOT_RAISED, **evidence)


def group_dynamics(
    records: Records, period: Period, spec: ProgrammeShares, group: str
) -> Finding:
    """Count the schools with positive or stable dynamics in a group of the МСОКО.

    Source: the Uzhur programme's expected results: positive and/or stable. Compared are
    the shares of the group's maximum of two academic years; other maxima are another
    scale, and a school without points in either year is undecided.
    """
    both = _points(records, group, period.academic_year)
    moved = both.drop("incomparable").hstack(
        dynamics(
            both,
            unit=Unit.POINTS,
            direction=Direction.MORE_IS_BETTER,
            tolerance=spec.stable_within,
        )
    )
    rows = {row["school_id"]: row for row in _rows(moved)}
    verdicts = [
        _steady(school, rows.get(school, {})) for school in records.schools(period)
    ]
    return of_undecided(tuple(verdicts), STABLE)


def _points(records: Records, group: str, year: int) -> pl.DataFrame:
    """Return the points of schools in both years, in per cent of the maximum."""
    own = records.msoko.filter(
        pl.col("group") == group, pl.col("site_id") == pl.col("school_id")
    )
    now, before = (
        own.filter(pl.col("academic_year") == each).select(
            "school_id",
            "maximum",
            value=100 * pl.col("score") / pl.col("maximum"),
            n=pl.lit(None, pl.Int64),
            reason=pl.lit(None, pl.String),
        )
        for each in (year, year - 1)
    )
    both = now.join(before, on="school_id", how="full", suffix="_before", coalesce=True)
    other_scale = pl.col("maximum") != pl.col("maximum_before")
    scale = pl.when(other_scale).then(pl.lit(Incomparable.SCALE.value))
    return both.sort("school_id").with_columns(incomparable=scale)


def _steady(school: int, row: dict[str, Any]) -> Verdict:
    evidence = {name: row.get(name) for name in ("value", "value_before", "dynamics")}
    if row.get("value") is None:
        return undecided(school, Reason.NO_SCORE, **evidence)
    if row["value_before"] is None:
        return undecided(school, Reason.NO_SCORE_BEFORE, **evidence)
    match row["dynamics"]:
        case Dynamics.INCOMPARABLE:
            why = {"incomparable": row["incomparable"]}
            return undecided(school, Reason.INCOMPARABLE, **evidence, **why)
        case Dynamics.NEGATIVE:
            return no(school, Reason.FELL, **evidence)
        case _:
            return yes(school, **evidence)


def _rows(frame: pl.DataFrame) -> Iterable[dict[str, Any]]:
    return frame.iter_rows(named=True)
