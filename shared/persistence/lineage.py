"""Which schools a school comes from, however many orders ago."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select

from shared.persistence.tables.reorganisations import LineageRow


def predecessors_of(school_id: ColumnElement[int]) -> Select[Any]:
    """Return the query of the schools that went over into this one, step by step."""
    lineage = LineageRow
    direct = select(lineage.predecessor_id.label("school_id")).where(
        lineage.successor_id == school_id
    )
    found = direct.cte("predecessors", recursive=True)
    earlier = select(lineage.predecessor_id).join(
        found, lineage.successor_id == found.c.school_id
    )
    # Whoever was met already adds nothing, so that this ends whatever is recorded.
    found = found.union(earlier)
    return select(found.c.school_id)
