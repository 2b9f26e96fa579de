"""Results, and the lists that they refer to."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    bindparam,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from services.api.results.records import SchoolScope, StoredResult
from shared.domain.result_rules import Procedure
from shared.persistence.audit_sets import changes_of, tells_of
from shared.persistence.lineage import predecessors_of
from shared.persistence.paging import AnyRow, Shape, ordered
from shared.persistence.reading import UserQuery
from shared.persistence.tables.audit import AuditEntryRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.results import (
    RESULT_KEY,
    RESULT_KEY_COLUMNS,
    AssessmentResultRow,
    ProcedureRow,
    SubjectRow,
)
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

RESULT = "assessment_result"  # what the audit calls it

_RESULT = AssessmentResultRow.__table__.c

RESULT_QUERY = UserQuery(select(*_RESULT).where(_RESULT.id == bindparam("id")))
RESULT_SORTS = {
    name: _RESULT[name] for name in ("id", "academic_year", "written_on", "updated_at")
}


async def find_school_scope(work: Work, school_id: int) -> SchoolScope | None:
    """Return the scope of a school that the transaction may see."""
    statement = (
        select(SchoolRow.municipality_id, MunicipalityRow.synthetic)
        .join(MunicipalityRow, MunicipalityRow.id == SchoolRow.municipality_id)
        .where(SchoolRow.id == school_id)
    )
    row = (await work.session.execute(statement)).one_or_none()
    return None if row is None else SchoolScope(*row)


async def insert_result(work: Work, values: Mapping[str, Any]) -> StoredResult | None:
    """Write a new result and return it; None where its natural key exists."""
    statement = (
        insert(AssessmentResultRow)
        .values(**values, version=1, created_at=work.now, updated_at=work.now)
        .on_conflict_do_nothing(constraint=RESULT_KEY)
        .returning(*_RESULT)
    )
    return await _one_or_none(work, statement)


async def find_by_natural_key(work: Work, values: Mapping[str, Any]) -> int | None:
    """Return the id of the result that has these values in its natural key."""
    same = (
        _RESULT[name].is_not_distinct_from(values[name]) for name in RESULT_KEY_COLUMNS
    )
    found: int | None = await work.session.scalar(select(_RESULT.id).where(*same))
    return found


async def read_result(work: Work, result_id: int) -> StoredResult | None:
    """Return one result that the transaction may see."""
    statement = select(*_RESULT).where(_RESULT.id == result_id)
    return await _one_or_none(work, statement)


async def list_changes(work: Work, result_id: int) -> Sequence[AnyRow]:
    """Return what the audit has of a result, oldest first."""
    entry = AuditEntryRow
    statement = (
        select(
            entry.at,
            entry.action,
            changes_of(result_id).label("changes"),
            entry.reason,
            entry.import_id,
            entry.actor_id,
            entry.municipality_id,
            entry.school_id,
            UserRow.role.label("actor_role"),
            MunicipalityRow.synthetic,
        )
        .join(MunicipalityRow, MunicipalityRow.id == entry.municipality_id)
        .outerjoin(UserRow, UserRow.id == entry.actor_id)
        .where(tells_of(RESULT, result_id))
        .order_by(entry.number)
    )
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def lock_result(work: Work, result_id: int) -> StoredResult | None:
    """Return one result that nobody else can change until the transaction ends."""
    statement = select(*_RESULT).where(_RESULT.id == result_id).with_for_update()
    return await _one_or_none(work, statement)


async def replace_counts(
    work: Work, result_id: int, figures: Mapping[str, Any]
) -> StoredResult:
    """Write figures that no longer come from a file, as the result's next version."""
    statement = (
        update(AssessmentResultRow)
        .where(AssessmentResultRow.id == result_id)
        .values(
            **figures,
            percentages=None,
            counts_rebuilt=False,
            import_id=None,
            import_sheet=None,
            import_row=None,
            version=AssessmentResultRow.version + 1,
            updated_at=work.now,
        )
        .returning(*_RESULT)
    )
    return StoredResult(**(await work.session.execute(statement)).mappings().one())


def _narrowing(name: str) -> ColumnElement[bool]:
    if name == "lineage_of":
        school = bindparam(name, type_=BigInteger)
        before = predecessors_of(school)
        return or_(_RESULT.school_id == school, _RESULT.school_id.in_(before))
    narrowed: ColumnElement[bool] = _RESULT[name] == bindparam(name)
    return narrowed


@cache
def results_query(narrowed: frozenset[str], shape: Shape) -> UserQuery:
    """Return the query of a page of results; what narrows it are parameters.

    Those of `lineage_of` are the school's own and those of the schools it comes from.
    """
    statement = select(*_RESULT).where(*(_narrowing(name) for name in sorted(narrowed)))
    return UserQuery(ordered(statement, shape, key=_RESULT.id, by=RESULT_SORTS))


async def list_subjects(work: Work) -> Sequence[SubjectRow]:
    """Return all subjects by code."""
    return (
        await work.session.scalars(select(SubjectRow).order_by(SubjectRow.code))
    ).all()


async def list_procedures(work: Work) -> Sequence[ProcedureRow]:
    """Return all procedures by code."""
    return (
        await work.session.scalars(select(ProcedureRow).order_by(ProcedureRow.code))
    ).all()


async def read_procedures(work: Work) -> dict[str, Procedure]:
    """Return what the domain's rules need to know of the procedures, by code."""
    return {
        row.code: Procedure(row.code, frozenset(row.grades), row.marked)
        for row in await list_procedures(work)
    }


async def read_subject_codes(work: Work) -> frozenset[str]:
    """Return the codes of all subjects."""
    return frozenset(await work.session.scalars(select(SubjectRow.code)))


async def _one_or_none(work: Work, statement: Executable) -> StoredResult | None:
    row = (await work.session.execute(statement)).mappings().one_or_none()
    return None if row is None else StoredResult(**row)
