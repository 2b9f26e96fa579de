"""Bodies of deadlines."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, computed_field

from services.api.http.dates import Day
from services.api.http.flags import Flag
from services.api.http.ids import RowId
from services.api.http.refusals import RefusedValueError
from services.api.http.titles import TitlesOut
from shared.domain.deadline_titles import titles_of
from shared.domain.deadlines import DeadlineKind, DeadlineState, DeadlineStep


def _is_week(text: str) -> str:
    """Refuse a week that its year does not have."""
    try:
        date.fromisoformat(f"{text}-1")
    except ValueError:
        raise RefusedValueError(
            "Неделя пишется так: 2020-W38; такой в этом году нет.",
            "A week is written like 2020-W38; the year has none such.",
        ) from None
    return text


Week = Annotated[
    str,
    AfterValidator(_is_week),
    Query(
        pattern=r"^\d{4}-W\d{2}$",
        description="An ISO week, Monday to Sunday, in which they are due",
        examples=["2020-W38"],
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineFilter:
    """What a list of deadlines is narrowed to; dates are inclusive."""

    municipality_id: RowId | None = None
    school_id: RowId | None = None
    programme_id: RowId | None = None
    measure_id: RowId | None = None
    kind: DeadlineKind | None = None
    party: Annotated[
        Literal["school", "municipality"] | None,
        Query(description="Who owes it"),
    ] = None
    responsible: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=200,
            pattern=r"^[^\x00]*$",
            description="Part of who is responsible, as the measure's document says",
        ),
    ] = None
    state: DeadlineState | None = None
    overdue: Annotated[
        Flag | None, Query(description="Whether it is owed and the day has passed")
    ] = None
    week: Week | None = None
    due_from: Day | None = None
    due_to: Day | None = None

    @property
    def days_of_week(self) -> tuple[date, date] | None:
        """The first and the last day of the week, if one is wanted."""
        if self.week is None:
            return None
        monday = date.fromisoformat(f"{self.week}-1")
        return monday, monday + timedelta(days=6)


class DeadlineOut(BaseModel):
    """Something owed by a day; `school_id` null is the municipality's own."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    kind: DeadlineKind
    programme_id: int | None = Field(description="Of a measure")
    measure_id: int | None
    source_id: int | None = Field(
        description="Number of the record that asks for it; null for a measure"
    )
    number: str | None = Field(description="Of a measure, as its document prints it")
    title: str
    term_text: str | None = Field(description="Of a measure, as printed")
    responsible_text: str | None = Field(description="Of a measure, as printed")
    expected_result: str | None
    school_id: int | None
    school_name: str | None
    occurrence: int
    starts_on: date
    nominal_due_on: date = Field(description="The day that the document means")
    due_on: date = Field(description="That day, or the last working day before it")
    state: DeadlineState
    done_on: date | None = Field(
        description="When the result was handed in that closed it"
    )
    revision: int = Field(description="Raised when due date, state or title change")
    changed_at: datetime
    days_left: int = Field(description="To `due_on`; negative when it has passed")
    is_overdue: bool

    @computed_field  # type: ignore[prop-decorator] # pydantic's documented form
    @property
    def titles(self) -> TitlesOut:
        """The title in both languages; a measure's is as its document prints it."""
        return TitlesOut.model_validate(titles_of(self.kind, self.title))


class DeadlineDetailOut(DeadlineOut):
    """A deadline, and what can be done with it next."""

    possible_steps: list[DeadlineStep] = []
