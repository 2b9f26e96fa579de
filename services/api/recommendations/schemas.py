"""Bodies of answers to recommendations."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from services.api.http.dates import Day
from services.api.http.texts import text_up_to
from shared.domain.recommendations import RecommendationStatus, RecommendationStep

Words = Annotated[str, text_up_to(4000)]


class AnswerIn(BaseModel):
    """What a school has done about a recommendation."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "answer": "Диагностика проведена, итоги разобраны на педсовете",
                "done_on": "2020-09-15",
            }
        },
    )

    answer: Words
    done_on: Day


class AnswerReturnIn(BaseModel):
    """What an answer lacks."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"remark": "Приложите итоги по классам"}},
    )

    remark: Words


class AnswerAcceptIn(BaseModel):
    """A remark on an answer that is accepted, if there is one."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"remark": None}}
    )

    remark: Words | None = None


class RecommendationStateOut(BaseModel):
    """A recommendation with its answer, and what can be done next."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    school_id: int
    title: str
    issued_on: date
    due_on: date
    status: RecommendationStatus
    answer: str | None
    done_on: date | None
    answered_on: date | None
    remark: str | None
    accepted_on: date | None
    version: int
    possible_steps: list[RecommendationStep] = []
