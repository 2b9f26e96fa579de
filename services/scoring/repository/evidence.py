"""What the tests of objectivity look at, read as columns."""

from typing import Any

from sqlalchemy import Integer, SmallInteger, case, cast, func, literal, select, values
from sqlalchemy import column as sql_column
from sqlalchemy.dialects.postgresql import distinct_on

from services.scoring.engine.objectivity.papers import (
    BOUNDARY_SCHEMA,
    LIMIT_SCHEMA,
    OWN,
    PUPIL_SCHEMA,
    SCORE_SCHEMA,
)
from services.scoring.engine.objectivity.signs import YEARS_BEFORE, Evidence
from services.scoring.repository.areas import Area
from services.scoring.repository.results import read_results
from shared.persistence.tables.objectivity import MarkBoundaryRow, ObjectivityLimitRow
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.work import Work

_RESULT = AssessmentResultRow.__table__.c
_COUNTS = _RESULT.score_counts


async def read_evidence(work: Work, area: Area, year: int) -> Evidence:
    """Return what is known of the papers of a year, and the results of those before."""
    in_area = area.holds(AssessmentResultRow.municipality_id)
    years = range(year - YEARS_BEFORE, year + 1)
    # A result without scores may hold the null of JSON, which has no entries.
    counts = case((func.jsonb_typeof(_COUNTS) == "object", _COUNTS))
    score = func.jsonb_each_text(counts).table_valued("key", "value")
    scores = (
        select(
            *(_RESULT[name] for name in OWN),
            cast(score.c.key, Integer).label("score"),
            func.sum(cast(score.c.value, Integer)).label("pupils"),
        )
        .join(score, literal(value=True))
        .where(in_area, _RESULT.academic_year == year)
        .group_by(*(_RESULT[name] for name in OWN), score.c.key)
    )
    return Evidence(
        results=await read_results(work, area, years, PUPIL_SCHEMA),
        scores=await area.read(work, scores, SCORE_SCHEMA),
        boundaries=await area.read(work, _boundaries(area, year), BOUNDARY_SCHEMA),
        limits=await area.read(work, _limits(area, year), LIMIT_SCHEMA),
    )


def _boundaries(area: Area, year: int) -> Any:
    """Select a row for each mark that begins somewhere."""
    row = MarkBoundaryRow
    marks = (
        values(sql_column("mark", SmallInteger), sql_column("boundary", SmallInteger))
        .data([(3, row.from_3), (4, row.from_4), (5, row.from_5)])
        .lateral("marks")
    )
    return (
        select(
            row.municipality_id,
            row.procedure,
            row.subject,
            row.programme_grade,
            marks.c.mark,
            marks.c.boundary,
            row.maximum_score.label("maximum"),
            row.source,
            row.provenance,
        )
        .join(marks, literal(value=True))
        .where(area.holds(row.municipality_id), row.year == year)
    )


def _limits(area: Area, year: int) -> Any:
    """Select the limits; the municipality's own take the place of the region's."""
    row = ObjectivityLimitRow
    key = (row.municipality_id, row.procedure, row.subject, row.programme_grade)
    return (
        select(
            *key,
            row.measure,
            row.low,
            row.high,
            row.area,
            row.source,
            row.provenance,
        )
        .ext(distinct_on(*key, row.measure))
        .where(area.holds(row.municipality_id), row.year == year)
        # Of the two areas the municipality is the first by alphabet.
        .order_by(*key, row.measure, row.area)
    )
