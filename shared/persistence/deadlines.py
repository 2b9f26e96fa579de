"""Deadlines in words, whatever kind they are of."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from shared.domain.deadlines import OWED
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.programmes import MeasureRow, ProgrammeRow

TITLE = func.coalesce(DeadlineRow.title, MeasureRow.title)


def is_owed() -> ColumnElement[bool]:
    """Return what holds of the deadlines that somebody still has to meet."""
    return DeadlineRow.state.in_(sorted(OWED))


def join_words(statement: Select[Any]) -> Select[Any]:
    """Join to deadlines what their words are taken from, where there is such."""
    return statement.outerjoin(
        MeasureRow, MeasureRow.id == DeadlineRow.measure_id
    ).outerjoin(ProgrammeRow, ProgrammeRow.id == MeasureRow.programme_id)


# Any deadline with all of its columns and its words; `number`, `expected_result` and
# the programme are a measure's only.
WORDED_DEADLINES = join_words(
    select(
        *(each for each in DeadlineRow.__table__.c if each.key != "title"),
        TITLE.label("title"),
        MeasureRow.number,
        MeasureRow.expected_result,
        MeasureRow.programme_id,
        ProgrammeRow.title.label("programme_title"),
    ).select_from(DeadlineRow)
).subquery("worded_deadlines")
