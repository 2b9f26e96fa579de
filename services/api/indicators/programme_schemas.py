"""Bodies of programme indicators."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from services.api.http.absences import AbsentOut
from services.api.http.localized import LocalizedOut
from services.api.http.runs import ComputedOut
from shared.domain.programme_reasons import REASONS, Reason
from shared.domain.provenance import ProvenanceKind


class ReasonOut(LocalizedOut):
    """Why something does not count or is not known."""

    code: Reason


def explained(code: Any) -> Any:
    """Put a code that was stored into words."""
    if not isinstance(code, str):
        return code
    reason = Reason(code)
    return {"code": reason, "ru": REASONS[reason].ru, "en": REASONS[reason].en}


class CountedSchoolOut(BaseModel):
    """A school behind a figure, with the figures that decided.

    `reason` says why it does not count, or why that is undecided.
    """

    id: int
    name: str
    reason: ReasonOut | None = None
    evidence: dict[str, bool | int | float | str | list[str] | None] = {}

    _explain = field_validator("reason", mode="before")(explained)


class ThresholdOut(BaseModel):
    """A threshold that a figure rests on, and whose word that is."""

    code: str
    value: float | str = Field(description="A figure, or the formula of a condition")
    kind: ProvenanceKind
    source: str


class RangeProvenanceOut(BaseModel):
    """On whose word a range is: the programme's, or that of an order."""

    kind: ProvenanceKind = Field(description="`local` where an order set the range")
    amendment_id: int | None = Field(
        description="As in `GET /v1/programmes/{id}/amendments`; null where the range "
        "is as the programme has it"
    )
    order_number: str | None
    order_on: date | None
    body: str | None = Field(description="Who adopted the order")

    @classmethod
    def of(cls, row: dict[str, Any]) -> "RangeProvenanceOut | None":
        """Return it for a year's value, if the year has a range."""
        if row["range_text"] is None:
            return None
        is_ordered = row["amendment_id"] is not None
        return cls.model_validate(
            row | {"kind": "local" if is_ordered else row["provenance"]}
        )


class GrowthOut(BaseModel):
    """The share of the year before, and how this year's stands to it."""

    status: Literal["grown", "stable", "fallen"]
    numerator: int
    denominator: int
    percent: float
    low: float
    high: float


class ProjectionOut(BaseModel):
    """What the share should come to at the year's end, from what is known today.

    What counts stays; each of the open cases comes to count at the rate of the like
    cases that are decided (beta-binomial). On track is what reaches the lower end of
    the range, or without one exceeds the year before, with all of the interval; missed
    is what does with none of it.
    """

    outlook: Literal["on_track", "at_risk", "missed"] | None = Field(
        description="Null where there is neither a range nor a year before"
    )
    percent: float
    low: float
    high: float
    denominator: int
    open_parts: int = Field(description="Units of which it is still open if they count")
    expected: float = Field(description="How many of them should come to count")


class YearValueOut(BaseModel):
    """An indicator in one year against the range of the programme.

    The range is null where the programme states none for the year. Schools of which
    too little is known are in neither numerator nor denominator. A school's account
    sees of the schools behind a figure only itself.
    """

    model_config = ConfigDict(from_attributes=True)

    year: int
    low: float | None
    high: float | None
    range_text: str | None
    range_provenance: RangeProvenanceOut | None = Field(
        description="Null where the programme states no range for the year"
    )
    percent: float | None
    percent_low: float | None = Field(description="Wilson's interval of the share")
    percent_high: float | None
    least: float | None = Field(description="The share, were all undecided a no")
    most: float | None = Field(description="The share, were all undecided a yes")
    numerator: int | None
    denominator: int | None
    n_decided: int = Field(description="Schools of which it is known if they count")
    n_schools: int = Field(description="Schools on the year's last day")
    status: Literal["met", "below", "above", "no_data"]
    is_settled: bool = Field(
        description="The undecided schools could not change the status"
    )
    reason: ReasonOut | None = Field(description="Why there is no share")
    schools: list[CountedSchoolOut] = Field(description="Schools that count")
    others: list[CountedSchoolOut] = Field(description="Schools that do not")
    undecided: list[CountedSchoolOut] = Field(
        description="Schools of which too little is known"
    )
    absent: list[AbsentOut] = Field(
        description="Schools that the share is not of: closed by the year's last day, "
        "or not open by then"
    )
    growth: GrowthOut | None
    projection: ProjectionOut | None
    unprojected: ReasonOut | None = Field(description="Why there is no projection")
    thresholds: list[ThresholdOut]

    _explain = field_validator("reason", "unprojected", mode="before")(explained)


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
    provenance: ProvenanceKind = Field(
        description="Whose word the ranges are: that of the programme, or `local` "
        "where an order of the municipality added the indicator"
    )
    years: Literal["calendar", "academic"]
    values: list[YearValueOut]


class ProgrammeIndicatorsOut(ComputedOut):
    """Indicators of a municipality's programmes, in the order of the documents."""

    as_of: date | None = Field(
        description="The municipality's day of the run, up to which the year is known"
    )
    indicators: list[ProgrammeIndicatorOut]
