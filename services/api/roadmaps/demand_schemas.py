"""Bodies of deadlines that are opened by hand."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from services.api.http.dates import Day
from services.api.http.ids import RowNumber
from services.api.http.texts import text_up_to

MOST_SCHOOLS = 1000


class DemandIn(BaseModel):
    """Whom a measure without dates is asked of, and by when."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "measure_id": 1,
                "school_ids": [1],
                "due_on": "2020-11-21",
                "reason": "По запросу школы",
            }
        },
    )

    measure_id: RowNumber
    school_ids: list[RowNumber] = Field(default=[], max_length=MOST_SCHOOLS)
    of_municipality: StrictBool = Field(
        default=False, description="The municipality owes it, too"
    )
    due_on: Day
    reason: Annotated[str, text_up_to(1000)] | None = None


class DemandOut(BaseModel):
    """What was opened; `due_on` is a working day."""

    measure_id: int
    occurrence: int
    nominal_due_on: date
    due_on: date
    notice: str | None = Field(description="That the day has moved, and why")
    deadlines: list[int]
