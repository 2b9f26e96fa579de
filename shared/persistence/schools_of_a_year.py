"""First and last days of a municipality's schools, and which of them a run lists."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Select, bindparam, or_, select

from shared.contracts.events import Topic
from shared.persistence.paging import AnyRow
from shared.persistence.tables.figures import FigureRow
from shared.persistence.tables.identification import IdentificationRow
from shared.persistence.tables.matching import MentorSearchRow
from shared.persistence.tables.results import AssessmentResultRow
from shared.persistence.tables.school_conditions import SchoolConditionsRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.scoring import RunRow
from shared.persistence.work import Work


async def list_lives(work: Work, municipality_id: int) -> Sequence[AnyRow]:
    """Return the schools, but branches, of which a first or a last day is known."""
    school = SchoolRow
    rows = await work.session.execute(
        select(school.id, school.name, school.opened_on, school.closed_on)
        .where(
            school.municipality_id == municipality_id,
            school.kind != "branch",
            or_(school.opened_on.is_not(None), school.closed_on.is_not(None)),
        )
        .order_by(school.id)
    )
    return rows.all()


_LISTED: Final[Mapping[Topic, Select[Any]]] = MappingProxyType(
    {
        Topic.RESULTS: select(FigureRow.school_id).where(
            FigureRow.run_id == bindparam("run_id")
        ),
        Topic.CONDITIONS: select(SchoolConditionsRow.school_id).where(
            SchoolConditionsRow.run_id == bindparam("run_id")
        ),
        Topic.IDENTIFICATION: select(IdentificationRow.school_id).where(
            IdentificationRow.run_id == bindparam("run_id")
        ),
        Topic.MATCHING: select(MentorSearchRow.school_id).where(
            MentorSearchRow.run_id == bindparam("run_id")
        ),
        # Tests have nothing to say of some results, which are counted all the same.
        Topic.OBJECTIVITY: select(AssessmentResultRow.school_id)
        .join(RunRow, RunRow.municipality_id == AssessmentResultRow.municipality_id)
        .where(
            RunRow.id == bindparam("run_id"),
            RunRow.year == AssessmentResultRow.academic_year,
        ),
    }
)


async def schools_listed(
    work: Work, topic: Topic, run_id: int, among: Collection[int]
) -> set[int]:
    """Return the schools that a run lists, of some, as far as the caller may see."""
    if not among:
        return set()
    statement = _LISTED[topic]
    school = next(iter(statement.selected_columns))
    found = await work.session.scalars(
        statement.where(school.in_(among)).distinct(), {"run_id": run_id}
    )
    return {each for each in found if each is not None}
