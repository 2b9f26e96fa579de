"""Any dataset that people write, as what its filled forms are imported into."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select

from services.api.datasets.codes import coded_columns
from services.api.datasets.columns import Column, Kind, Need
from services.api.datasets.dataset import Dataset
from services.api.datasets.recording import Recording
from services.api.imports.form_rows import FormContext, FormRows
from services.api.imports.readers.options import FileOptions
from services.api.imports.records import Municipality
from services.api.imports.targets import Roles, TargetTable
from shared.contracts.events import EventKind
from shared.persistence.local_dates import today_of
from shared.persistence.school_directory import read_schools
from shared.persistence.school_lives import read_bounded_lives
from shared.persistence.tables.enrolments import EnrolmentRow
from shared.persistence.work import Work

LOGIN_KIND = "fis_oko_login"


def table_of(dataset: Dataset, recording: Recording, constraint: str) -> TargetTable:
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
        constraint=constraint,
        figures=tuple(column.name for column in filled),
        defaults=_defaults(recording.table, filled),
        year=year,
        locked_by=locked_by,
        event=EventKind.RECORDS_CHANGED,
        owed=recording.owed,
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

    async def prepare(
        self, work: Work, municipality: Municipality, _options: FileOptions, _: Roles
    ) -> FormRows:
        """Load the schools and rows that may be named, and what rules may know."""
        schools = await read_schools(
            work,
            municipality.id,
            code_kind=LOGIN_KIND,
            only_school=municipality.only_school,
        )
        context = FormContext(
            today=await today_of(work, municipality.id),
            schools=schools,
            lives=await read_bounded_lives(work, municipality.id),
            enrolments=await _enrolments(work, municipality.id),
            references={
                column: await _rows(work, rows.__table__, municipality.id)
                for column, rows in self.recording.references.items()
            },
            codes={
                column: frozenset(await work.session.scalars(select(codes)))
                for column, codes in coded_columns(self.recording.table).items()
            },
        )
        return FormRows(self.dataset, self.recording, context)


async def _enrolments(work: Work, municipality_id: int) -> dict[tuple[int, int], int]:
    row = EnrolmentRow
    statement = select(row.school_id, row.academic_year, row.pupils).where(
        row.municipality_id == municipality_id
    )
    rows = await work.session.execute(statement)
    return {(each.school_id, each.academic_year): each.pupils for each in rows}


async def _rows(
    work: Work, table: Any, municipality_id: int
) -> dict[int, dict[str, Any]]:
    statement = select(table).where(table.c.municipality_id == municipality_id)
    found = (await work.session.execute(statement)).mappings()
    return {row["id"]: dict(row) for row in found}
