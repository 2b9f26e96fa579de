"""Teachers as they are kept."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, insert, select, update

from services.api.teachers.records import StoredTeacher, TeacherFilter
from shared.persistence.paging import AnyRow
from shared.persistence.tables.audit import AuditEntryRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.results import SubjectRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.teachers import TeacherRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

ENTITY = "teacher"  # what the audit calls one, and a page of them


async def find_municipality(work: Work, school_id: int) -> int | None:
    """Return where a school is that the transaction may see."""
    statement = select(SchoolRow.municipality_id).where(SchoolRow.id == school_id)
    return await work.session.scalar(statement)


async def find_school_name(work: Work, school_id: int) -> str:
    """Return the name of a school that the transaction may see."""
    statement = select(SchoolRow.name).where(SchoolRow.id == school_id)
    return (await work.session.scalars(statement)).one()


async def find_unknown_subjects(work: Work, codes: Collection[str]) -> set[str]:
    """Return those of the codes that no subject has."""
    statement = select(SubjectRow.code).where(SubjectRow.code.in_(codes))
    return set(codes) - set(await work.session.scalars(statement))


async def list_teachers(
    work: Work, wanted: TeacherFilter, *, after: int, limit: int
) -> Sequence[StoredTeacher]:
    """Return up to `limit` + 1 teachers after the id `after`, by id."""
    statement = _teachers().where(TeacherRow.id > after)
    if wanted.municipality_id is not None:
        statement = statement.where(
            TeacherRow.municipality_id == wanted.municipality_id
        )
    if wanted.school_id is not None:
        statement = statement.where(TeacherRow.school_id == wanted.school_id)
    if wanted.subject is not None:
        statement = statement.where(TeacherRow.subjects.contains([wanted.subject]))
    statement = statement.order_by(TeacherRow.id).limit(limit + 1)
    rows = await work.session.execute(statement)
    return [StoredTeacher(**row) for row in rows.mappings()]


async def read_teacher(work: Work, teacher_id: int) -> StoredTeacher | None:
    """Return one teacher that the transaction may see."""
    return await _one_or_none(work, _teachers().where(TeacherRow.id == teacher_id))


async def lock_teacher(work: Work, teacher_id: int) -> StoredTeacher | None:
    """Return one teacher that nobody else changes until the transaction ends."""
    statement = _teachers().where(TeacherRow.id == teacher_id)
    return await _one_or_none(work, statement.with_for_update(of=TeacherRow))


async def insert_teacher(work: Work, values: Mapping[str, Any]) -> int:
    """Write a new teacher and return the number."""
    statement = (
        insert(TeacherRow)
        .values(**values, version=1, created_at=work.now, updated_at=work.now)
        .returning(TeacherRow.id)
    )
    return (await work.session.scalars(statement)).one()


async def update_teacher(work: Work, teacher_id: int, **values: Any) -> None:
    """Write what has changed of a teacher, as the next version."""
    await work.session.execute(
        update(TeacherRow)
        .where(TeacherRow.id == teacher_id)
        .values(**values, version=TeacherRow.version + 1, updated_at=work.now)
    )


async def list_entries(work: Work, teacher: StoredTeacher) -> Sequence[AnyRow]:
    """Return what the audit has of one teacher, oldest first."""
    entry = AuditEntryRow
    statement = (
        select(
            entry.at,
            entry.action,
            entry.changes,
            entry.reason,
            entry.actor_id,
            UserRow.role.label("actor_role"),
        )
        .outerjoin(UserRow, UserRow.id == entry.actor_id)
        .where(entry.entity == ENTITY, entry.entity_id == teacher.id)
        .order_by(entry.number)
    )
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


def _teachers() -> Select[Any]:
    return select(*TeacherRow.__table__.c, MunicipalityRow.synthetic).join(
        MunicipalityRow, MunicipalityRow.id == TeacherRow.municipality_id
    )


async def _one_or_none(work: Work, statement: Select[Any]) -> StoredTeacher | None:
    row = (await work.session.execute(statement)).mappings().one_or_none()
    return None if row is None else StoredTeacher(**row)
