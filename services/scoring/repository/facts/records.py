"""Statements of pupils, social passports, objectivity, resources and МСОКО."""

from collections.abc import Sequence

from sqlalchemy import Integer, cast, column, func, select, values
from sqlalchemy.dialects.postgresql import distinct_on

from services.scoring.repository.areas import Area
from services.scoring.repository.facts.selecting import Rows, as_they_are
from shared.domain.formulas.conditions import RESOURCE_COUNTS
from shared.domain.resources import AVAILABLE, KINDS, LACKING
from shared.persistence.tables.conditions import ObjectivitySignRow, ResourceItemRow
from shared.persistence.tables.enrolments import EnrolmentRow
from shared.persistence.tables.msoko import MsokoGroupRow, MsokoScoreRow
from shared.persistence.tables.social_passports import SocialPassportRow


def enrolments(area: Area, years: Sequence[int]) -> Rows:
    """Select pupils and classes."""
    rows = EnrolmentRow.__table__
    return as_they_are(rows, "enrolment", area, years)


def social_passports(area: Area, years: Sequence[int]) -> Rows:
    """Select the shares, in per cent and as counts of pupils."""
    rows = SocialPassportRow.__table__
    return as_they_are(rows, "passport", area, years)


def objectivity_signs(area: Area, years: Sequence[int]) -> Rows:
    """Select the number of markers, and whether there is a sign."""
    rows = ObjectivitySignRow.__table__
    return select(
        rows.c.school_id,
        rows.c.year,
        rows.c.marker_count.label("objectivity.markers"),
        cast(rows.c.has_sign, Integer).label("objectivity.has_sign"),
    ).where(area.holds(rows.c.municipality_id), rows.c.year.in_(years))


def resource_items(area: Area, years: Sequence[int]) -> Rows:
    """Select how many items there are in each state, in all and of each kind."""
    rows = ResourceItemRow.__table__
    asked = values(column("year", Integer), name="asked").data([(y,) for y in years])
    key = (rows.c.school_id, asked.c.year, rows.c.kind, rows.c.title)
    items = (
        select(*key, rows.c.state, rows.c.offered)
        .select_from(rows)
        .join(asked, rows.c.year.is_(None) | (rows.c.year <= asked.c.year))
        .where(area.holds(rows.c.municipality_id))
        .ext(distinct_on(*key))
        .order_by(*key, rows.c.year.desc().nulls_last())
        .subquery()
    )
    counted = dict(
        zip(
            RESOURCE_COUNTS,
            (items.c.state == AVAILABLE, items.c.state == LACKING, items.c.offered),
            strict=True,
        )
    )
    counts = [
        func.count().filter(is_so).label(f"resources.{name}")
        for name, is_so in counted.items()
    ]
    of_kinds = [
        func.count()
        .filter(is_so, items.c.kind == kind)
        .label(f"resources.{kind}_{name}")
        for name, is_so in counted.items()
        for kind in KINDS
    ]
    by = (items.c.school_id, items.c.year)
    return select(*by, *counts, *of_kinds).group_by(*by)


def msoko_scores(area: Area, years: Sequence[int]) -> Rows:
    """Select scores, a row for each group: its code, the score and the maximum."""
    scores, groups = MsokoScoreRow.__table__, MsokoGroupRow.__table__
    return (
        select(
            scores.c.school_id,
            scores.c.academic_year,
            groups.c.code,
            scores.c.score,
            scores.c.maximum,
        )
        .join(groups, groups.c.id == scores.c.group_id)
        .where(area.holds(scores.c.municipality_id))
        .where(scores.c.academic_year.in_(years))
    )
