"""Bodies of schools as they are written."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict

from services.api.http.dates import Day
from services.api.http.ids import RowNumber
from services.api.http.texts import PlaceCode, text_up_to
from services.api.organisations.schemas import SchoolKind

Words = Annotated[str, text_up_to(300)]


class SchoolPut(BaseModel):
    """What is known of a school; a branch names its parent school."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "name": "МБОУ «Новая СОШ»",
                "kind": "secondary",
                "locality": "village",
                "mentor_capacity": 2,
                "opened_on": "2020-09-01",
            }
        },
    )

    name: Words
    kind: SchoolKind
    locality: Literal["town", "village"] | None = None
    parent_id: RowNumber | None = None
    mentor_capacity: Annotated[
        int,
        Strict(),
        Field(ge=0, le=100, description="How many schools it can mentor at once"),
    ] = 0
    opened_on: Day | None = None
    closed_on: Day | None = None


class SchoolIn(SchoolPut):
    """A school; its code and its municipality stay as they are."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "municipality_id": 1,
                "code": "novaya",
                "name": "МБОУ «Новая СОШ»",
                "kind": "secondary",
                "locality": "village",
                "mentor_capacity": 2,
                "opened_on": "2020-09-01",
            }
        },
    )

    municipality_id: RowNumber
    code: PlaceCode
