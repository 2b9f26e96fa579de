"""Bodies of the calendars of municipalities."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, computed_field

from services.api.calendars.usecases import CalendarChange
from services.api.http.dates import Day
from services.api.http.texts import text_up_to
from services.api.http.titles import TitlesOut
from shared.domain.calendar import Window
from shared.domain.deadline_titles import titles_of
from shared.domain.deadlines import DeadlineKind
from shared.domain.municipal_calendar import MunicipalCalendar, OwnDay
from shared.domain.periods import FIRST_YEAR, LAST_YEAR, AcademicYear

Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]


class TermIn(BaseModel):
    """A quarter or a half-year; both days belong to it."""

    model_config = ConfigDict(extra="forbid")

    starts_on: Day
    ends_on: Day


class OwnDayIn(BaseModel):
    """A day that a document made working, or a day off, in this municipality."""

    model_config = ConfigDict(extra="forbid")

    day: Day
    is_working: StrictBool
    document_number: Annotated[str, text_up_to(100)]
    reason: Annotated[str, text_up_to(1000)]


class CalendarPut(BaseModel):
    """The whole calendar of an academic year, in place of what there is."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "quarters": [],
                "half_years": [],
                "days": [
                    {
                        "day": "2020-10-12",
                        "is_working": False,
                        "document_number": "214-р",
                        "reason": "День района",
                    }
                ],
                "reason": "Приказ о каникулах",
            }
        },
    )

    quarters: Annotated[list[TermIn], Field(max_length=6)]
    half_years: Annotated[list[TermIn], Field(max_length=2)]
    days: Annotated[list[OwnDayIn], Field(max_length=366)]
    reason: Annotated[str, text_up_to(1000)] | None = None

    def of_year(self, year: int) -> MunicipalCalendar:
        """Return it as the domain has it.

        Raises:
            InvalidInputError: a term ends before it starts.
        """
        days = [OwnDay(**own.model_dump()) for own in self.days]
        return MunicipalCalendar(
            AcademicYear(year),
            tuple(Window(term.starts_on, term.ends_on) for term in self.quarters),
            tuple(Window(term.starts_on, term.ends_on) for term in self.half_years),
            tuple(sorted(days)),
        )


class TermOut(BaseModel):
    """A quarter or a half-year."""

    model_config = ConfigDict(from_attributes=True)

    starts_on: date
    ends_on: date


class OwnDayOut(BaseModel):
    """A day that a municipality works, or has off, against the country's calendar."""

    model_config = ConfigDict(from_attributes=True)

    day: date
    is_working: bool
    document_number: str
    reason: str


class CalendarOut(BaseModel):
    """The calendar of an academic year; other days are as the federal one has them."""

    municipality_id: int
    academic_year: int = Field(description="2020 is 2020/2021")
    quarters: list[TermOut]
    half_years: list[TermOut]
    days: list[OwnDayOut]

    @classmethod
    def of(cls, municipality_id: int, calendar: MunicipalCalendar) -> Self:
        """Show a calendar."""
        return cls(
            municipality_id=municipality_id,
            academic_year=calendar.academic_year.start,
            quarters=[TermOut.model_validate(each) for each in calendar.quarters],
            half_years=[TermOut.model_validate(each) for each in calendar.half_years],
            days=[OwnDayOut.model_validate(each) for each in calendar.days],
        )


class MovedDeadlinesOut(BaseModel):
    """The deadlines of one occurrence of a measure, which moved alike."""

    model_config = ConfigDict(from_attributes=True)

    programme_id: int
    measure_id: int
    number: str
    title: str
    occurrence: int
    due_before: date
    due_on: date | None = Field(description="Null where they were withdrawn")
    deadlines: list[int]
    schools: list[int | None] = Field(
        description="Whose they are, in the same order; null is the municipality's own"
    )


class MovedRecordOut(BaseModel):
    """A deadline that a record asks for, or a line of an agreement's plan, that moved.

    A line may be owed by a partner in another municipality, too.
    """

    model_config = ConfigDict(from_attributes=True)

    kind: DeadlineKind
    deadline_id: int
    municipality_id: int
    source_id: int = Field(
        description="The record, the academic year, the line or the agreement"
    )
    school_id: int
    title: str
    due_before: date
    due_on: date | None = Field(description="Null where it was withdrawn")

    @computed_field  # type: ignore[prop-decorator] # pydantic's documented form
    @property
    def titles(self) -> TitlesOut:
        """The title in both languages."""
        return TitlesOut.model_validate(titles_of(self.kind, self.title))


class CalendarChangeOut(BaseModel):
    """A calendar with the deadlines that moved; with `dry_run` nothing was written."""

    dry_run: bool
    calendar: CalendarOut
    moved: list[MovedDeadlinesOut] = Field(description="Those of measures")
    moved_records: list[MovedRecordOut] = Field(
        description="Those that records and agreements ask schools for"
    )
    opened: int = Field(description="Deadlines that are owed only now")

    @classmethod
    def of(cls, municipality_id: int, change: CalendarChange, *, is_dry: bool) -> Self:
        """Show a change."""
        return cls(
            dry_run=is_dry,
            calendar=CalendarOut.of(municipality_id, change.calendar),
            moved=[MovedDeadlinesOut.model_validate(each) for each in change.moved],
            moved_records=[
                MovedRecordOut.model_validate(each)
                for each in change.records
                if each.school_id is not None
            ],
            opened=change.opened,
        )
