"""Bodies of municipalities and schools."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.provenance import ProvenanceKind

SchoolKind = Literal["secondary", "basic", "primary", "branch"]
Locality = Literal["town", "village"]


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
    runs_kept: int = Field(
        description="Superseded runs of figures that are kept of each topic and year"
    )
    is_public: bool = Field(description="Whether anybody may read sums of its results")


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
    locality: Locality | None
    mentor_capacity: int
    opened_on: date | None = Field(description="Null where nobody knows")
    closed_on: date | None = Field(description="The first day without the school")
    aliases: list[str]
    synthetic: bool
    provenance: ProvenanceKind
    version: int
