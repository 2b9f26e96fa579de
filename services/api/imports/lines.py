"""Writing the lines of a file beside what committing each of them would do."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from services.api.imports.batches import Batch, Lines, ReadBatch, lines_of
from services.api.imports.compare_statement import MISSING
from services.api.imports.drafts import Draft, DraftRun
from services.api.imports.readers.rows import BadRow
from services.api.imports.records import Action
from services.api.imports.run_statements import KEEP_RUN
from services.api.imports.statements import statements_of
from services.api.imports.targets import Roles, TargetTable
from shared.domain.errors import Fault, Text
from shared.persistence.work import Work

_MISSING = Text(
    "Такой записи ещё нет, а значение, без которого её не создать, не указано.",
    "There is no such record yet, and a value that it cannot be without is missing.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which file lines belong to, and how its bad rows are told."""

    import_id: int
    municipality_id: int
    school_id: int | None
    table: TargetTable
    roles: Roles
    columns: tuple[str, ...]

    @property
    def id(self) -> int:
        """The file's number."""
        return self.import_id


async def keep_lines(work: Work, place: Place, batch: ReadBatch) -> Counter[str]:
    """Compare a batch with the table, write its lines, and count them by action.

    A row that breaks a rule of the table together with what is there already is bad.
    """
    counts: Counter[str] = Counter()
    for part in batch.parts:
        if not isinstance(part, DraftRun):
            counts += await _keep(work, place, part)
        elif await _keep_run(work, place, part):
            counts[Action.NEW] += len(part)
        else:
            counts += await _keep(work, place, lines_of(part))
    return counts


async def _keep_run(work: Work, place: Place, run: DraftRun) -> bool:
    """Write lines in columns if there is nothing with their keys yet; say if it was."""
    file = {"import_id": place.import_id, "municipality_id": place.municipality_id}
    kept = await work.session.scalars(KEEP_RUN, file | run.columns())
    return kept.one_or_none() is not None


async def _keep(work: Work, place: Place, lines: Lines) -> Counter[str]:
    counts: Counter[str] = Counter()
    worse = Batch()
    for row in await _compare(work, place, lines.parameters):
        if row.broken is None:
            counts[row.action] += row.count
            continue
        for number in row.numbers:
            draft = lines.drafts[number - 1]
            if draft is not None:
                worse.add(_broken(draft, row.broken, place), place.columns)
    if worse.rows:
        await _compare(work, place, worse.parameters())
        counts[Action.BAD] += len(worse.rows)
    return counts


async def _compare(work: Work, place: Place, lines: dict[str, Any]) -> list[Any]:
    if not lines["rows"]:
        return []
    file = {"import_id": place.import_id, "municipality_id": place.municipality_id}
    statement = statements_of(place.table).compare
    return list(await work.session.execute(statement, file | lines))


def _broken(draft: Draft, number: int, place: Place) -> BadRow:
    if number == MISSING:
        stated = draft.record.keys() | draft.when_new.keys()
        lacking = [name for name in place.table.required if name not in stated]
        faults = [_fault(draft, place, name, _MISSING) for name in lacking]
    else:
        rule = place.table.rules[number]
        faults = [_fault(draft, place, rule.role, rule.reason)]
    return BadRow(draft.sheet, draft.row, tuple(faults), cells=draft.cells)


def _fault(draft: Draft, place: Place, role: str, reason: Text) -> Fault:
    value = draft.record.get(role)
    return Fault(
        reason=reason,
        sheet=draft.sheet,
        row=draft.row,
        column=place.roles.get(role, role),
        value=None if value is None else str(value),
    )
