"""Rows of any dataset that people write: reading, writing, and what became of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, Table, delete, exists, insert, null, select, update
from sqlalchemy.exc import IntegrityError

from services.api.datasets.codes import coded_columns
from services.api.datasets.dataset import Dataset
from services.api.datasets.recording import Recording
from services.api.records.queries import sorts_of
from services.api.records.records import Home, Taken, Wanted
from shared.persistence.audit_sets import changes_of, tells_of
from shared.persistence.paging import AnyRow, Paging, read_sorted_page
from shared.persistence.tables.audit import AuditEntryRow
from shared.persistence.tables.base import Base
from shared.persistence.tables.enrolments import EnrolmentRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

# By SQLSTATE: not unique, not apart from others in time, referred to.
VIOLATIONS = {"23505": Taken.KEY, "23P01": Taken.KEY, "23503": Taken.REFERENCE}


async def list_rows(
    work: Work, dataset: Dataset, recording: Recording, wanted: Wanted, paging: Paging
) -> Sequence[AnyRow]:
    """Return a page of the rows that the caller may see, and one row more."""
    statement = dataset.select(
        municipality_id=wanted.municipality_id, academic_year=wanted.academic_year
    )
    for column in dataset.columns:
        value = wanted.equal.get(column.name)
        if value is not None:
            statement = statement.where(column.source == value)
    columns = recording.table.c
    return await read_sorted_page(
        work,
        statement.add_columns(columns.version).order_by(None),
        paging,
        key=columns.id,
        by=sorts_of(dataset, recording),
    )


async def read_row(
    work: Work, dataset: Dataset, recording: Recording, row_id: int
) -> AnyRow | None:
    """Return one row that the caller may see, with the columns of the dataset."""
    statement = (
        dataset.select(municipality_id=None, academic_year=None)
        .add_columns(recording.table.c.version)
        .where(recording.table.c.id == row_id)
    )
    row: AnyRow | None = (await work.session.execute(statement)).one_or_none()
    return row


async def lock_row(work: Work, table: Table, row_id: int) -> dict[str, Any] | None:
    """Return a row that nobody else can change until the transaction ends."""
    statement = select(table).where(table.c.id == row_id).with_for_update()
    row = (await work.session.execute(statement)).mappings().one_or_none()
    return None if row is None else dict(row)


async def find_unknown_codes(
    work: Work, recording: Recording, values: Mapping[str, Any]
) -> list[str]:
    """Return the columns with a code that its reference list does not have."""
    asked = {
        name: exists().where(codes == values[name])
        for name, codes in coded_columns(recording.table).items()
        if values.get(name) is not None
    }
    if not asked:
        return []
    known = (await work.session.execute(select(*asked.values()))).one()
    return [name for name, found in zip(asked, known, strict=True) if not found]


async def insert_row(
    work: Work, recording: Recording, values: Mapping[str, Any]
) -> int | None:
    """Write a new row and return its number; None where its key is taken."""
    statement = insert(recording.table).values(**values).returning(recording.table.c.id)
    try:
        async with work.session.begin_nested():
            number: int = (await work.session.scalars(statement)).one()
    except IntegrityError as error:
        if _taken(error) is not Taken.KEY:
            raise
        return None
    return number


async def find_by_key(
    work: Work, recording: Recording, values: Mapping[str, Any]
) -> AnyRow | None:
    """Return number and school of the row that has these values in its key.

    None where the caller does not see it. Of several it is the newest: with a time
    from when until when they are valid, rows may have the same key one after another.
    """
    columns = recording.table.c
    same = (columns[name].is_not_distinct_from(values[name]) for name in recording.key)
    school = columns["school_id"] if "school_id" in columns else null()
    statement = select(columns.id, school.label("school_id")).where(*same)
    newest = statement.order_by(columns.id.desc()).limit(1)
    return (await work.session.execute(newest)).one_or_none()


async def update_row(
    work: Work, recording: Recording, row_id: int, values: Mapping[str, Any]
) -> Taken | None:
    """Write the next version of a row; say so if its key is that of another."""
    table = recording.table
    statement = (
        update(table)
        .where(table.c.id == row_id)
        .values(**values, version=table.c.version + 1)
    )
    return await _attempt(work, statement)


async def delete_row(work: Work, recording: Recording, row_id: int) -> Taken | None:
    """Remove a row; say so if others refer to it."""
    table = recording.table
    return await _attempt(work, delete(table).where(table.c.id == row_id))


async def _attempt(work: Work, statement: Executable) -> Taken | None:
    try:
        async with work.session.begin_nested():
            await work.session.execute(statement)
    except IntegrityError as error:
        return _taken(error)
    return None


def _taken(error: IntegrityError) -> Taken:
    """Return what stands against a change; the error itself, if it is another one."""
    state = getattr(error.orig, "sqlstate", None)
    if state not in VIOLATIONS:
        raise error
    return VIOLATIONS[state]


async def find_home_of_school(work: Work, school_id: int) -> Home | None:
    """Return where a school's rows belong, if the caller sees the school."""
    statement = (
        select(SchoolRow.municipality_id, SchoolRow.id, MunicipalityRow.time_zone)
        .join(MunicipalityRow, MunicipalityRow.id == SchoolRow.municipality_id)
        .where(SchoolRow.id == school_id)
    )
    row = (await work.session.execute(statement)).one_or_none()
    return None if row is None else Home(*row)


async def find_home(work: Work, municipality_id: int) -> Home | None:
    """Return where a municipality's rows belong, if the caller sees it."""
    statement = select(MunicipalityRow.id, MunicipalityRow.time_zone).where(
        MunicipalityRow.id == municipality_id
    )
    row = (await work.session.execute(statement)).one_or_none()
    return None if row is None else Home(row.id, None, row.time_zone)


async def read_referenced(
    work: Work,
    rows: type[Base],
    row_id: int,
    municipality_id: int,
    school_id: int | None,
) -> dict[str, Any] | None:
    """Return a row of the municipality that nobody changes before the transaction ends.

    None where there is no such row, the caller does not see it, or, with a school, it
    is not that school's.
    """
    table = rows.__table__
    statement = (
        select(table)
        .where(table.c.id == row_id, table.c.municipality_id == municipality_id)
        .with_for_update(key_share=True)
    )
    if school_id is not None:
        statement = statement.where(table.c.school_id == school_id)
    row = (await work.session.execute(statement)).mappings().one_or_none()
    return None if row is None else dict(row)


async def read_siblings(
    work: Work,
    recording: Recording,
    values: Mapping[str, Any],
    municipality_id: int,
    *,
    besides: int | None,
) -> Sequence[Mapping[str, Any]]:
    """Return the rows that a row has to be held against.

    Until the transaction ends nobody else can add to the municipality's.
    """
    if not recording.siblings:
        return ()
    await work.session.execute(
        select(MunicipalityRow.id)
        .where(MunicipalityRow.id == municipality_id)
        .with_for_update(key_share=True)
    )
    columns = recording.table.c
    same = (columns[name] == values[name] for name in recording.siblings)
    statement = select(recording.table).where(*same).order_by(columns.id)
    if besides is not None:
        statement = statement.where(columns.id != besides)
    rows = await work.session.execute(statement)
    return [dict(row) for row in rows.mappings()]


async def find_enrolment(work: Work, school_id: int, academic_year: int) -> int | None:
    """Return how many pupils the school has in the year, where that is known."""
    found: int | None = await work.session.scalar(
        select(EnrolmentRow.pupils).where(
            EnrolmentRow.school_id == school_id,
            EnrolmentRow.academic_year == academic_year,
        )
    )
    return found


async def list_history(
    work: Work, entity: str, row_id: int, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` changes of a row, oldest first, after a number."""
    entry = AuditEntryRow.__table__.c
    statement = (
        select(
            entry.number,
            entry.at,
            entry.action,
            changes_of(row_id).label("changes"),
            entry.reason,
            entry.import_id,
            entry.actor_id,
            UserRow.role.label("actor_role"),
        )
        .outerjoin(UserRow, UserRow.id == entry.actor_id)
        .where(tells_of(entity, row_id), entry.number > after)
        .order_by(entry.number)
        .limit(limit + 1)
    )
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows
