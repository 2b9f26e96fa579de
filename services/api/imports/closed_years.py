"""Rows of a file that would change years whose data are closed.

Without a reason they are bad rows of the preview; with one, or if a year was closed
since, committing asks for the right to correct.
"""

import json
from collections import Counter

from sqlalchemy import TextClause, text

from services.api.imports.lines import Place
from services.api.imports.records import Action, stored_fault
from services.api.imports.run_statements import UNFOLD_RUNS, YEARS_OF_RUNS
from services.api.imports.targets import TargetTable
from shared.domain.data_years import YearState, why_closed
from shared.domain.errors import Fault
from shared.domain.periods import AcademicYear
from shared.persistence.work import Work
from shared.persistence.year_locks import (
    SchoolYear,
    find_closed_years,
    has_closed_years,
    require_open_years,
)


async def refuse_closed(work: Work, place: Place, *, may_correct: bool) -> Counter[str]:
    """Make lines that would change a closed year bad; return how the counts change."""
    table = place.table
    changes: Counter[str] = Counter()
    if table.locked_by is None or not await has_closed_years(
        work, place.municipality_id
    ):
        return changes
    touched = await _touched(work, table, place.import_id)
    closed = await find_closed_years(work, place.municipality_id, touched)
    if closed and table.in_runs:
        # Some of their lines are now different from the others.
        await work.session.execute(UNFOLD_RUNS, {"import_id": place.import_id})
    parameters = {
        "import_id": place.import_id,
        "schools": [school_id for school_id, _ in closed],
        "years": [year for _, year in closed],
        "faults": [
            _fault(year, state, place, may_correct=may_correct)
            for (_, year), state in closed.items()
        ],
    }
    for action, count in await work.session.execute(_mark(table), parameters):
        changes.update({action: -count, Action.BAD: count})
    return changes


async def require_open(
    work: Work,
    table: TargetTable,
    *,
    import_id: int,
    municipality_id: int,
    reason: str | None,
    may_correct: bool,
) -> None:
    """Let the lines that change something be written, or taken back.

    Raises:
        YearLockedError, YearSubmittedError: see `require_open_years`.
    """
    if table.locked_by is None:
        return
    await require_open_years(
        work,
        municipality_id=municipality_id,
        school_years=await _touched(work, table, import_id),
        reason=reason,
        may_correct=may_correct,
    )


async def _touched(work: Work, table: TargetTable, import_id: int) -> list[SchoolYear]:
    # Many lines are of one school and year: only what differs is unfolded.
    statement = text(
        f"""
        SELECT DISTINCT lines.school_id, of.year FROM (
          SELECT DISTINCT {_school(table)} AS school_id, {_years(table)} AS years
          FROM api.import_lines line
          WHERE import_id = :import_id AND action IN ('new', 'changed')) lines
        CROSS JOIN LATERAL unnest(lines.years) AS of(year)
        WHERE of.year IS NOT NULL
        {f"UNION {YEARS_OF_RUNS}" if table.in_runs else ""}
        """  # noqa: S608 (made of the target's own names)
    )
    rows = await work.session.execute(statement, {"import_id": import_id})
    return [(school_id, year) for school_id, year in rows]


def _mark(table: TargetTable) -> TextClause:
    return text(
        f"""
        WITH closed AS MATERIALIZED (
        SELECT DISTINCT ON (line.id) line.id, line.action, of.fault
        FROM api.import_lines line
        JOIN unnest(CAST(:schools AS bigint[]), CAST(:years AS int[]),
          CAST(:faults AS text[])) AS of(school_id, year, fault)
          ON of.year = ANY ({_years(table)})
          AND of.school_id IS NOT DISTINCT FROM {_school(table)}
        WHERE line.import_id = :import_id AND line.action IN ('new', 'changed')
        ORDER BY line.id, of.year),
        marked AS (
        UPDATE api.import_lines line SET action = 'bad', record = NULL,
          target_id = NULL, target_version = NULL, previous = NULL,
          faults = jsonb_build_array(CAST(closed.fault AS jsonb)
            || jsonb_build_object('sheet', line.sheet, 'row', line.row))
        FROM closed WHERE line.id = closed.id)
        SELECT action, count(*) FROM closed GROUP BY action
        """  # noqa: S608 (made of the target's own names)
    )


def _years(table: TargetTable) -> str:
    """Return SQL for the years of a line: of the row as it will be, and as it was."""
    after, before = (
        table.locked_year(f"line.{side}") for side in ("record", "previous")
    )
    return f"ARRAY[{after}, {before}]"


def _school(table: TargetTable) -> str:
    of_school = "school_id" in table.key
    return "(line.record ->> 'school_id')::bigint" if of_school else "NULL::bigint"


def _fault(year: int, state: YearState, place: Place, *, may_correct: bool) -> str:
    fault = Fault(
        reason=why_closed(AcademicYear(year), state, may_correct=may_correct),
        column=place.roles.get("year"),
        value=str(year),
    )
    return json.dumps(stored_fault(fault), ensure_ascii=False)
