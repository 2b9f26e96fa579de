"""Writing the lines of a file beside what committing each of them would do."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from services.api.imports.batches import Batch, ReadBatch
from services.api.imports.readers.rows import BadRow
from services.api.imports.records import Action
from services.api.imports.statements import statements_of
from services.api.imports.targets import Draft, Roles, TableRule, TargetTable
from shared.domain.errors import Fault
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which file lines belong to, and how its bad rows are told."""

    import_id: int
    municipality_id: int
    table: TargetTable
    roles: Roles
    columns: tuple[str, ...]


async def keep_lines(work: Work, place: Place, batch: ReadBatch) -> Counter[str]:
    """Compare a batch with the table, write its lines, and count them by action.

    A row that breaks a rule of the table together with what is there already is bad.
    """
    counts: Counter[str] = Counter()
    worse = Batch()
    for row in await _compare(work, place, batch.lines):
        if row.broken is None:
            counts[row.action] += row.count
            continue
        for number in row.numbers:
            draft = batch.drafts[number - 1]
            if draft is not None:
                rule = place.table.rules[row.broken]
                worse.add(_broken(draft, rule, place.roles), place.columns)
    if worse.rows:
        await _compare(work, place, worse)
        counts[Action.BAD] += len(worse.rows)
    return counts


async def _compare(work: Work, place: Place, lines: Batch) -> list[Any]:
    if not lines.rows:
        return []
    parameters = {
        "import_id": place.import_id,
        "municipality_id": place.municipality_id,
        "sheets": lines.sheets,
        "rows": lines.rows,
        "records": lines.records,
        "when_new": lines.when_new,
        "faults": lines.faults,
        "cells": lines.cells,
    }
    statement = statements_of(place.table).compare
    return list(await work.session.execute(statement, parameters))


def _broken(draft: Draft, rule: TableRule, roles: Roles) -> BadRow:
    value = draft.record.get(rule.role)
    fault = Fault(
        reason=rule.reason,
        sheet=draft.sheet,
        row=draft.row,
        column=roles.get(rule.role, rule.role),
        value=None if value is None else str(value),
    )
    return BadRow(draft.sheet, draft.row, (fault,), cells=draft.cells)
