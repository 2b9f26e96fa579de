"""Bodies of answers to reminders."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.dates import Day


class SnoozeIn(BaseModel):
    """Until when reminders are put off."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"until": "2020-09-18"}]}
    )

    until: Day


class AnswerOut(BaseModel):
    """An answer as it is kept; it is for the due date, and void if that moves."""

    deadline_id: int
    due_on: date
    act: Literal["acknowledge", "snooze"]
    until: date | None = Field(description="Of a snooze")
