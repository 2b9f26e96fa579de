"""Uploaded files as they are kept, with their lines."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import aliased

from services.api.imports.records import Action, Status, StoredImport, StoredLine
from services.api.imports.run_statements import PAGE_OF_RUNS
from services.api.imports.schemas import ImportFilter
from shared.persistence.numbered_pages import NumberedPaging, read_numbered_page
from shared.persistence.paging import Sortable
from shared.persistence.tables.import_runs import ImportRunRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.results import ImportLineRow, ImportRow
from shared.persistence.work import Work

SORTS: Sortable = {
    "id": ImportRow.__table__.c.id,
    "created_at": ImportRow.__table__.c.created_at,
    "file_format": ImportRow.__table__.c.file_format,
    "status": ImportRow.__table__.c.status,
}


async def insert_import(work: Work, values: Mapping[str, Any]) -> int:
    """Write a file that is being read and return its id."""
    statement = insert(ImportRow).values(
        **values, status=Status.READING, created_at=work.now
    )
    return (await work.session.scalars(statement.returning(ImportRow.id))).one()


async def update_import(work: Work, import_id: int, **values: Any) -> None:
    """Write what has changed of a file."""
    statement = update(ImportRow).where(ImportRow.id == import_id).values(**values)
    await work.session.execute(statement)


async def update_reading(work: Work, import_id: int, **values: Any) -> bool:
    """Write what has changed of a file; say whether it is still being read."""
    statement = (
        update(ImportRow)
        .where(ImportRow.id == import_id, ImportRow.status == Status.READING)
        .values(**values)
        .returning(ImportRow.id)
    )
    return (await work.session.scalars(statement)).one_or_none() is not None


async def delete_lines(work: Work, import_id: int) -> None:
    """Forget the lines of a file."""
    for rows in (ImportLineRow, ImportRunRow):
        await work.session.execute(delete(rows).where(rows.import_id == import_id))


async def read_import(work: Work, import_id: int) -> StoredImport | None:
    """Return one file that the transaction may see."""
    statement = _imports().where(ImportRow.id == import_id)
    row = (await work.session.execute(statement)).mappings().one_or_none()
    return None if row is None else StoredImport(**row)


async def list_imports(
    work: Work, wanted: ImportFilter, paging: NumberedPaging
) -> Sequence[StoredImport]:
    """Return up to `limit` + 1 files that the caller may see."""
    statement, columns = _imports(), ImportRow.__table__.c
    for name, value in wanted.model_dump(exclude_none=True).items():
        statement = statement.where(columns[name] == value)
    rows = await read_numbered_page(work, statement, paging, key=columns.id, by=SORTS)
    return [StoredImport(**row._mapping) for row in rows]  # noqa: SLF001 (its public name)


async def list_lines(
    work: Work, import_id: int, *, action: str | None, after: int, limit: int
) -> Sequence[StoredLine]:
    """Return up to `limit` + 1 lines of a file after the id `after`, by id."""
    statement = (
        select(
            ImportLineRow.id,
            ImportLineRow.sheet,
            ImportLineRow.row,
            ImportLineRow.action,
            ImportLineRow.record,
            ImportLineRow.target_id,
            ImportLineRow.cells,
            ImportLineRow.faults,
        )
        .where(ImportLineRow.import_id == import_id, ImportLineRow.id > after)
        .order_by(ImportLineRow.id)
        .limit(limit + 1)
    )
    if action is not None:
        statement = statement.where(ImportLineRow.action == action)
    rows = [*(await work.session.execute(statement)).mappings()]
    if action in (None, Action.NEW):
        page = {"import_id": import_id, "after": after, "limit": limit + 1}
        rows += (await work.session.execute(PAGE_OF_RUNS, page)).mappings()
    lines = sorted((StoredLine(**row) for row in rows), key=lambda line: line.id)
    return lines[: limit + 1]


def _imports() -> Any:
    return select(
        *ImportRow.__table__.c,
        MunicipalityRow.synthetic,
        _already_committed_as().label("already_committed_as"),
    ).join(MunicipalityRow, MunicipalityRow.id == ImportRow.municipality_id)


def _already_committed_as() -> ColumnElement[int | None]:
    other = aliased(ImportRow)
    return (
        select(func.min(other.id))
        .where(
            other.municipality_id == ImportRow.municipality_id,
            other.sha256 == ImportRow.sha256,
            other.status == Status.COMMITTED,
            other.id != ImportRow.id,
        )
        .scalar_subquery()
    )
