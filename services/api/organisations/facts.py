"""Tables of facts in `deploy/facts/*.yaml`; their columns are the database's."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Generic, Literal, Self, TypeVar

from pydantic import Field, model_validator

from services.api.data_files import (
    Code,
    FileModel,
    Percent,
    Words,
    broken_rule,
)
from shared.domain.periods import AcademicYear
from shared.domain.provenance import ProvenanceKind

Year = Annotated[int, Field(ge=1990, le=2100)]
Count = Annotated[int, Field(ge=0)]
Hours = Annotated[Decimal, Field(ge=0, le=60)]  # taught in a week


class Entry(FileModel):
    """A row; no two of a table agree in all the fields of `identified_by`."""

    identified_by: ClassVar[tuple[str, ...]] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """The values that identify the row within its table."""
        return tuple(getattr(self, field) for field in self.identified_by)


class SchoolFact(Entry):
    """A row about one school, named by its code."""

    school: Code


class SchoolEntry(Entry):
    """A school or a branch; `synthetic` marks a placeholder no source names."""

    identified_by = ("code",)

    code: Code
    name: Words
    kind: Literal["secondary", "basic", "primary", "branch"]
    locality: Literal["town", "village"] | None
    parent: Code | None
    synthetic: bool
    aliases: tuple[Words, ...]


class FigureEntry(Entry):
    """A number that the document states of the municipality as a whole."""

    identified_by = ("code",)

    code: Code
    title: Words  # the document's words
    value: Annotated[Decimal, Field(ge=0)]
    unit: Literal["schools", "pupils", "people", "percent", "hours"]
    year: Year | None


class ListMembershipEntry(SchoolFact):
    """A school put on a list by an act of the named body."""

    identified_by = ("school", "list_kind", "year")

    list_kind: Literal["low_results", "difficult_conditions"]
    year: Year
    act_body: Words
    act_number: Words | None
    act_on: date | None


class SocialShareEntry(SchoolFact):
    """One of the 17 shares of a social passport in the academic year `year`.

    `numerator` counts pupils, `localities` the settlements they are bussed from.
    """

    identified_by = ("school", "year", "indicator")

    year: Year
    indicator: Annotated[int, Field(ge=1, le=17)]
    percent: Percent
    numerator: Count | None
    localities: Count | None


class StaffProfileEntry(SchoolFact):
    """Staff of a school: external part-timers, weekly load in hours, training."""

    identified_by = ("school", "as_of")

    as_of: date
    external_part_timers: Count | None
    external_part_timers_percent: Percent | None
    external_part_timers_subjects: tuple[Words, ...]
    load_mean_hours: Hours | None
    load_max_hours: Hours | None
    load_max_subjects: tuple[Words, ...]
    load_min_hours: Hours | None
    load_min_subjects: tuple[Words, ...]
    teachers_without_training: Count | None

    @model_validator(mode="after")
    def _loads_are_in_order(self) -> Self:
        loads = (self.load_min_hours, self.load_mean_hours, self.load_max_hours)
        known = [load for load in loads if load is not None]
        if known != sorted(known):
            raise broken_rule(
                "наименьшая, средняя и наибольшая нагрузка идут не по возрастанию",
                "the least, mean and greatest load are not in ascending order",
                "load_mean_hours",
            )
        return self


class VacancyEntry(SchoolFact):
    """A subject or post without a teacher in a year."""

    identified_by = ("school", "year", "subject")

    year: Year
    subject: Words


class ObjectivitySignEntry(SchoolFact):
    """Whether a school showed signs of non-objectivity in a year; never a proof."""

    identified_by = ("school", "year")

    year: Year
    has_sign: bool


class ResourceItemEntry(SchoolFact):
    """A resource of a school with the year it appears, if the source gives one."""

    identified_by = ("school", "kind", "year")

    kind: Literal["growth_point", "digital_environment"]
    title: Words
    year: Year | None


class MsokoGroupEntry(Entry):
    """A group of the municipal system of assessing quality (МСОКО)."""

    identified_by = ("code",)

    code: Annotated[str, Field(pattern=r"^[1-9]\d?\.[1-9]\d?$")]
    title: Words


class ConditionIndexRangeEntry(Entry):
    """The lowest and the highest published ИОУ of an area's schools in a year."""

    identified_by = ("year", "area")

    year: Year
    area: Literal["municipality", "region"]
    lowest: Annotated[Decimal, Field(ge=0, le=1)]
    highest: Annotated[Decimal, Field(ge=0, le=1)]

    @model_validator(mode="after")
    def _lowest_is_not_above_highest(self) -> Self:
        if self.lowest > self.highest:
            raise broken_rule(
                f"наименьшее {self.lowest} больше наибольшего {self.highest}",
                f"the lowest {self.lowest} exceeds the highest {self.highest}",
                "lowest",
            )
        return self


class CalendarPeriodEntry(Entry):
    """A quarter or half-year of the school calendar, both days included."""

    identified_by = ("academic_year", "kind", "number")

    academic_year: Year
    kind: Literal["quarter", "half_year"]
    number: Annotated[int, Field(ge=1, le=4)]
    starts_on: date
    ends_on: date

    @model_validator(mode="after")
    def _lies_within_its_year(self) -> Self:
        year = AcademicYear(self.academic_year)
        if not year.starts_on <= self.starts_on <= self.ends_on <= year.ends_on:
            raise broken_rule(
                f"период не лежит внутри учебного года {year}",
                f"the period does not lie within the academic year {year}",
                "starts_on",
            )
        return self


Row = TypeVar("Row", bound=Entry)


class Table(FileModel, Generic[Row]):
    """Rows of one kind with where they come from; `remark` tells what to know."""

    provenance: ProvenanceKind
    remark: Words | None
    rows: tuple[Row, ...]

    @model_validator(mode="after")
    def _keys_are_unique(self) -> Self:
        seen: set[tuple[object, ...]] = set()
        for index, row in enumerate(self.rows):
            if row.key in seen:
                raise broken_rule(
                    f"строка повторяется: {_joined(row.key)}",
                    f"the row is repeated: {_joined(row.key)}",
                    *("rows", index),
                )
            seen.add(row.key)
        return self


def _joined(key: tuple[object, ...]) -> str:
    return ", ".join(map(str, key))
