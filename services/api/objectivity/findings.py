"""Reading what the tests of objectivity found, and writing what schools say of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.dialects.postgresql import insert

from shared.domain.provenance import ProvenanceKind
from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.conditions import ObjectivitySignRow
from shared.persistence.tables.objectivity import FINDING_KEY, FindingExplanationRow
from shared.persistence.tables.objectivity_findings import ObjectivityFindingRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.scoring import RunRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFilter:
    """What a list is narrowed to; None does not narrow."""

    test: str | None = None
    verdict: str | None = None
    school_id: int | None = None


async def list_findings(
    work: Work, run_id: int, wanted: FindingFilter, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` findings of a run that the caller may see."""
    statement = _findings().where(ObjectivityFindingRow.run_id == run_id)
    for name, value in asdict(wanted).items():
        if value is not None:
            statement = statement.where(getattr(ObjectivityFindingRow, name) == value)
    return await read_page(
        work, statement, ObjectivityFindingRow.id, after=after, limit=limit
    )


async def list_of_school(work: Work, run_id: int, school_id: int) -> Sequence[AnyRow]:
    """Return all findings of a run about a school, in the order of the tests."""
    statement = (
        _findings()
        .where(
            ObjectivityFindingRow.run_id == run_id,
            ObjectivityFindingRow.school_id == school_id,
        )
        .order_by(ObjectivityFindingRow.id)
    )
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def find_school(work: Work, school_id: int) -> AnyRow | None:
    """Return a school's name and municipality, if the caller may see it."""
    statement = select(SchoolRow.id, SchoolRow.name, SchoolRow.municipality_id).where(
        SchoolRow.id == school_id
    )
    return (await work.session.execute(statement)).one_or_none()


async def find_markers(
    work: Work, school_id: int, year: int
) -> ObjectivitySignRow | None:
    """Return the federal markers of a school's year."""
    row: ObjectivitySignRow | None = await work.session.scalar(
        select(ObjectivitySignRow).where(
            ObjectivitySignRow.school_id == school_id, ObjectivitySignRow.year == year
        )
    )
    return row


async def find_finding(work: Work, finding_id: int, school_id: int) -> AnyRow | None:
    """Return a finding about the school, with the year of its run."""
    statement = (
        select(*ObjectivityFindingRow.__table__.c, RunRow.year)
        .join(RunRow, RunRow.id == ObjectivityFindingRow.run_id)
        .where(
            ObjectivityFindingRow.id == finding_id,
            ObjectivityFindingRow.school_id == school_id,
        )
    )
    return (await work.session.execute(statement)).one_or_none()


def _findings() -> Select[Any]:
    """Select findings with the school's name and what it says of them."""
    said, found = FindingExplanationRow, ObjectivityFindingRow
    same = (said.school_id, said.test, said.procedure, said.subject)
    return (
        select(
            *found.__table__.c,
            SchoolRow.name.label("school_name"),
            said.explanation,
            said.explained_at,
            said.version,
        )
        .join(SchoolRow, SchoolRow.id == found.school_id)
        .join(RunRow, RunRow.id == found.run_id)
        .outerjoin(
            said,
            and_(
                *(column == getattr(found, column.key) for column in same),
                said.programme_grade == found.programme_grade,
                said.year == RunRow.year,
            ),
        )
    )


async def lock_explanation(work: Work, finding: AnyRow) -> FindingExplanationRow | None:
    """Return what the school says of the finding, locked until the transaction ends."""
    row: FindingExplanationRow | None = await work.session.scalar(
        select(FindingExplanationRow).filter_by(**_key(finding)).with_for_update()
    )
    return row


async def write_explanation(
    work: Work, finding: AnyRow, explanation: str, at: datetime
) -> FindingExplanationRow:
    """Write an explanation, or the next version of it, and return it."""
    said = {"explanation": explanation, "explained_at": at}
    statement = (
        insert(FindingExplanationRow)
        .values(
            municipality_id=finding.municipality_id,
            provenance=ProvenanceKind.LOCAL.value,
            **_key(finding),
            **said,
        )
        .on_conflict_do_update(
            constraint=FINDING_KEY,
            set_={**said, "version": FindingExplanationRow.version + 1},
        )
        .returning(FindingExplanationRow)
        .execution_options(populate_existing=True)
    )
    return (await work.session.scalars(statement)).one()


def _key(finding: AnyRow) -> dict[str, Any]:
    """Return what an explanation is kept by: the paper, whichever run looked at it."""
    return {
        "school_id": finding.school_id,
        "year": finding.year,
        "test": finding.test,
        "procedure": finding.procedure,
        "subject": finding.subject,
        "programme_grade": finding.programme_grade,
    }
