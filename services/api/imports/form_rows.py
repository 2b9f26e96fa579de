"""From rows of our own forms to rows of the dataset, by the rules for typed ones."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from services.api.datasets.recording import Ledger
from services.api.imports.drafts import Draft, DraftRun
from services.api.imports.form_rules import FormRules, plain
from services.api.imports.readers.forms import SCHOOL_ID, SCHOOL_NAME
from services.api.imports.readers.mark_runs import MarkRun
from services.api.imports.readers.rows import (
    BadRow,
    ImportedRow,
    ReadRow,
    SeenRows,
    SkippedRow,
)
from shared.domain.errors import Fault, Text
from shared.domain.school_directory import SchoolFound

_UNKNOWN_SCHOOL = Text(
    "Такой школы нет в муниципалитете файла.",
    "There is no such school in the file's municipality.",
)
_NO_SCHOOL = Text(
    "Не указана школа: заполните school_id или school_name.",
    "No school is given: fill in school_id or school_name.",
)
_OTHER_SCHOOL = Text(
    "Номер и наименование — разных школ: оставьте одно из двух.",
    "Number and name are of different schools: keep one of the two.",
)


@dataclass(slots=True)
class FormRows:
    """Resolves the rows of one form, batch after batch."""

    rules: FormRules
    _seen: SeenRows = field(default_factory=SeenRows)
    _ledger: Ledger | None = field(init=False)

    def __post_init__(self) -> None:
        ledger = self.rules.recording.ledger
        self._ledger = None if ledger is None else ledger()

    def resolve(self, rows: Iterable[ReadRow]) -> Iterator[Draft | BadRow | SkippedRow]:
        """Find each row's school and try it by the dataset's rules."""
        for row in rows:
            yield self._resolved(row) if isinstance(row, ImportedRow) else row

    def resolve_run(self, run: MarkRun) -> DraftRun | None:  # noqa: ARG002 (as resolvers do)
        """Return nothing: forms are no files of marks."""
        return None

    def warnings(self) -> list[Fault]:
        """Return nothing: whatever is unusual in a form is a fault."""
        return []

    def _resolved(self, row: ImportedRow) -> Draft | BadRow | SkippedRow:
        values: dict[str, Any] = {**row.key, **row.figures}
        if self.rules.recording.is_of_school:
            school = self._school(row)
            if isinstance(school, Fault):
                return self._bad(row, [school])
            values[SCHOOL_ID] = school
        tried = self.rules.tried(values)
        if tried.faults:
            return self._bad(row, tried.faults)
        values = tried.stated
        record = {name: plain(value) for name, value in values.items()}
        repeated = self._seen.repeats(
            sheet=row.sheet,
            row=row.row,
            key=tuple(str(values.get(name)) for name in self.rules.recording.key),
            figures=tuple(map(str, record.values())),
        )
        if isinstance(repeated, Fault):
            return self._bad(
                row, [replace(repeated, column=self.rules.recording.key[-1])]
            )
        clash = None if repeated else self._clash(row, values)
        if clash is not None:
            return self._bad(row, [clash])
        return repeated or Draft(row.sheet, row.row, record, cells=row.cells)

    def _clash(self, row: ImportedRow, values: Mapping[str, Any]) -> Fault | None:
        """Say whether an earlier row of the file excludes this one."""
        if self._ledger is None:
            return None
        place = Text(
            f"строка {row.row} листа «{row.sheet}»",
            f"row {row.row} of the sheet “{row.sheet}”",
        )
        return self._ledger.clash(values, place)

    def _school(self, row: ImportedRow) -> int | Fault:
        """Return the school by its number, or else by its name."""
        number: int | None = row.key.get(SCHOOL_ID)
        name, known = row.names.school, self.rules.context.schools
        if number is None and not name:
            return Fault(reason=_NO_SCHOOL, column=SCHOOL_ID)
        if number is not None and number not in known.schools:
            reason = known.elsewhere or _UNKNOWN_SCHOOL
            return Fault(reason=reason, column=SCHOOL_ID, value=str(number))
        found = known.find(login="", name=name) if name else None
        if isinstance(found, SchoolFound):
            if number in (None, found.school_id):
                return found.school_id
            return Fault(reason=_OTHER_SCHOOL, column=SCHOOL_NAME, value=name)
        if number is None and found is not None:
            return Fault(reason=found.reason, column=SCHOOL_NAME, value=name)
        # A number says enough, however its school is called.
        return cast("int", number)

    def _bad(self, row: ImportedRow, faults: list[Fault]) -> BadRow:
        placed = tuple(replace(each, sheet=row.sheet, row=row.row) for each in faults)
        return BadRow(row.sheet, row.row, placed, row.names, row.cells)
