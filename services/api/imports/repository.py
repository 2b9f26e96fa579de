"""Uploaded files with their lines, and what they are compared with."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import aliased

from services.api.imports.preview import WAVE, Existing, Line, ResultKey
from services.api.imports.records import (
    Municipality,
    StoredImport,
    StoredLine,
    stored_fault,
    stored_text,
)
from shared.domain.result_rules import Procedure
from shared.domain.school_directory import KnownSchool, SchoolDirectory
from shared.domain.spellings import spelling_key
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.results import (
    AssessmentResultRow,
    ImportLineRow,
    ImportRow,
    ProcedureRow,
    SubjectRow,
)
from shared.persistence.tables.schools import (
    SchoolAliasRow,
    SchoolIdentifierRow,
    SchoolRow,
)
from shared.persistence.work import Work

LOGIN_KIND = "fis_oko_login"


async def read_municipality(work: Work, municipality_id: int) -> Municipality | None:
    """Return a municipality that the transaction may see."""
    statement = select(MunicipalityRow.id, MunicipalityRow.name).where(
        MunicipalityRow.id == municipality_id
    )
    row = (await work.session.execute(statement)).one_or_none()
    return None if row is None else Municipality(*row)


async def read_directory(work: Work, municipality_id: int) -> SchoolDirectory[int]:
    """Return a municipality's schools with all spellings and all logins, past ones too.

    Old files carry old logins.
    """
    names: defaultdict[int, list[str]] = defaultdict(list)
    logins: defaultdict[int, list[str]] = defaultdict(list)
    schools = await work.session.execute(
        select(SchoolRow.id, SchoolRow.name).where(
            SchoolRow.municipality_id == municipality_id
        )
    )
    for row in schools:
        names[row.id].append(row.name)
    aliases = await work.session.execute(
        select(SchoolAliasRow.school_id, SchoolAliasRow.alias).where(
            SchoolAliasRow.municipality_id == municipality_id
        )
    )
    for row in aliases:
        names[row.school_id].append(row.alias)
    identifiers = await work.session.execute(
        select(SchoolIdentifierRow.school_id, SchoolIdentifierRow.value).where(
            SchoolIdentifierRow.municipality_id == municipality_id,
            SchoolIdentifierRow.kind == LOGIN_KIND,
        )
    )
    for row in identifiers:
        logins[row.school_id].append(row.value)
    return SchoolDirectory.of(
        KnownSchool(school_id, tuple(spelled), tuple(logins[school_id]))
        for school_id, spelled in names.items()
    )


async def read_subject_spellings(work: Work) -> dict[str, str]:
    """Map every reduced spelling of a subject to its code."""
    return {
        spelling_key(spelling): row.code
        for row in await work.session.scalars(select(SubjectRow))
        for spelling in (row.code, row.name_ru, row.name_en, *row.aliases)
    }


async def read_marked_procedures(work: Work) -> dict[str, Procedure]:
    """Return the procedures whose results are marks, by code."""
    return {
        row.code: Procedure(row.code, frozenset(row.grades))
        for row in await work.session.scalars(
            select(ProcedureRow).where(ProcedureRow.marked)
        )
    }


async def read_existing(
    work: Work, municipality_id: int, procedure: str, years: Collection[int]
) -> dict[ResultKey, Existing]:
    """Return the results that a file of these academic years may meet."""
    table = AssessmentResultRow
    rows = await work.session.execute(
        select(
            table.id,
            table.version,
            table.school_id,
            table.subject,
            table.academic_year,
            table.programme_grade,
            table.pupil_grade,
            table.n,
            table.n2,
            table.n3,
            table.n4,
            table.n5,
        ).where(
            table.municipality_id == municipality_id,
            table.academic_year.in_(years),
            table.procedure == procedure,
            table.wave == WAVE,
            table.written_on.is_(None),
        )
    )
    return {
        (r.school_id, r.subject, r.academic_year, r.programme_grade, r.pupil_grade): (
            Existing(r.id, r.version, (r.n, r.n2, r.n3, r.n4, r.n5))
        )
        for r in rows
    }


async def insert_import(work: Work, values: Mapping[str, Any]) -> int:
    """Write a previewed file and return its id."""
    statement = insert(ImportRow).values(
        **values, status="previewed", created_at=work.now
    )
    return (await work.session.scalars(statement.returning(ImportRow.id))).one()


async def insert_lines(
    work: Work, municipality_id: int, import_id: int, lines: Iterable[Line]
) -> None:
    """Write the lines of a file, in their order."""
    rows = [
        {
            "municipality_id": municipality_id,
            "import_id": import_id,
            "sheet": stored_text(line.sheet),
            "row": line.row,
            "action": line.action,
            "record": line.record,
            "result_id": line.result_id,
            "result_version": line.result_version,
            "faults": [stored_fault(fault) for fault in line.faults],
        }
        for line in lines
    ]
    if rows:
        await work.session.execute(insert(ImportLineRow), rows)


async def read_import(work: Work, import_id: int) -> StoredImport | None:
    """Return one file that the transaction may see."""
    statement = _imports().where(ImportRow.id == import_id)
    row = (await work.session.execute(statement)).mappings().one_or_none()
    return None if row is None else StoredImport(**row)


async def list_imports(work: Work, *, after: int, limit: int) -> Sequence[StoredImport]:
    """Return up to `limit` + 1 files after the id `after`, by id."""
    statement = (
        _imports().where(ImportRow.id > after).order_by(ImportRow.id).limit(limit + 1)
    )
    rows = await work.session.execute(statement)
    return [StoredImport(**row) for row in rows.mappings()]


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
            ImportLineRow.result_id,
            ImportLineRow.faults,
        )
        .where(ImportLineRow.import_id == import_id, ImportLineRow.id > after)
        .order_by(ImportLineRow.id)
        .limit(limit + 1)
    )
    if action is not None:
        statement = statement.where(ImportLineRow.action == action)
    rows = await work.session.execute(statement)
    return [StoredLine(**row) for row in rows.mappings()]


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
            other.status == "committed",
            other.id != ImportRow.id,
        )
        .scalar_subquery()
    )
