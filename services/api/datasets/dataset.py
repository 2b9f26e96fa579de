"""What an export needs to know of a dataset: its columns, its rows, who may read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, FromClause, Select, and_, select

from services.api.datasets.columns import (
    ACADEMIC_YEAR,
    CALENDAR_YEAR,
    Column,
    column,
    given,
)
from services.api.datasets.recording import Recording
from shared.domain.errors import Text
from shared.domain.periods import (
    FIRST_YEAR,
    LAST_YEAR,
    AcademicYear,
    CalendarYear,
)
from shared.domain.permissions import Permission
from shared.domain.provenance import ProvenanceKind
from shared.persistence.tables.base import Base
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.schools import SchoolRow

MUNICIPALITY = MunicipalityRow.__table__.c
SCHOOL = SchoolRow.__table__.c

MUNICIPALITY_NAME = given(
    MUNICIPALITY.name, "Муниципалитет", "Municipality", name="municipality_name"
)
SCHOOL_NAME = given(SCHOOL.name, "Школа", "School", name="school_name")

# Columns that lead to a person, be it by way of a post.
REACHES = frozenset({"email", "phone"})


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """A dataset; every one joins the municipality that a row belongs to.

    `year` is what an academic year narrows: a year, or a date within it; None where
    rows belong to none. `recording` says how people write rows; None where they are
    read only, or written in a way of their own. `reads_form` says that its filled form
    can be uploaded all the same.
    """

    code: str
    title: Text
    permission: Permission
    columns: tuple[Column, ...]
    rows: FromClause
    order: ColumnElement[Any]
    year: ColumnElement[Any] | None = None
    recording: Recording | None = None
    reads_form: bool = False

    def select(
        self, *, municipality_id: int | None, academic_year: int | None
    ) -> Select[Any]:
        """Return the query of the rows wanted; None does not narrow."""
        sources = (each.source.label(each.name) for each in self.columns)
        statement = select(*sources).select_from(self.rows).order_by(self.order)
        if municipality_id is not None:
            statement = statement.where(MUNICIPALITY.id == municipality_id)
        if academic_year is not None and self.year is not None:
            statement = statement.where(_within(self.year, AcademicYear(academic_year)))
        return statement

    @property
    def reaches_persons(self) -> bool:
        """Whether rows say how to reach somebody, so that an export leaves a trace."""
        return any(column.name in REACHES for column in self.columns)

    @property
    def can_be_uploaded(self) -> bool:
        """Whether its filled form is read: by its recording, or in a way of its own."""
        recording = self.recording
        return self.reads_form or (
            recording is not None and recording.constraint is not None
        )

    def academic_year_of(self, values: Mapping[str, Any]) -> int | None:
        """Return the academic year that a row's values are of, by its start."""
        if self.year is None:
            return None
        value = values.get(str(self.year.key))
        if isinstance(value, date):
            return AcademicYear.of(value).start
        return value

    def locked_year_of(self, values: Mapping[str, Any]) -> int | None:
        """Return the academic year, by its start, that a row's values are closed with.

        A calendar year is closed with the academic year that its last day falls in:
        before that day its data are not complete. None where no year closes the row.
        """
        recording = self.recording
        if recording is None or not recording.locked_with_year:
            return None
        if recording.calendar is None:
            return self.academic_year_of(values)
        value = values.get(recording.calendar)
        if value is None:
            return None
        return AcademicYear.of(CalendarYear(value).ends_on).start


def _within(column: ColumnElement[Any], year: AcademicYear) -> ColumnElement[bool]:
    if isinstance(column.type, Date):
        return column.between(year.starts_on, year.ends_on)
    return column == year.start


def row_id(source: Any) -> Column:
    """Describe the number of a row."""
    return given(source, "Номер записи", "Row number")


def municipality(source: Any) -> tuple[Column, Column]:
    """Describe whose row it is, by number and by name."""
    number = column(source, "Номер муниципалитета", "Municipality number")
    return number, MUNICIPALITY_NAME


def school(table: Any) -> tuple[Column, ...]:
    """Describe which school a row of `table` is about."""
    number = given(table.municipality_id, "Номер муниципалитета", "Municipality number")
    return (
        number,
        MUNICIPALITY_NAME,
        column(table.school_id, "Номер школы", "School number"),
        SCHOOL_NAME,
    )


def provenance(source: Any) -> Column:
    """Describe whose word a row rests on."""
    return column(
        source,
        "Источник",
        "Provenance",
        allowed=list(ProvenanceKind),
        default=ProvenanceKind.LOCAL,
    )


def synthetic(source: Any) -> Column:
    """Describe the flag that a row is generated."""
    return given(source, "Синтетические данные", "Synthetic data", name="synthetic")


def synthetic_unless_documented(source: Any) -> Column:
    """Describe that flag of a fact, by the fact's provenance.

    In a district with generated data only what a document states is not generated.
    """
    documented = source == ProvenanceKind.DOCUMENT.value
    return synthetic(and_(MUNICIPALITY.synthetic, ~documented))


def in_municipality(table: Any) -> FromClause:
    """Join rows to their municipality."""
    joined: FromClause = table.join(
        MunicipalityRow.__table__, MUNICIPALITY.id == table.c.municipality_id
    )
    return joined


def in_school(table: Any) -> FromClause:
    """Join rows to their municipality and, where they have one, to their school."""
    return in_municipality(table).outerjoin(
        SchoolRow.__table__, SCHOOL.id == table.c.school_id
    )


def of_school(
    code: str,
    title: Text,
    permission: Permission,
    table: type[Base],
    year: str | None,
    *columns: Column,
    recording: Recording | None = None,
) -> Dataset:
    """Describe a dataset with a row, or several, about each school."""
    fields = table.__table__.c
    return Dataset(
        code,
        title,
        permission,
        (
            row_id(fields.id),
            *school(fields),
            *columns,
            provenance(fields.provenance),
            synthetic_unless_documented(fields.provenance),
        ),
        in_school(table.__table__),
        fields.id,
        None if year is None else fields[year],
        recording,
    )


def academic_year(source: Any) -> Column:
    """Describe the academic year that a row is of."""
    return column(
        source,
        "Учебный год",
        "Academic year",
        unit=ACADEMIC_YEAR,
        least=FIRST_YEAR,
        most=LAST_YEAR,
    )


def calendar_year(source: Any) -> Column:
    """Describe the calendar year that a row is of, as targets are."""
    return column(
        source,
        "Календарный год",
        "Calendar year",
        unit=CALENDAR_YEAR,
        least=FIRST_YEAR,
        most=LAST_YEAR,
    )
