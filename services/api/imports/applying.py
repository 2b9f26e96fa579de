"""Writing the lines of a previewed file into the results, set by set.

Every statement writes what was previewed or counts less than that: a result that
appeared or changed since is not touched. Each also writes an entry of the audit for
every row that it wrote, and counts those.
"""

from typing import Any, cast

from sqlalchemy import CursorResult, func, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import BigInteger

from services.api.imports.preview import WAVE, Action
from services.api.imports.records import StoredImport
from shared.persistence.audit import BULK_ORIGIN, BULK_TARGET, bulk_origin
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.results import (
    RESULT_KEY,
    AssessmentResultRow,
    ImportLineRow,
    ImportRow,
)
from shared.persistence.work import Work

_FIGURES = (
    "jsonb_to_record(line.record) AS figure(school_id bigint, subject text,"
    " academic_year smallint, programme_grade smallint, pupil_grade smallint,"
    " n bigint, n2 bigint, n3 bigint, n4 bigint, n5 bigint, percentages jsonb)"
)

_COUNTS = ("n", "n2", "n3", "n4", "n5")
_IDENTITY = (
    "procedure",
    "subject",
    "academic_year",
    "programme_grade",
    "pupil_grade",
    "wave",
)
_CREATED = ", ".join(
    f"'{name}', jsonb_build_array(NULL, result.{name})"
    for name in (*_IDENTITY, *_COUNTS)
)
_DIFFERENT = ", ".join(
    f"'{name}', CASE WHEN before.{name} <> result.{name}"
    f" THEN jsonb_build_array(before.{name}, result.{name}) END"
    for name in _COUNTS
)

# In the order of the key, so that two files meet at their rows in the same order.
_INSERT = text(
    f"""
    WITH result AS (
    INSERT INTO api.assessment_results (
      municipality_id, school_id, procedure, subject, programme_grade, pupil_grade,
      academic_year, wave, n, n2, n3, n4, n5, n_absent, n_ungraded, percentages,
      counts_rebuilt, synthetic, import_id, import_sheet, import_row, version,
      created_at, updated_at)
    SELECT line.municipality_id, figure.school_id, :procedure, figure.subject,
      figure.programme_grade, figure.pupil_grade, figure.academic_year, :wave,
      figure.n, figure.n2, figure.n3, figure.n4, figure.n5, 0, 0, figure.percentages,
      true, municipality.synthetic, line.import_id, line.sheet, line.row, 1, :now, :now
    FROM api.import_lines line
    JOIN api.municipalities municipality ON municipality.id = line.municipality_id
    CROSS JOIN LATERAL {_FIGURES}
    WHERE line.import_id = :import_id AND line.action = 'new'
    ORDER BY figure.academic_year, figure.school_id, figure.subject,
      figure.programme_grade, figure.pupil_grade
    ON CONFLICT ON CONSTRAINT {RESULT_KEY} DO NOTHING
    RETURNING *)
    INSERT INTO {BULK_TARGET}
    SELECT result.municipality_id, result.school_id, 'assessment_result', result.id,
      'create', jsonb_build_object({_CREATED}), {BULK_ORIGIN}
    FROM result
    """  # noqa: S608 (made of constants)
)

# The old counts come from a second look at the table: joining what was updated to it
# afterwards would be planned without knowing how many rows that is.
_UPDATE = text(
    f"""
    WITH result AS (
    UPDATE api.assessment_results result
    SET n = figure.n, n2 = figure.n2, n3 = figure.n3, n4 = figure.n4, n5 = figure.n5,
      percentages = figure.percentages, counts_rebuilt = true,
      import_id = line.import_id, import_sheet = line.sheet, import_row = line.row,
      version = result.version + 1, updated_at = :now
    FROM api.import_lines line
    JOIN api.assessment_results before ON before.id = line.result_id
    CROSS JOIN LATERAL {_FIGURES}
    WHERE line.import_id = :import_id AND line.action = 'changed'
      AND result.id = before.id AND result.version = line.result_version
    RETURNING result.municipality_id, result.school_id, result.id,
      jsonb_strip_nulls(jsonb_build_object({_DIFFERENT})) AS changes)
    INSERT INTO {BULK_TARGET}
    SELECT result.municipality_id, result.school_id, 'assessment_result', result.id,
      'update', result.changes, {BULK_ORIGIN}
    FROM result
    """  # noqa: S608 (made of constants)
)


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


async def insert_new(work: Work, import_id: int, procedure: str) -> int:
    """Write the results of new lines; return how many were really new."""
    parameters = {
        **bulk_origin(work, import_id),
        "procedure": procedure,
        "wave": WAVE,
    }
    return await _written(work, _INSERT, parameters)


async def update_changed(work: Work, import_id: int) -> int:
    """Write the results of changed lines; return how many were still as previewed."""
    return await _written(work, _UPDATE, bulk_origin(work, import_id))


async def count_still_unchanged(work: Work, import_id: int) -> int:
    """Return how many results of unchanged lines are still as previewed."""
    statement = (
        select(func.count())
        .select_from(ImportLineRow)
        .join(
            AssessmentResultRow,
            (AssessmentResultRow.id == ImportLineRow.result_id)
            & (AssessmentResultRow.version == ImportLineRow.result_version),
        )
        .where(
            ImportLineRow.import_id == import_id,
            ImportLineRow.action == Action.UNCHANGED,
        )
    )
    return (await work.session.scalars(statement)).one()


async def read_years(work: Work, import_id: int) -> list[int]:
    """Return the academic years whose results the file changes."""
    year = ImportLineRow.record["academic_year"].as_integer()
    statement = (
        select(func.array_agg(year.distinct(), type_=ARRAY(BigInteger)))
        .where(ImportLineRow.import_id == import_id)
        .where(ImportLineRow.action.in_([Action.NEW, Action.CHANGED]))
    )
    return sorted((await work.session.scalars(statement)).one() or [])


async def mark_committed(work: Work, import_id: int, *, mode: str) -> None:
    """Say that the file's lines are now results."""
    await work.session.execute(
        update(ImportRow)
        .where(ImportRow.id == import_id)
        .values(status="committed", committed_at=work.now, committed_mode=mode)
    )


async def _written(work: Work, statement: Any, parameters: dict[str, Any]) -> int:
    result = await work.session.execute(statement, parameters)
    return cast("CursorResult[Any]", result).rowcount
