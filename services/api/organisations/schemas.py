"""Bodies of municipalities and schools."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from services.api.http.ids import RowId
from shared.domain.provenance import ProvenanceKind

SchoolKind = Literal["secondary", "basic", "primary", "branch"]


class Out(BaseModel):
    """An answer that is built from what a repository read."""

    model_config = ConfigDict(from_attributes=True)


class MunicipalityOut(Out):
    """A municipality; `synthetic` says that its results are generated."""

    id: int
    code: str
    name: str
    region_name: str
    time_zone: str
    area_km2: float | None
    population: int | None
    synthetic: bool
    provenance: ProvenanceKind
    remarks: list[str]


class FigureOut(Out):
    """A number that the programme's document states of the municipality."""

    id: int
    code: str
    title: str
    value: float
    unit: str
    year: int | None
    provenance: ProvenanceKind


class CalendarPeriodOut(Out):
    """A quarter or a half-year of the school calendar, both days included."""

    id: int
    academic_year: int
    kind: Literal["quarter", "half_year"]
    number: int
    starts_on: date
    ends_on: date
    provenance: ProvenanceKind


class SchoolOut(Out):
    """A school; `synthetic` marks a placeholder that no document names."""

    id: int
    municipality_id: int
    parent_id: int | None
    code: str
    name: str
    kind: SchoolKind
    locality: Literal["town", "village"] | None
    mentor_capacity: int
    opened_on: date | None = Field(description="Null where nobody knows")
    closed_on: date | None = Field(description="The first day without the school")
    aliases: list[str]
    synthetic: bool
    provenance: ProvenanceKind
    version: int


Words = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\x00]*$"
    ),
]


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
    parent_id: RowId | None = None
    mentor_capacity: Annotated[
        int,
        Strict(),
        Field(ge=0, le=100, description="How many schools it can mentor at once"),
    ] = 0
    opened_on: date | None = None
    closed_on: date | None = None


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

    municipality_id: RowId
    code: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$", max_length=60)
    ]
