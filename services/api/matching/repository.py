"""Reading suggested mentors, searches for them, and what was decided."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from services.api.matching.records import Names, Search, Suggestion
from shared.persistence.tables.matching import (
    MentorSearchRow,
    MentorSuggestionDecisionRow,
    MentorSuggestionRow,
)
from shared.persistence.tables.msoko import MsokoGroupRow
from shared.persistence.tables.results import SubjectRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work


async def list_suggestions(work: Work, run_id: int) -> list[Suggestion]:
    """Return the pairs of a run that the caller may see, by mentee and rank."""
    row = MentorSuggestionRow
    columns = (getattr(row, name) for name in Suggestion.__dataclass_fields__)
    rows = await work.session.execute(
        select(*columns).where(row.run_id == run_id).order_by(row.mentee_id, row.rank)
    )
    return [Suggestion(**each) for each in rows.mappings()]


async def list_searches(
    work: Work, run_id: int, school_id: int | None = None
) -> list[Search]:
    """Return how the searches of a run went, for one school or for all, by number."""
    row = MentorSearchRow
    statement = (
        select(
            row.school_id,
            SchoolRow.name.label("school_name"),
            row.outcome,
            row.feasible,
            row.needs,
            row.excluded,
        )
        .join(SchoolRow, SchoolRow.id == row.school_id)
        .where(row.run_id == run_id)
        .order_by(row.school_id)
    )
    if school_id is not None:
        statement = statement.where(row.school_id == school_id)
    rows = await work.session.execute(statement)
    return [Search(**each) for each in rows.mappings()]


async def read_names(work: Work, municipality_id: int) -> Names:
    """Return the names of all that help can be with."""
    subjects = await work.session.execute(
        select(SubjectRow.code, SubjectRow.name_ru, SubjectRow.name_en)
    )
    groups = await work.session.execute(
        select(MsokoGroupRow.code, MsokoGroupRow.title).where(
            MsokoGroupRow.municipality_id == municipality_id
        )
    )
    return Names({code: (ru, en) for code, ru, en in subjects}, dict(groups.all()))


async def read_school_names(work: Work, municipality_id: int) -> dict[int, str]:
    """Return the names of the schools that the caller sees, by number."""
    rows = await work.session.execute(
        select(SchoolRow.id, SchoolRow.name).where(
            SchoolRow.municipality_id == municipality_id
        )
    )
    return dict(rows.all())


async def find_home(work: Work, school_id: int) -> int | None:
    """Return the municipality of a school, if the caller sees it."""
    return await work.session.scalar(
        select(SchoolRow.municipality_id).where(SchoolRow.id == school_id)
    )


async def list_decisions(
    work: Work, municipality_id: int, *, before: int, limit: int
) -> Sequence[Any]:
    """Return up to `limit + 1` decisions, newest first; from `before` on if not 0."""
    row = MentorSuggestionDecisionRow
    statement = select(*row.__table__.c).where(row.municipality_id == municipality_id)
    if before:
        statement = statement.where(row.id < before)
    found = await work.session.execute(
        statement.order_by(row.id.desc()).limit(limit + 1)
    )
    return found.all()
