"""Bodies of rankings."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.runs import ScoredOut


class PlaceOut(BaseModel):
    """A school's place; schools whose figures read the same share theirs."""

    model_config = ConfigDict(from_attributes=True)

    school_id: int
    school_name: str
    place: str = Field(description="As people write it", examples=["1–2"])
    place_from: int
    place_to: int
    value: float = Field(description="Of the method's `ranked_by`, not rounded")
    n: int = Field(description="Pupils behind the value")


class OutsideOut(BaseModel):
    """A school outside the ranking, which is not the same as its last place."""

    model_config = ConfigDict(from_attributes=True)

    school_id: int
    school_name: str
    value: float | None
    n: int
    reason: Literal[
        "no_data", "too_few_participants", "low_coverage", "required_missing"
    ]


class RankingOut(ScoredOut):
    """Schools by place and name; a school's account sees its own place only."""

    ranked: int | None = Field(
        description="How many schools have a place; null if the caller's has no row"
    )
    places: list[PlaceOut]
    outside: list[OutsideOut]
