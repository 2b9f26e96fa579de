"""Bodies of indicators of results."""

from typing import Literal

from pydantic import BaseModel, Field

from services.api.http.localized import LocalizedOut
from services.api.http.runs import ScoredOut


class ValueOut(BaseModel):
    """A measure with its N, of the district or of a school.

    Null `procedure`, `subject` and `programme_grade` mean all of them together.
    """

    scope: Literal["district", "school"]
    school_id: int | None
    school_name: str | None
    procedure: str | None
    subject: str | None
    programme_grade: int | None
    measure: str
    title: LocalizedOut
    unit: Literal["percent", "mark"]
    value: float | None = Field(description="Not rounded; null where N is 0")
    n: int = Field(description="Pupils behind the value")


class IndicatorsOut(ScoredOut):
    """A page of figures: the district's first, and first those over all results.

    Pages belong together as long as their `run_id` is the same.
    """

    values: list[ValueOut]
    next_after: int | None
