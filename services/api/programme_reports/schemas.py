"""Bodies of reports of programmes."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.api.http.dates import Day
from services.api.http.numbers import Whole
from services.api.http.refusals import RefusedValueError
from services.api.http.texts import text_up_to
from services.api.programme_reports.content_schemas import (
    Out,
    ReportChangeOut,
    ReportOut,
)
from shared.domain.periods import FIRST_YEAR, LAST_YEAR

Words = Annotated[str, text_up_to(200)]
Prose = Annotated[str, text_up_to(4_000)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$", max_length=60)]


class ExplanationIn(BaseModel):
    """Why an indicator is not where the programme wants it."""

    model_config = ConfigDict(extra="forbid")

    indicator: Code = Field(description="Code of the programme's indicator")
    text: Prose


class ReportIn(BaseModel):
    """The order that freezes the report of a year."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "year": 2020,
                "order_number": "114",
                "order_on": "2020-09-16",
                "explanations": [
                    {
                        "indicator": "network_mentoring",
                        "text": "Договоры заключаются с сентября.",
                    }
                ],
            }
        },
    )

    year: Annotated[Whole, Field(ge=FIRST_YEAR, le=LAST_YEAR)] = Field(
        description="Of the programme's kind: a calendar year, or 2020 for 2020/2021"
    )
    order_number: Words
    order_on: Day
    explanations: list[ExplanationIn] = Field([], max_length=200)

    @model_validator(mode="after")
    def explains_once(self) -> Self:
        """Refuse two explanations of one indicator."""
        codes = [each.indicator for each in self.explanations]
        if len({*codes}) < len(codes):
            raise RefusedValueError(
                "Каждый показатель поясняют один раз.",
                "Explain each indicator once.",
            )
        return self


class OrderOut(Out):
    """A report's order."""

    report_id: int
    order_number: str
    order_on: date
    content_sha256: str


class CurrentReportOut(ReportOut):
    """The state of a programme now, beside the report of the year that was frozen."""

    frozen: OrderOut | None = Field(description="The newest frozen report of the year")
    changes: list[ReportChangeOut] = Field(description="Since that; empty without one")


class FrozenContentOut(ReportOut):
    """What a frozen report says; these are its bytes."""

    order_number: str
    order_on: date
    frozen_at: datetime
    frozen_by: int = Field(description="Number of the account")
    previous: OrderOut | None = Field(description="The report of the year before it")
    changes: list[ReportChangeOut] = Field(description="Since that; empty without one")


class FrozenReportOut(Out):
    """A frozen report, as lists show it; its files have these SHA-256."""

    id: int
    programme_id: int
    municipality_id: int
    year: int
    order_number: str
    order_on: date
    previous_id: int | None
    frozen_by: int = Field(description="Number of the account")
    frozen_at: datetime
    run_id: int
    methods: list[dict[str, Any]]
    content_sha256: str
    document_sha256: str
    workbook_sha256: str


class FrozenReportDetailOut(FrozenReportOut):
    """A frozen report with what changed since the one before."""

    is_intact: bool = Field(description="The stored bytes have these SHA-256")
    changes: list[ReportChangeOut]
