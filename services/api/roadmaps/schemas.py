"""Bodies of deadlines."""

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.dates import Day
from services.api.http.ids import RowId
from shared.domain.deadlines import DeadlineKind, DeadlineState, DeadlineStep


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineFilter:
    """What a list of deadlines is narrowed to; dates are inclusive."""

    school_id: RowId | None = None
    programme_id: RowId | None = None
    state: DeadlineState | None = None
    due_from: Day | None = None
    due_to: Day | None = None


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


class DeadlineDetailOut(DeadlineOut):
    """A deadline, and what can be done with it next."""

    possible_steps: list[DeadlineStep] = []
