"""Bodies of the steps of school programmes."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.dates import Day
from services.api.http.texts import text_up_to
from shared.domain.school_programmes import (
    SchoolProgrammeStatus,
    SchoolProgrammeStep,
)

Words = Annotated[str, text_up_to(4000)]
Remarks = Annotated[list[Words], Field(max_length=200)]
Level = Literal["municipal", "regional"]
Verdict = Literal["approve", "return"]


class StepIn(BaseModel):
    """A step that needs nothing besides, or a comment kept in the history."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"comment": "После педсовета"}}
    )

    comment: Words | None = None


class ExpertiseIn(BaseModel):
    """What the experts found; of an expert the position is given, and no name."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "level": "municipal",
                "expert_position": "Методист управления образования",
                "reviewed_on": "2020-10-05",
                "remarks": ["Уточните исходные значения показателей"],
            }
        },
    )

    level: Level
    expert_position: Words
    reviewed_on: Day
    remarks: Remarks = Field(default_factory=list)


class ReturnIn(ExpertiseIn):
    """Why a programme is returned: a remark at least."""

    remarks: Annotated[list[Words], Field(min_length=1, max_length=200)]
    submit_by: Day | None = Field(
        default=None, description="By when to hand it in again; as before if omitted"
    )


class CompletionIn(BaseModel):
    """What came of a programme."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"result": "Доля «4» и «5» по математике выросла до 41 %"}
        },
    )

    result: Words


class MeasureDoneIn(BaseModel):
    """When a measure was carried out."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"done_on": "2020-10-28"}}
    )

    done_on: Day


class SchoolProgrammeStateOut(BaseModel):
    """How far a school's programme is, and what can be done next."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    school_id: int
    programme_id: int
    title: str
    status: SchoolProgrammeStatus
    submit_by: date | None
    submitted_on: date | None
    approved_on: date | None
    started_on: date | None
    completed_on: date | None
    result: str | None
    version: int
    possible_steps: list[SchoolProgrammeStep] = []


class ReviewOut(BaseModel):
    """What the experts found at one time."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    school_programme_id: int
    level: Level
    verdict: Verdict
    remarks: list[str]
    expert_position: str
    reviewed_on: date
    created_at: datetime


class MeasureStateOut(BaseModel):
    """A measure of a school's programme, and whether it was carried out."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    school_programme_id: int
    title: str
    starts_on: date
    due_on: date
    done_on: date | None
    version: int
