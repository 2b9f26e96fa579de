"""Bodies of publications of rankings, and of objections to them."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from services.api.http.dates import Day
from services.api.http.ids import RowNumber
from services.api.http.ranking_methods import MethodOut
from services.api.http.texts import text_up_to
from services.api.rankings.schemas import OutsideOut, PlaceOut
from shared.domain.ranking_publications import (
    ObjectedFigure,
    ObjectionStatus,
    PublicationStatus,
)

Words = Annotated[str, text_up_to(200)]
Prose = Annotated[str, text_up_to(4_000)]


class PublicationIn(BaseModel):
    """A run that is put before the schools, with the days on which they may object."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "run_id": 12,
                "objections_from": "2020-10-05",
                "objections_until": "2020-10-16",
            }
        },
    )

    run_id: RowNumber
    objections_from: Day
    objections_until: Day


class PublishIn(BaseModel):
    """The order that publishes a ranking."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"order_number": "118", "order_on": "2020-10-19"}
        },
    )

    order_number: Words
    order_on: Day


class WithdrawIn(BaseModel):
    """Why a ranking is withdrawn, and by which order if there is one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"reason": "Результаты пересчитаны", "order_number": "121"}
        },
    )

    reason: Prose
    order_number: Words | None = None


class ObjectionIn(BaseModel):
    """What a school holds to be wrong in a draft."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "school_id": 3,
                "figure": "participants",
                "text": "Двое учеников писали работу в другой школе.",
            }
        },
    )

    school_id: RowNumber
    figure: ObjectedFigure
    text: Prose


class AnswerIn(BaseModel):
    """What an objection is answered."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"is_accepted": True, "answer": "Протоколы исправлены."}
        },
    )

    is_accepted: StrictBool
    answer: Prose


class PublicationOut(BaseModel):
    """A ranking that is put before the schools, published, or no longer."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    run_id: int
    academic_year: int = Field(description="2019 is 2019/2020")
    rows_hash: str = Field(description="SHA-256 of all places of the run")
    status: PublicationStatus
    objections_from: date
    objections_until: date
    drafted_at: datetime
    order_number: str | None
    order_on: date | None
    published_at: datetime | None
    withdrawal_order: str | None
    withdrawal_reason: str | None
    withdrawn_at: datetime | None


class PublishedRankingOut(PublicationOut):
    """A publication with its places; a school sees its own."""

    is_intact: bool | None = Field(
        description=(
            "The places are those that were put before the schools, by their hash; "
            "null for a school, which does not see them all"
        )
    )
    method: MethodOut | None = Field(
        description="By which it was counted, each threshold with its source"
    )
    places: list[PlaceOut]
    outside: list[OutsideOut]


class ObjectionOut(BaseModel):
    """An objection of a school, with its answer."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    publication_id: int
    municipality_id: int
    school_id: int
    school_name: str
    figure: ObjectedFigure
    text: str
    status: ObjectionStatus
    filed_at: datetime
    answer: str | None
    answered_at: datetime | None
