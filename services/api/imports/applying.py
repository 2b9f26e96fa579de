"""Writing the lines of a previewed file into their table, set by set.

Every statement writes what was previewed or counts less than that: a row that appeared
or changed since is not touched. Each also writes what the audit tells of its rows.
"""

from typing import Any

from sqlalchemy import TextClause, select, text
from sqlalchemy.exc import IntegrityError

from services.api.imports.records import Action, StoredImport
from services.api.imports.run_statements import YEARS_OF_RUNS
from services.api.imports.statements import statements_of
from services.api.imports.targets import TargetTable
from services.api.scheduling.following import follow_records
from services.api.scheduling.redating import redate_municipality
from shared.persistence.audit import bulk_origin
from shared.persistence.local_dates import today_of
from shared.persistence.outbox import record
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.results import ImportRow
from shared.persistence.work import Work

# So that a large file is sorted in memory, and what was written is kept there.
_ROOM = text("SET LOCAL work_mem = '64MB'")


async def lock_import(work: Work, import_id: int) -> StoredImport | None:
    """Return a file that nobody else commits, nor another one of its municipality."""
    columns = [*ImportRow.__table__.c, MunicipalityRow.synthetic]
    statement = (
        select(*columns)
        .join(MunicipalityRow, MunicipalityRow.id == ImportRow.municipality_id)
        .where(ImportRow.id == import_id)
        .with_for_update(key_share=True)
    )
    row = (await work.session.execute(statement)).mappings().one_or_none()
    return None if row is None else StoredImport(**row)


async def write_lines(
    work: Work, target: TargetTable, import_id: int, *, reason: str | None = None
) -> dict[Action, int] | None:
    """Write new and changed rows; return how many lines were still as previewed.

    None where one of them does not go together with what is there by now.
    """
    await work.session.execute(_ROOM)
    statements = statements_of(target)
    origin = bulk_origin(work, import_id, reason=reason)
    unchanged = await work.session.scalar(
        statements.count_unchanged, {"import_id": import_id}
    )
    try:
        async with work.session.begin_nested():
            return {
                Action.NEW: await run_bulk(work, statements.insert, origin),
                Action.CHANGED: await run_bulk(work, statements.update, origin),
                Action.UNCHANGED: unchanged or 0,
            }
    except IntegrityError:
        return None


async def tell_years(
    work: Work, target: TargetTable, file: StoredImport, reason: str | None
) -> list[int]:
    """Record an event for each academic year that the file writes; return them.

    What belongs to no year is told of once. Deadlines follow what the rows ask for,
    and terms of measures the calendar.
    """
    if target.event is None:
        return []
    in_runs = (
        f"UNION SELECT academic_year FROM ({YEARS_OF_RUNS}) AS of"  # noqa: S608 (as below)
        if target.in_runs
        else ""
    )
    statement = text(
        f"""
        SELECT DISTINCT {target.academic_year("line.record")} AS year
        FROM api.import_lines line
        WHERE import_id = :import_id AND action IN ('new', 'changed')
        {in_runs}
        ORDER BY year NULLS LAST
        """  # noqa: S608 (made of the target's own names)
    )
    years = (await work.session.scalars(statement, {"import_id": file.id})).all()
    for each in years:
        await record(
            work,
            target.event,
            municipality_id=file.municipality_id,
            academic_year=each,
            payload={"import_id": file.id},
        )
    if target.owed is not None:
        await follow_records(work, target.owed, municipality_id=file.municipality_id)
    if target.dates_measures:
        municipality_id = file.municipality_id
        today = await today_of(work, municipality_id)
        await redate_municipality(work, municipality_id, today=today, reason=reason)
    return [year for year in years if year is not None]


async def run_bulk(
    work: Work, statement: TextClause, parameters: dict[str, Any]
) -> int:
    """Run a statement that writes rows and their audit; return how many rows."""
    count: int = (await work.session.scalars(statement, parameters)).one()
    return count
