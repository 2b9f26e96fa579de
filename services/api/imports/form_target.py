"""Any dataset that people write, as what its filled forms are imported into."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Table

from services.api.datasets.columns import Column, Kind, Need
from services.api.datasets.dataset import Dataset
from services.api.datasets.recording import Recording
from services.api.imports.form_held import FormGuards
from services.api.imports.form_rows import FormRows
from services.api.imports.readers.options import FileOptions
from services.api.imports.records import Municipality
from services.api.imports.targets import Roles, TargetTable
from shared.contracts.events import EventKind
from shared.persistence.work import Work


def table_of(dataset: Dataset, recording: Recording) -> TargetTable:
    """Describe the dataset's table to the statements of an import."""
    given = {"id", "municipality_id", "version"}
    key = tuple(name for name in recording.key if name not in given)
    if recording.is_of_school and "school_id" not in key:
        key = ("school_id", *key)
    filled = [
        column
        for column in dataset.columns
        if column.need is not Need.SYSTEM and column.name not in {*given, *key}
    ]
    year = None if dataset.year is None else str(dataset.year.key)
    locked_by = (recording.calendar or year) if recording.locked_with_year else None
    return TargetTable(
        table=recording.table,
        entity=recording.entity,
        key=key,
        figures=tuple(column.name for column in filled),
        defaults=_defaults(recording.table, filled),
        year=year,
        locked_by=locked_by,
        event=EventKind.RECORDS_CHANGED,
        owed=recording.owed,
        dates_measures=recording.dates_measures,
    )


def _defaults(table: Table, columns: Iterable[Column]) -> dict[str, str]:
    """Return what stands where a form leaves a column empty that may not be null."""
    defaults = {}
    for column in columns:
        if column.default is not None:
            defaults[column.name] = f"'{column.default}'"
        elif column.kind is Kind.LIST and not table.c[column.name].nullable:
            defaults[column.name] = "'{}'"
    return defaults


@dataclass(frozen=True, slots=True)
class FormTarget:
    """Rows of one dataset."""

    dataset: Dataset
    recording: Recording
    table: TargetTable

    @property
    def held(self) -> FormGuards:
        """What its rows are refused for besides what they say."""
        return FormGuards(self.dataset, self.recording, self.table.key)

    async def prepare(
        self, work: Work, municipality: Municipality, _options: FileOptions, _: Roles
    ) -> FormRows:
        """Load the schools and rows that may be named, and what rules may know."""
        return FormRows(await self.held.rules(work, municipality))
