"""Bodies of deadlines."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.dates import Day
from services.api.http.ids import RowId

DeadlineState = Literal["open", "done", "past", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineFilter:
    """What a list of deadlines is narrowed to; dates are inclusive."""

    school_id: RowId | None = None
    programme_id: RowId | None = None
    state: DeadlineState | None = None
    due_from: Day | None = None
    due_to: Day | None = None


class DeadlineOut(BaseModel):
    """A dated occurrence of a measure; `school_id` null is the municipality's own."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    programme_id: int
    measure_id: int
    measure_number: str
    measure_title: str
    term_text: str
    expected_result: str | None
    school_id: int | None
    school_name: str | None
    occurrence: int
    starts_on: date
    nominal_due_on: date = Field(description="The day that the document means")
    due_on: date = Field(description="That day, or the last working day before it")
    state: DeadlineState
    days_left: int = Field(description="To `due_on`; negative when it has passed")
    is_overdue: bool
