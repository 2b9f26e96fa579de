"""Tandems as they are kept."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, true, update
from sqlalchemy.orm import aliased

from services.api.tandems.records import (
    Post,
    StoredMember,
    StoredTandem,
    TandemFilter,
)
from shared.domain.tandem_terms import (
    EndReason,
    Tandem,
    TandemKind,
    TandemRole,
    TandemStatus,
)
from shared.persistence.numbered_pages import NumberedPaging, read_numbered_page
from shared.persistence.paging import AnyRow, Sortable
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.results import SubjectRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.tandems import TandemMemberRow, TandemRow
from shared.persistence.tables.teachers import TeacherRow
from shared.persistence.work import Work

SORTS: Sortable = {
    "id": TandemRow.__table__.c.id,
    "starts_on": TandemRow.__table__.c.starts_on,
    "status": TandemRow.__table__.c.status,
}


async def find_homes(work: Work, school_ids: Collection[int]) -> dict[int, int]:
    """Return the municipalities of those schools that the transaction may see."""
    statement = select(SchoolRow.id, SchoolRow.municipality_id)
    rows = await work.session.execute(statement.where(SchoolRow.id.in_(school_ids)))
    return {row.id: row.municipality_id for row in rows}


async def find_posts(work: Work, teacher_ids: Collection[int]) -> dict[int, Post]:
    """Return where those teachers work that the transaction may see."""
    teacher = TeacherRow
    statement = select(
        teacher.id, teacher.school_id, teacher.position, teacher.erased_on
    ).where(teacher.id.in_(teacher_ids))
    return {
        row.id: Post(row.school_id, row.position, row.erased_on is not None)
        for row in await work.session.execute(statement)
    }


async def find_unknown_subjects(work: Work, codes: Collection[str]) -> set[str]:
    """Return those of the codes that no subject has."""
    statement = select(SubjectRow.code).where(SubjectRow.code.in_(codes))
    return set(codes) - set(await work.session.scalars(statement))


async def list_tandems(
    work: Work, wanted: TandemFilter, paging: NumberedPaging
) -> Sequence[StoredTandem]:
    """Return up to `limit + 1` tandems that the caller may see, oldest first."""
    tandem, statement = TandemRow, _tandems()
    if wanted.municipality_id is not None:
        statement = statement.where(tandem.municipality_id == wanted.municipality_id)
    if wanted.school_id is not None:
        statement = statement.where(tandem.school_ids.contains([wanted.school_id]))
    if wanted.status is not None:
        statement = statement.where(tandem.status == wanted.status)
    if wanted.kind is not None:
        statement = statement.where(tandem.kind == wanted.kind)
    key = TandemRow.__table__.c.id
    rows = await read_numbered_page(work, statement, paging, key=key, by=SORTS)
    return await _with_members(work, rows)


async def read_tandem(work: Work, tandem_id: int) -> StoredTandem | None:
    """Return one tandem that the caller may see."""
    return await _one_or_none(work, _tandems().where(TandemRow.id == tandem_id))


async def lock_tandem(work: Work, tandem_id: int) -> StoredTandem | None:
    """Return a tandem that the caller may write; nobody else changes it meanwhile."""
    statement = _tandems().where(TandemRow.id == tandem_id)
    return await _one_or_none(work, statement.with_for_update(of=TandemRow))


async def insert_tandem(
    work: Work, tandem: Tandem, *, municipality_id: int, replaces_id: int | None
) -> int:
    """Write a draft and return its number."""
    statement = (
        insert(TandemRow)
        .values(
            **_values(tandem),
            municipality_id=municipality_id,
            status=TandemStatus.DRAFT,
            replaces_id=replaces_id,
            version=1,
            created_at=work.now,
            updated_at=work.now,
        )
        .returning(TandemRow.id)
    )
    tandem_id = (await work.session.scalars(statement)).one()
    await _insert_members(work, tandem_id, tandem, municipality_id)
    return tandem_id


async def update_content(work: Work, before: StoredTandem, tandem: Tandem) -> None:
    """Write other content, members included, as the next version."""
    await update_tandem(work, before.id, **_values(tandem))
    await work.session.execute(
        delete(TandemMemberRow).where(TandemMemberRow.tandem_id == before.id)
    )
    await _insert_members(work, before.id, tandem, before.municipality_id)


async def update_tandem(work: Work, tandem_id: int, **values: Any) -> None:
    """Write what has changed of a tandem, as the next version."""
    await work.session.execute(
        update(TandemRow)
        .where(TandemRow.id == tandem_id)
        .values(**values, version=TandemRow.version + 1, updated_at=work.now)
    )


def _values(tandem: Tandem) -> dict[str, Any]:
    return {
        "kind": tandem.kind,
        "school_ids": list(tandem.schools),
        "goal": tandem.goal,
        "plan": tandem.plan,
        "starts_on": tandem.starts_on,
        "ends_on": tandem.ends_on,
    }


async def _insert_members(
    work: Work, tandem_id: int, tandem: Tandem, municipality_id: int
) -> None:
    rows = [
        {
            "municipality_id": municipality_id,
            "tandem_id": tandem_id,
            "place": place,
            "role": member.role,
            "school_id": member.school_id,
            "position": member.position,
            "subject": member.subject,
            "teacher_id": member.teacher_id,
        }
        for place, member in enumerate(tandem.members, start=1)
    ]
    await work.session.execute(insert(TandemMemberRow).values(rows))


def _tandems() -> Select[Any]:
    later = aliased(TandemRow)
    replaced_by = (
        select(later.id).where(later.replaces_id == TandemRow.id).scalar_subquery()
    )
    return select(
        *TandemRow.__table__.c,
        replaced_by.label("replaced_by_id"),
        MunicipalityRow.synthetic,
    ).join(MunicipalityRow, MunicipalityRow.id == TandemRow.municipality_id)


async def _one_or_none(work: Work, statement: Select[Any]) -> StoredTandem | None:
    rows = (await work.session.execute(statement)).all()
    found = await _with_members(work, rows)
    return found[0] if found else None


async def _with_members(work: Work, rows: Iterable[AnyRow]) -> list[StoredTandem]:
    listed = list(rows)
    members = await _read_members(work, [row.id for row in listed])
    return [_stored(row, members[row.id]) for row in listed]


def _stored(row: AnyRow, members: Sequence[StoredMember]) -> StoredTandem:
    values = dict(row._mapping)  # noqa: SLF001 (SQLAlchemy's own name for it)
    del values["school_ids"]
    values["kind"] = TandemKind(row.kind)
    values["status"] = TandemStatus(row.status)
    if row.end_reason is not None:
        values["end_reason"] = EndReason(row.end_reason)
    return StoredTandem(**values, members=members)


async def _read_members(
    work: Work, tandem_ids: Collection[int]
) -> dict[int, list[StoredMember]]:
    """Return the members of each tandem; a partner's school is named, too."""
    member = TandemMemberRow
    label = func.tenancy.school_label(member.school_id).table_valued("name")
    school = label.lateral("school")
    statement = (
        select(*member.__table__.c, school.c.name.label("school_name"))
        .join(school, true())
        .where(member.tandem_id.in_(tandem_ids))
        .order_by(member.tandem_id, member.place)
    )
    found = defaultdict(list)
    for row in await work.session.execute(statement):
        found[row.tandem_id].append(
            StoredMember(
                role=TandemRole(row.role),
                school_id=row.school_id,
                school_name=row.school_name,
                position=row.position,
                subject=row.subject,
                teacher_id=row.teacher_id,
            )
        )
    return found
