"""What a report of a programme says."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.api.http.localized import LocalizedOut
from services.api.indicators.programme_schemas import (
    GrowthOut,
    ProjectionOut,
    ReasonOut,
    ThresholdOut,
    explained,
)
from services.api.programmes.schemas import BudgetYearOut, TaskOut
from services.api.roadmaps.execution_routes import (
    ExecutionOut,
    MeasureExecutionOut,
    SchoolExecutionOut,
)
from shared.domain.report_changes import Section

Explained = Annotated[ReasonOut | None, BeforeValidator(explained)]


class Out(BaseModel):
    """An answer that is built from what a repository read."""

    model_config = ConfigDict(from_attributes=True)


class PassportOut(Out):
    """What the programme is."""

    programme_id: int
    municipality_id: int
    municipality_name: str
    code: str
    title: str
    goal: str
    starts_on: date
    ends_on: date
    period_text: str
    years: Literal["calendar", "academic"]
    approved: dict[str, Any]
    executors_text: str
    expected_results: list[str]
    provenance: str
    tasks: list[TaskOut]


class IndicatorLineOut(Out):
    """An indicator in the year: target, actual, and what lies between."""

    code: str
    title: str
    heading: str | None
    task_number: int | None
    unit: str
    direction: str
    target_text: str
    low: float | None = Field(description="Null where the year has no range")
    high: float | None
    range_text: str | None
    percent: float | None
    percent_low: float | None = Field(description="Wilson's interval of the share")
    percent_high: float | None
    numerator: int | None
    denominator: int | None
    n_decided: int
    n_schools: int
    status: Literal["met", "below", "above", "no_data"]
    is_settled: bool
    deviation: float | None = Field(
        description="Points beyond the range, below zero under it; 0 within"
    )
    reason: Explained = Field(description="Why there is no share")
    growth: GrowthOut | None
    projection: ProjectionOut | None
    unprojected: Explained = Field(description="Why there is no projection")
    thresholds: list[ThresholdOut]
    explanation: str | None = Field(description="The authority's own words")


class RoadmapOut(BaseModel):
    """How the deadlines of the year were met."""

    due_from: date
    due_to: date
    total: ExecutionOut
    measures: list[MeasureExecutionOut]
    schools: list[SchoolExecutionOut] = Field(
        description="Who owes them; without a school, the municipality itself"
    )


class BudgetItemOut(Out):
    """What is spent on a purpose; `spent` is null until that is known."""

    purpose: str
    source: str
    planned: Decimal
    spent: Decimal | None
    comment: str | None


class BudgetOut(BaseModel):
    """The budget of the calendar year in which the report's year begins."""

    totals: BudgetYearOut | None = Field(description="Null where nothing is planned")
    items: list[BudgetItemOut]


class AmendmentLineOut(BaseModel):
    """An order of the year that amended the programme, in words."""

    order_number: str
    order_on: date
    body: str
    reason: str
    changes: list[LocalizedOut]


class UsedRunOut(BaseModel):
    """The run that the figures come from, and the methods that it used."""

    run_id: int
    computed_at: datetime
    as_of: date | None
    input_event: int = Field(description="Number of the newest change it has seen")
    is_stale: bool = Field(description="Something changed that the run has not seen")
    methods: list[dict[str, Any]]


class ReportChangeOut(Out):
    """One thing that is another than in the report before."""

    section: Section
    subject: str
    field: str | None = Field(description="Null where a line came or went")
    words: LocalizedOut
    before: Any
    after: Any


class ReportOut(BaseModel):
    """The state of a programme in a year."""

    form_version: int = Field(default=1, description="Of the shape of a report")
    title: LocalizedOut
    year: int
    starts_on: date
    ends_on: date
    today: date = Field(description="The municipality's day of the report")
    synthetic: bool = Field(description="The figures rest on generated data")
    passport: PassportOut
    indicators: list[IndicatorLineOut]
    roadmap: RoadmapOut
    budget: BudgetOut
    amendments: list[AmendmentLineOut]
    run: UsedRunOut
