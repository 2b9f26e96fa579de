"""What the rows of a filled form are tried by: read once for each file."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table, select

from services.api.datasets.codes import coded_columns
from services.api.datasets.recording import Recording
from services.api.imports.form_rules import FormContext, Row
from services.api.imports.records import Municipality
from shared.persistence.local_dates import today_of
from shared.persistence.school_directory import read_schools
from shared.persistence.school_lives import read_bounded_lives
from shared.persistence.tables.base import Base
from shared.persistence.tables.enrolments import EnrolmentRow
from shared.persistence.work import Work

LOGIN_KIND = "fis_oko_login"
# What others refer to by these never changes.
FIXED = frozenset({"id", "municipality_id", "school_id"})


async def read_context(
    work: Work, recording: Recording, key: tuple[str, ...], municipality: Municipality
) -> FormContext:
    """Return the schools and rows that may be named, and what rules may know."""
    schools = await read_schools(
        work,
        municipality.id,
        code_kind=LOGIN_KIND,
        only_school=municipality.only_school,
    )
    existing = await _rows(work, recording.table, municipality.id)
    return FormContext(
        today=await today_of(work, municipality.id),
        schools=schools,
        all_schools=await read_schools(work, municipality.id)
        if recording.knows_schools
        else None,
        lives=await read_bounded_lives(work, municipality.id),
        enrolments=await _enrolments(work, municipality.id),
        references={
            column: await _rows(work, rows.__table__, municipality.id)
            for column, rows in recording.references.items()
        },
        codes={
            column: frozenset(await work.session.scalars(select(codes)))
            for column, codes in coded_columns(recording.table).items()
        },
        existing={tuple(row[name] for name in key): row for row in existing.values()},
        in_use=await _in_use(work, recording.table, municipality.id),
    )


async def _enrolments(work: Work, municipality_id: int) -> dict[tuple[int, int], int]:
    row = EnrolmentRow
    statement = select(row.school_id, row.academic_year, row.pupils).where(
        row.municipality_id == municipality_id
    )
    rows = await work.session.execute(statement)
    return {(each.school_id, each.academic_year): each.pupils for each in rows}


async def _rows(work: Work, table: Any, municipality_id: int) -> Mapping[int, Row]:
    statement = select(table).where(table.c.municipality_id == municipality_id)
    found = (await work.session.execute(statement)).mappings()
    return {row["id"]: dict(row) for row in found}


async def _in_use(
    work: Work, table: Table, municipality_id: int
) -> dict[str, frozenset[int]]:
    """Return by column the rows of a table to whose value there others refer."""
    found: dict[str, frozenset[int]] = {}
    for column, numbers in _referring(table):
        statement = select(numbers).join(table, table.c.id == numbers)
        statement = statement.where(table.c.municipality_id == municipality_id)
        ids = await work.session.scalars(statement.distinct())
        found[column] = found.get(column, frozenset()) | frozenset(ids)
    return found


def _referring(table: Table) -> Iterator[tuple[str, Any]]:
    """Yield columns that others refer to along with the number, and what has that."""
    for other in Base.metadata.tables.values():
        for key in other.foreign_key_constraints:
            if key.referred_table is not table:
                continue
            referred = {each.column.name: each.parent for each in key.elements}
            for column in referred.keys() - FIXED:
                yield column, referred["id"]
