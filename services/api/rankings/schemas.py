"""Bodies of rankings."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.absences import AbsentOut
from services.api.http.runs import ScoredOut


class PlaceOut(BaseModel):
    """A school's place; schools whose figures read the same share theirs."""

    model_config = ConfigDict(from_attributes=True)

    school_id: int
    school_name: str
    place: str = Field(description="As people write it", examples=["1–2"])
    place_from: int
    place_to: int
    ranked: int = Field(description="How many schools of the group have a place")
    scope_group: str | None = Field(
        description="The kind or the cluster within which the place is; clusters are "
        "those of `GET /v1/conditions`, and 1 has the hardest conditions"
    )
    plausible: str | None = Field(
        description=(
            "Where the place lies with the method's confidence, by its resamples "
            "of every school's figure; null where the figure is not counted from pupils"
        ),
        examples=["2–9"],
    )
    interval_low: int | None = Field(description="The best plausible place")
    interval_high: int | None = Field(description="The worst plausible place")
    band: int | None = Field(
        description=(
            "Schools of one band cannot be told apart: no two of them differ "
            "significantly. A band ends where a school differs from any in it"
        )
    )
    value: float = Field(description="Of the method's `ranked_by`, not rounded")
    n: int = Field(description="Pupils behind the value")
    value_low: float | None = Field(
        description="Lower end of the value's interval: Wilson's for a rate"
    )
    value_high: float | None = Field(description="Upper end of the interval")
    shrunk: float | None = Field(
        description=(
            "`shrink_weight` of the school's own value and the rest of that of all "
            "pupils; null where there is nothing to estimate the weight from"
        )
    )
    shrink_weight: float | None = Field(
        description="Between 0 (schools differ by chance only) and 1"
    )
    pooled_value: float | None = Field(description="Over `pooled_years` together")
    pooled_n: int | None = Field(description="Pupils behind `pooled_value`")
    pooled_years: list[int] | None = Field(
        description="Academic years with anybody to count; 2019 is 2019/2020"
    )


class OutsideOut(BaseModel):
    """A school outside the ranking, which is not the same as its last place."""

    model_config = ConfigDict(from_attributes=True)

    school_id: int
    school_name: str
    scope_group: str | None
    value: float | None
    n: int
    value_low: float | None
    value_high: float | None
    pooled_value: float | None = Field(
        description="Too few pupils of one year may be enough over `pooled_years`"
    )
    pooled_n: int | None
    pooled_years: list[int] | None
    reason: Literal[
        "no_data", "too_few_participants", "low_coverage", "required_missing"
    ]


class RankingOut(ScoredOut):
    """Schools by place and name; a school's account sees its own place only.

    Within kinds of school or within clusters, group by group.
    """

    scope: Literal["overall", "kind", "cluster"]
    ranked: int | None = Field(
        description="How many schools have a place; null if the caller's has no row"
    )
    places: list[PlaceOut]
    outside: list[OutsideOut]
    absent: list[AbsentOut] = Field(
        description="Schools closed in the year or before, or not open yet; a "
        "school's account is told of itself only"
    )
