"""Bodies of indicators, of results and of programmes."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.localized import LocalizedOut
from services.api.http.runs import ComputedOut, ScoredOut


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


class SchoolRefOut(BaseModel):
    """A school behind a figure."""

    id: int
    name: str


class YearValueOut(BaseModel):
    """An indicator in one year against the range of the programme.

    The range is null where the programme states none for the year.
    """

    model_config = ConfigDict(from_attributes=True)

    year: int
    low: float | None
    high: float | None
    range_text: str | None
    percent: float | None
    numerator: int | None
    denominator: int | None
    status: Literal["met", "below", "above", "no_data"]
    schools: list[SchoolRefOut] = Field(
        description="The schools of the numerator; a school's account sees itself only"
    )


class ProgrammeIndicatorOut(BaseModel):
    """An indicator of a programme with its values by year.

    `years` says what a year is: a calendar year, or 2020 for 2020/2021.
    """

    model_config = ConfigDict(from_attributes=True)

    indicator_id: int
    programme_id: int
    code: str
    title: str
    heading: str | None
    task_number: int | None
    task_title: str | None
    unit: str
    direction: str
    target_text: str
    years: Literal["calendar", "academic"]
    values: list[YearValueOut]


class ProgrammeIndicatorsOut(ComputedOut):
    """Indicators of a municipality's programmes, in the order of the documents."""

    indicators: list[ProgrammeIndicatorOut]
