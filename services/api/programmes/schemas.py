"""Bodies of programmes, their indicators and measures."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)

from services.api.http.dates import Day
from services.api.http.refusals import RefusedValueError
from services.api.http.texts import text_up_to
from shared.domain.formulas.missing import MissingPolicy

Plan = Literal["plan", "roadmap", "cyclogram"]


class Out(BaseModel):
    """An answer that is built from what a repository read."""

    model_config = ConfigDict(from_attributes=True)


class TaskOut(Out):
    """A numbered task."""

    number: int
    title: str


class ProgrammeOut(Out):
    """A programme. `head_title` and `head_period` are what its order calls it."""

    id: int
    municipality_id: int
    code: str
    title: str
    head_title: str | None
    head_period: str | None
    goal: str
    starts_on: date
    ends_on: date
    period_text: str
    years: Literal["calendar", "academic"]
    approved: dict[str, Any]
    executors_text: str
    expected_results: list[str]
    provenance: str


class ProgrammeDetailOut(ProgrammeOut):
    """A programme with its tasks and the number of measures in each plan."""

    tasks: list[TaskOut]
    measure_counts: dict[Plan, int]


Words = Annotated[str, text_up_to(500)]
Share = Annotated[float, Field(ge=0, le=100, strict=True)]


class TargetOut(Out):
    """The range to reach in a year, in the unit of the indicator."""

    id: int
    year: int
    low: float
    high: float
    text: str = Field(description="The document's words")


class TargetRangeOut(TargetOut):
    """A range by itself; it is changed from one `version` to the next."""

    programme_id: int
    indicator_id: int
    municipality_id: int
    version: int


class TargetPut(BaseModel):
    """The range that takes the place of the one before, by an order."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "low": 45.0,
                "high": 50.0,
                "text": "45–50 %",
                "order_number": "112",
                "order_on": "2020-09-10",
                "body": "Управление образования",
                "reason": "Показатель достигнут раньше срока",
            }
        },
    )

    low: Share
    high: Share
    text: Words = Field(description="As the order words it")
    order_number: Words
    order_on: Day
    body: Words | None = Field(
        None, description="Who adopted the order; the municipality if nobody is named"
    )
    reason: Words

    @model_validator(mode="after")
    def has_order(self) -> Self:
        """Refuse a range whose ends are the wrong way round."""
        if self.low > self.high:
            raise RefusedValueError(
                "`low` не должно быть больше `high`.",
                "`low` must not be greater than `high`.",
            )
        return self


class ConditionOut(BaseModel):
    """A condition over named columns, and the results that they count."""

    text: str
    procedures: list[str]
    subjects: list[str]
    grades: list[int]


class IndicatorDefinitionOut(BaseModel):
    """A share of schools of which a condition holds, and by which order."""

    condition: ConditionOut
    minimum_n: int
    missing: MissingPolicy
    source: str


class TargetIndicatorOut(Out):
    """An indicator; without targets the document states growth in words only."""

    id: int
    code: str
    task_number: int | None
    heading: str | None
    title: str
    unit: str
    direction: str
    target_text: str
    definition: IndicatorDefinitionOut | None = Field(
        description="How an order has it counted; null where the system or a method "
        "says how"
    )
    added_on: date | None = Field(description="Date of the order that added it")
    withdrawn_on: date | None = Field(
        description="Date of the order that ended it; that year is the first without it"
    )
    targets: list[TargetOut]


class ScheduleOut(BaseModel):
    """What the term was read as; without dates, deadlines are opened by hand."""

    kind: str
    is_datable: bool
    description_ru: str
    description_en: str


class MeasureOut(Out):
    """A line of a plan in the order of the document."""

    id: int
    programme_id: int
    parent_id: int | None
    plan: Plan
    position: int
    key: str
    number: str = Field(description="As printed; not unique")
    block: str | None
    title: str
    term_text: str
    schedule: ScheduleOut
    responsible_text: str | None
    parties: list[Literal["municipality", "schools"]]
    expected_result: str | None


class BudgetSumOut(Out):
    """Amounts in roubles; what no figure was given for yet counts as not spent."""

    items: int
    items_not_spent: int = Field(description="Items without a figure of what was spent")
    planned: Decimal
    spent: Decimal
    remaining: Decimal = Field(description="Below zero where more was spent")


class BudgetSourceOut(BudgetSumOut):
    """What one source of funds pays in a year."""

    source: str


class BudgetYearOut(BudgetSumOut):
    """A calendar year of a programme's budget."""

    year: int
    sources: list[BudgetSourceOut]


class BudgetTotalsOut(BudgetSumOut):
    """A programme's budget in all, and by year."""

    programme_id: int
    years: list[BudgetYearOut]
