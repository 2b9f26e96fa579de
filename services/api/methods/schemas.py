"""Bodies of methods."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, Strict, model_validator

from services.api.http.dates import Day
from services.api.http.ids import RowNumber
from services.api.http.localized import LocalizedOut
from services.api.http.problems import FaultOut
from services.api.http.refusals import RefusedValueError
from services.api.http.texts import text_up_to
from shared.domain.methods.dependencies import DependencyGraph
from shared.domain.methods.life import MethodState
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.domain.provenance import ProvenanceKind

Words = Annotated[str, text_up_to(500)]
Number = Annotated[str, text_up_to(100)]
Year = Annotated[
    int, Field(ge=FIRST_YEAR, le=LAST_YEAR, description="2020 is 2020/2021")
]
WrittenYear = Annotated[Year, Strict()]
MethodCode = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]

ORDER: dict[str, Any] = {
    "order_body": "Управление образования",
    "order_number": "112",
    "order_on": "2020-09-01",
    "reason": "Методика рассмотрена методическим советом",
}


class OrderIn(BaseModel):
    """By which order something is decided, and why."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": ORDER})

    order_body: Words = Field(description="Who adopted it: a body, no person")
    order_number: Number
    order_on: Day
    reason: Words


class CopyIn(BaseModel):
    """What a copy is called, and whose it is: the caller's, unless told otherwise."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"code": "own-ranking", "reason": "Свои пороги"}},
    )

    code: MethodCode | None = Field(
        default=None, description="A new one, to copy what belongs to another"
    )
    municipality_id: RowNumber | None = None
    region_id: RowNumber | None = None
    reason: Words | None = None


class PeriodIn(OrderIn):
    """From which academic year on a method is in force, until which, and where."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": ORDER | {"valid_from": 2020, "valid_to": None}},
    )

    valid_from: WrittenYear
    valid_to: WrittenYear | None = Field(
        default=None, description="The last academic year; null is until further notice"
    )
    municipality_id: RowNumber | None = Field(
        default=None, description="The caller's own place, if neither is given"
    )
    region_id: RowNumber | None = None

    @model_validator(mode="after")
    def is_in_order(self) -> Self:
        """Refuse a period that ends before it begins."""
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise RefusedValueError(
                "Последний год раньше первого.", "The last year is before the first."
            )
        return self


class PeriodEndIn(OrderIn):
    """The last academic year of a period; null revokes all of it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": ORDER | {"valid_to": 2020}}
    )

    valid_to: WrittenYear | None


class Out(BaseModel):
    """An answer made from a row."""

    model_config = ConfigDict(from_attributes=True)


class PeriodOut(Out):
    """Academic years in which a method is in force in a place.

    Without a municipality and a region that is everywhere. What ships with the system
    has no order. A revoked period counts for nothing.
    """

    id: int
    method_id: int
    region_id: int | None
    municipality_id: int | None
    valid_from: int
    valid_to: int | None
    order_body: str | None
    order_number: str | None
    order_on: date | None
    ended_by_body: str | None
    ended_by_number: str | None
    ended_by_on: date | None
    revoked_at: datetime | None
    version: int
    created_at: datetime
    created_by: int | None


class MethodBriefOut(Out):
    """A version of a method, as lists show it.

    It belongs to a municipality, to a region or, with neither, to the system.
    """

    id: int
    kind: str
    code: str
    version: int
    title: LocalizedOut
    state: MethodState
    region_id: int | None
    municipality_id: int | None
    hash: str = Field(description="SHA-256 of its whole content, as runs name it")
    revision: int = Field(description="Of this row, as its ETag has it")


class ThresholdOut(BaseModel):
    """Something that somebody decided: where it stands, and on whose word."""

    path: str
    value: Any = Field(description="Null where it stands for several at once")
    kind: ProvenanceKind
    source: str


class MethodVersionOut(MethodBriefOut):
    """A version of a method with its content, order and periods."""

    content: dict[str, Any]
    thresholds: list[ThresholdOut]
    copied_from_id: int | None
    order_body: str | None
    order_number: str | None
    order_on: date | None
    approved_at: datetime | None
    approved_by: int | None = Field(description="The account; null for the system")
    withdrawn_at: datetime | None
    created_at: datetime
    created_by: int | None
    periods: list[PeriodOut]


class AssignedOut(MethodBriefOut):
    """A method that is assigned for a municipality's academic year."""

    period_id: int
    displaced_by_id: int | None = Field(
        description="The method that is in force in its place; null if itself is"
    )


class AssignmentsOut(BaseModel):
    """What is assigned for a municipality's academic year, the nearest in force."""

    municipality_id: int
    academic_year: int
    items: list[AssignedOut]


class MethodDifferenceOut(Out):
    """A value that differs; null where there is none."""

    path: str
    old: Any
    new: Any


class ComparisonOut(BaseModel):
    """What differs between two versions."""

    method_id: int
    against_id: int
    differences: list[MethodDifferenceOut]


class EdgeOut(BaseModel):
    """What is needed, and what it is needed for."""

    needed: str
    by: str


class GraphOut(BaseModel):
    """Which indicators are computed from which columns and indicators."""

    nodes: list[str]
    edges: list[EdgeOut]
    order: list[str] = Field(description="In which all can be computed")

    @classmethod
    def of(cls, graph: DependencyGraph) -> Self:
        """Translate a graph."""
        edges = [EdgeOut(needed=needed, by=by) for needed, by in graph.edges]
        return cls(nodes=list(graph.nodes), edges=edges, order=list(graph.order))


class CheckOut(BaseModel):
    """What is wrong with a method; `hash` and `graph` are there if nothing is."""

    verdict: Literal["valid", "invalid"]
    faults: list[FaultOut]
    hash: str | None
    graph: GraphOut | None
