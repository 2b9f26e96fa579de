"""Where the rows of files go: how they are known, compared, written and taken back.

A target has a Python half and an SQL half. `Target.prepare` loads what rows may name
and gives a `Resolver`, which turns the rows of a reader into `Draft`s, one by one and
in the file's order. `TargetTable` describes the table that drafts are compared with
and written to, in sets; the statements are made from it and from nothing else.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias

from sqlalchemy import Table

from services.api.imports.drafts import Draft, DraftRun
from services.api.imports.form_lines import FormLine
from services.api.imports.readers.mark_runs import MarkRun
from services.api.imports.readers.options import FileOptions
from services.api.imports.readers.rows import BadRow, ReadRow, SkippedRow
from services.api.imports.records import Municipality
from shared.contracts.events import EventKind
from shared.domain.deadlines import DeadlineKind
from shared.domain.errors import Fault, Text
from shared.persistence.work import Work

Roles: TypeAlias = Mapping[str, str]


class Resolver(Protocol):
    """Turns the rows of one file into drafts."""

    def resolve(self, rows: Iterable[ReadRow]) -> Iterator[Draft | BadRow | SkippedRow]:
        """Look up what each row names; called for one batch after the other."""
        ...

    def resolve_run(self, run: MarkRun) -> DraftRun | None:
        """Do the same with rows in columns; None if they must be resolved singly."""
        ...

    def warnings(self) -> list[Fault]:
        """Return what was unusual in the rows so far, but stops none of them."""
        ...


class Held(Protocol):
    """What rows are refused for by the state that things are in."""

    async def find_clashes(
        self, work: Work, import_id: int, municipality: Municipality
    ) -> list[tuple[FormLine, list[Fault]]]:
        """Return the lines that cannot be written together, when all are known."""
        ...

    async def find_refused(
        self, work: Work, import_id: int, municipality: Municipality
    ) -> list[Fault]:
        """Return what of the lines would be refused by now, and keep it so."""
        ...

    async def find_unrestorable(
        self, work: Work, import_id: int, municipality: Municipality
    ) -> list[Fault]:
        """Return why what the lines wrote cannot be taken back by now."""
        ...


class Target(Protocol):
    """What files of a format are imported into."""

    @property
    def held(self) -> Held | None:
        """What its rows are refused for besides what they say; None for nothing."""
        ...

    @property
    def table(self) -> "TargetTable":
        """Where the rows go."""
        ...

    async def prepare(
        self,
        work: Work,
        municipality: Municipality,
        options: FileOptions,
        roles: Roles,
    ) -> Resolver:
        """Load what rows may name; `roles` are the format's titles, for faults.

        Raises:
            InvalidImportError: the options do not go together with the target.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRule:
    """What a row of the table must satisfy once the file's figures are in it.

    `condition` is SQL over `after`, the row as it would be; null counts as satisfied.
    """

    condition: str
    reason: Text
    role: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TargetTable:
    """A table that files are imported into; it has `municipality_id` and `version`.

    Attributes:
        entity: One row, in the audit.
        key: The columns that, with the municipality, make a row unique.
        figures: The columns that files fill in; a row is changed if one differs.
        others: Figures that files of the format do not fill in.
        carried: Columns that are written along with a change, but make none.
        merged: Carried columns of JSON, where other keys than the file's are kept.
        defaults: SQL for figures that may not be null where a file does not tell.
        keeps_source: Whether it has `import_id`, `import_sheet` and `import_row`.
        when_new: Columns of a new row that no file gives, as SQL over `line`,
            `municipality` and the parameter `:now`.
        when_written: The same of every row that is written.
        required: The figures without which nothing new can be written.
        rules: What could be wrong only together with what is there already.
        year: The column with the academic year that rows belong to, or a day of it.
        locked_by: The column with the academic year that closes rows, a day of it, or
            the calendar year that ends in it; None where no year does.
        event: What is told of each such year that is written to.
        owed: What its rows ask schools for by a day.
        dates_measures: Whether terms of measures depend on its rows.
        in_runs: Whether many new rows at once are kept in columns, in `import_runs`.
    """

    table: Table
    entity: str
    key: tuple[str, ...]
    figures: tuple[str, ...]
    others: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    merged: frozenset[str] = frozenset()
    defaults: Mapping[str, str] = field(default_factory=dict)
    keeps_source: bool = False
    when_new: Mapping[str, str] = field(default_factory=dict)
    when_written: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    rules: tuple[TableRule, ...] = ()
    year: str | None = None
    locked_by: str | None = None
    event: EventKind | None = None
    owed: DeadlineKind | None = None
    dates_measures: bool = False
    in_runs: bool = False

    def narrowed(
        self, stated: Collection[str], *, in_runs: bool = False
    ) -> "TargetTable":
        """Return the table for files that state these figures only."""
        all_figures = (*self.figures, *self.others)
        return replace(
            self,
            figures=tuple(name for name in all_figures if name in stated),
            others=tuple(name for name in all_figures if name not in stated),
            carried=tuple(name for name in self.carried if name in stated),
            in_runs=in_runs,
        )

    def academic_year(self, record: str) -> str:
        """Return SQL for the start of the year that a record belongs to, or null."""
        return self._year(self.year, record)

    def locked_year(self, record: str) -> str:
        """Return SQL for the start of the year that closes a record, or null."""
        # A calendar year ends in the academic year of the same number.
        return self._year(self.locked_by, record)

    def _year(self, column: str | None, record: str) -> str:
        if column is None:
            return "NULL::int"
        value = f"({record} ->> '{column}')"
        if self.table.c[column].type.python_type is int:
            return f"{value}::int"
        day = f"{value}::date"
        # As `AcademicYear.of`: a year begins in September.
        return f"(extract(year FROM {day}) - (extract(month FROM {day}) < 9)::int)::int"

    @property
    def written(self) -> tuple[str, ...]:
        """The columns that a file's row may set besides the key."""
        return (*self.figures, *self.carried)
