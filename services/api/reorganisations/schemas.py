"""Bodies of reorganisations, and of what schools came from and went over into."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, Strict

from services.api.http.dates import Day
from services.api.http.ids import RowNumber
from services.api.http.texts import PlaceCode, text_up_to
from services.api.reorganisations.records import Ancestor
from shared.domain.reorganisations import ReorganisationKind

Words = Annotated[str, text_up_to(500)]


class NewSchoolIn(BaseModel):
    """A school that opens on the day of the reorganisation."""

    model_config = ConfigDict(extra="forbid")

    code: PlaceCode
    name: Words
    kind: Literal["secondary", "basic", "primary"]
    locality: Literal["town", "village"] | None = None
    mentor_capacity: Annotated[int, Strict(), Field(ge=0, le=100)] = 0


class ReorganisationIn(BaseModel):
    """An order by which schools become others.

    The successors are schools that there are, and schools that open on the day.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "kind": "merge",
                "takes_effect_on": "2021-09-01",
                "order_number": "214",
                "order_on": "2021-06-15",
                "reason": "Присоединение малокомплектной школы",
                "predecessor_ids": [2],
                "successor_ids": [1],
            }
        },
    )

    kind: ReorganisationKind
    takes_effect_on: Day
    order_number: Words
    order_on: Day
    reason: Words
    predecessor_ids: Annotated[list[RowNumber], Field(min_length=1, max_length=20)]
    successor_ids: Annotated[list[RowNumber], Field(max_length=20)] = []
    new_schools: Annotated[list[NewSchoolIn], Field(max_length=20)] = []


class ReorganisationOut(BaseModel):
    """A reorganisation, with the schools before and after it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    kind: ReorganisationKind
    takes_effect_on: date
    order_number: str
    order_on: date
    reason: str
    predecessor_ids: list[int]
    successor_ids: list[int]
    undone_at: datetime | None = Field(None, description="Null unless it was undone")
    undo_reason: str | None = None


class ReorganisationUndoIn(BaseModel):
    """Why a reorganisation was a mistake."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"reason": "Указана не та школа"}},
    )

    reason: Words


class RelativeOut(BaseModel):
    """A school that another came from or went over into, how many steps away."""

    school_id: int
    name: str
    steps: int = Field(description="1 where one went over into the other directly")
    takes_effect_on: date
    reorganisation_id: int

    @classmethod
    def of(cls, ancestor: Ancestor) -> Self:
        """Translate a relative."""
        return cls(
            school_id=ancestor.school_id,
            name=ancestor.name,
            steps=ancestor.steps,
            takes_effect_on=ancestor.takes_effect_on,
            reorganisation_id=ancestor.reorganisation_id,
        )


class LineageOut(BaseModel):
    """Where a school comes from and what became of it, nearest first."""

    school_id: int
    predecessors: list[RelativeOut]
    successors: list[RelativeOut]
