"""Suggested mentors, written as columns with what explains them beside."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from services.scoring.engine.matching.benefit import PARTS
from services.scoring.engine.matching.needs import ASPECT, SCHOOL
from services.scoring.engine.matching.pairs import PAIR
from services.scoring.engine.matching.suggesting import Suggestions
from services.scoring.engine.matching.units import as_share
from services.scoring.repository.areas import write_rows
from shared.persistence.tables.matching import MentorSearchRow, MentorSuggestionRow
from shared.persistence.work import Work

_SHOWN: Final = (
    "listed",
    "mentee_conditions",
    "mentor_conditions",
    "km",
    "minutes",
    "same_network",
    "places",
    "free_places",
)


async def write_suggestions(
    work: Work, runs: Mapping[int, int], found: Suggestions, names: Mapping[int, str]
) -> None:
    """Write pairs, and how the search for each school went, into the runs.

    Schools are named, since a school does not see the others.
    """
    await write_rows(work, MentorSuggestionRow, runs, _pairs(found, names))
    await write_rows(work, MentorSearchRow, runs, _searches(found))


def _pairs(found: Suggestions, names: Mapping[int, str]) -> pl.DataFrame:
    covered = found.fits.filter(pl.col("reason").is_null()).drop("reason")
    needs = covered.group_by(PAIR, maintain_order=True).agg(
        covered=pl.struct(pl.exclude(PAIR))
    )
    parts = pl.struct(as_share(pl.col(part)) for part in PARTS)
    details = pl.struct(
        _named("mentee", names),
        _named("mentor", names),
        parts.alias("parts"),
        *_SHOWN,
        "covered",
    )
    return found.suggestions.join(
        needs, on=PAIR, how="left", maintain_order="left"
    ).select(
        "municipality_id",
        "mentee_id",
        "mentor_id",
        "rank",
        "is_chosen",
        *ASPECT,
        as_share(pl.col("benefit", "cost")),
        details=details.struct.json_encode(),
    )


def _searches(found: Suggestions) -> pl.DataFrame:
    needs = found.needs.group_by(SCHOOL, maintain_order=True).agg(
        needs=_json(pl.struct(pl.exclude(SCHOOL)))
    )
    excluded = found.excluded.group_by(
        "municipality_id", school_id="mentee_id", maintain_order=True
    ).agg(excluded=_json(pl.struct(pl.exclude("municipality_id", "mentee_id"))))
    return (
        found.schools.join(needs, on=SCHOOL, how="left", maintain_order="left")
        .join(excluded, on=SCHOOL, how="left", maintain_order="left")
        .select(
            "municipality_id",
            "school_id",
            "outcome",
            "feasible",
            pl.col("needs", "excluded").fill_null("[]"),
        )
    )


def _json(rows: pl.Expr) -> pl.Expr:
    """Encode the group's rows as a JSON array."""
    return "[" + rows.struct.json_encode().str.join(",") + "]"


def _named(side: str, names: Mapping[int, str]) -> pl.Expr:
    name = pl.col(f"{side}_id").replace_strict(
        names, default=None, return_dtype=pl.String
    )
    return name.alias(f"{side}_name")
