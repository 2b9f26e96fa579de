"""What rows of a filled form are refused for by the state that things are in.

Some of it is known only when all rows are, or changes after they were previewed: rows
that exclude each other, the state of what they belong to, rows that they refer to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Table, cast, select

from services.api.datasets.dataset import Dataset
from services.api.datasets.recording import Recording
from services.api.imports.form_context import read_context
from services.api.imports.form_lines import FormLine, lines_of
from services.api.imports.form_rules import FormRules, Row
from services.api.imports.records import Action, Municipality
from shared.domain.errors import ConflictError, Fault
from shared.persistence.tables.results import ImportLineRow
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class FormGuards:
    """The rows of one dataset; `key` makes one unique within the municipality."""

    dataset: Dataset
    recording: Recording
    key: tuple[str, ...]

    async def rules(self, work: Work, municipality: Municipality) -> FormRules:
        """Return the rules, with what they may know by now."""
        context = await read_context(work, self.recording, self.key, municipality)
        return FormRules(self.dataset, self.recording, self.key, context)

    async def find_clashes(
        self, work: Work, import_id: int, municipality: Municipality
    ) -> list[tuple[FormLine, list[Fault]]]:
        """Return the lines that exclude each other, or rows that stay as they are.

        A file may move many rows at once, each to where another was.
        """
        if not self.recording.siblings:
            return []
        rules = await self.rules(work, municipality)
        return _all_clashing(rules, [line async for line in lines_of(work, import_id)])

    async def find_refused(
        self, work: Work, import_id: int, municipality: Municipality
    ) -> list[Fault]:
        """Return what of the lines would be refused by now.

        What they refer to stays as it is until the transaction ends.
        """
        for column, rows in self.recording.references.items():
            await _lock(work, rows.__table__, column, import_id)
        rules = await self.rules(work, municipality)
        faults: list[Fault] = []
        kept: list[FormLine] = []
        async for line in lines_of(work, import_id):
            tried = rules.tried(rules.read_back(line.record))
            faults += _blamed(line, tried.faults)
            if self.recording.siblings:
                kept.append(line)
        for line, found in _all_clashing(rules, kept):
            faults += _blamed(line, found)
        return faults

    async def find_unrestorable(
        self, work: Work, import_id: int, municipality: Municipality
    ) -> list[Fault]:
        """Return why what the lines wrote cannot be taken back by now."""
        faults: list[Fault] = []
        column = self.recording.guarded_by
        if column is not None:
            owners = self.recording.references[column].__table__
            locked = await _lock(work, owners, column, import_id)
            faults += [fault for row in locked for fault in self._guarded(column, row)]
        if self.recording.siblings:
            rules = await self.rules(work, municipality)
            lines = [line async for line in lines_of(work, import_id)]
            faults += _returning(rules, lines)
        return faults

    def _guarded(self, column: str, owner: Row) -> list[Fault]:
        guard = self.recording.guard
        if guard is None:
            return []
        try:
            guard(owner)
        except ConflictError as error:
            return [Fault(reason=error.detail, column=column, value=str(owner["id"]))]
        return []


def _blamed(line: FormLine, faults: Sequence[Fault]) -> list[Fault]:
    return [line.blamed(fault) for fault in faults]


def _all_clashing(
    rules: FormRules, lines: Sequence[FormLine]
) -> list[tuple[FormLine, list[Fault]]]:
    """Return all lines that clash: one that does leaves the row where it was."""
    bad: list[tuple[FormLine, list[Fault]]] = []
    while found := _clashing(rules, lines):
        bad += found
        refused = {line.id for line, _ in found}
        lines = [line for line in lines if line.id not in refused]
    return bad


def _clashing(
    rules: FormRules, lines: Sequence[FormLine]
) -> list[tuple[FormLine, list[Fault]]]:
    """Return the lines that cannot stand beside rows that stay, or earlier lines."""
    changed = {line.target_id for line in lines}
    standing = [
        row for row in rules.context.existing.values() if row["id"] not in changed
    ]
    found: list[tuple[FormLine, list[Fault]]] = []
    for line in lines:
        stated = rules.read_back(line.record)
        siblings = _siblings(rules.recording, standing, stated)
        tried = rules.tried(stated, siblings=siblings)
        if tried.faults:
            found.append((line, tried.faults))
        else:
            standing.append({**tried.whole, "id": line.target_id, "place": line.place})
    return found


def _returning(rules: FormRules, lines: Sequence[FormLine]) -> list[Fault]:
    """Return why rows cannot be again what they were before these lines."""
    changed = {line.target_id for line in lines}
    standing = [
        row for row in rules.context.existing.values() if row["id"] not in changed
    ]
    faults: list[Fault] = []
    for line in lines:
        if line.previous is not None:
            stated = rules.read_back({**line.record, **line.previous})
            siblings = _siblings(rules.recording, standing, stated)
            tried = rules.tried(stated, siblings=siblings)
            faults += _blamed(line, tried.faults)
    return faults


def _siblings(
    recording: Recording, rows: Sequence[Row], stated: Mapping[str, Any]
) -> list[Row]:
    # All rows here are of one municipality.
    same = [name for name in recording.siblings if name in stated]
    return [row for row in rows if all(row[name] == stated[name] for name in same)]


async def _lock(work: Work, table: Any, column: str, import_id: int) -> Sequence[Row]:
    """Return the rows that lines name in a column; nobody changes them till the end."""
    rows: Table = table
    line = ImportLineRow
    named = select(cast(line.record[column].as_string(), BigInteger)).where(
        line.import_id == import_id, line.action.in_([Action.NEW, Action.CHANGED])
    )
    statement = (
        select(rows)
        .where(rows.c.id.in_(named))
        .order_by(rows.c.id)
        .with_for_update(key_share=True)
    )
    found = (await work.session.execute(statement)).mappings()
    return [dict(row) for row in found]
