"""Bodies of comparisons of two runs."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.localized import LocalizedOut
from services.api.http.ranking_methods import ProvenanceOut
from services.api.http.runs import RunOut
from services.api.rankings.score_schemas import Level
from shared.domain.run_comparison import Because


class PlaceOfRunOut(BaseModel):
    """A school's place in one of the runs; null `place` is outside, for `reason`."""

    model_config = ConfigDict(from_attributes=True)

    place: str | None
    place_from: int | None
    place_to: int | None
    ranked: int
    value: float | None
    n: int
    reason: str | None


class FigureOfRunOut(BaseModel):
    """A school's figure in one of the runs."""

    value: float | None
    n: int | None
    numerator: int | None
    score: float | None
    reason: str | None
    used: float | None = Field(
        description="Its share of what ranks, among the parts that are there, 0 to 1"
    )


class ContributionOut(BaseModel):
    """What an indicator adds to the change of the figure that ranks."""

    model_config = ConfigDict(from_attributes=True)

    whole: float = Field(description="Over all indicators they add up to `change`")
    of_score: float = Field(description="By its score, at the mean of both weights")
    of_weight: float = Field(
        description="By its weight, at the mean of both scores: the method's, or "
        "because some figure is there now and was not, or the other way round"
    )


class FigureChangeOut(BaseModel):
    """An indicator, a group or the composite of a school in both runs."""

    level: Level
    code: str
    title: LocalizedOut
    before: FigureOfRunOut | None
    after: FigureOfRunOut | None
    contribution: ContributionOut | None = Field(
        description="Null where it is no part of what ranks, or there is no change"
    )
    because: list[Because] = Field(
        description=(
            "`own_figure`: another value, or over other pupils; `other_schools`: the "
            "same figure among other figures; `appeared`, `disappeared`, `method`, "
            "`weight`"
        )
    )


class SchoolChangeOut(BaseModel):
    """What became of a school; all of its figures, changed or not."""

    school_id: int
    school_name: str
    presence: Literal["both", "entered", "left"] = Field(
        description="Whether the runs list it, with or without a place"
    )
    is_changed: bool = Field(description="Its place, its value or any of its figures")
    before: PlaceOfRunOut | None
    after: PlaceOfRunOut | None
    change: float | None = Field(
        description="Of the figure that ranks, to six decimals; null without it in both"
    )
    figures: list[FigureChangeOut]


class InputsChangeOut(BaseModel):
    """Changes of one kind that the later run has seen and the earlier has not."""

    model_config = ConfigDict(from_attributes=True)

    kind: str = Field(examples=["results.changed"])
    dataset: str | None = Field(description="Of `records.changed`")
    academic_year: int | None = Field(description="Null concerns all years")
    school_id: int | None = Field(description="Null is the municipality's")
    count: int
    first_at: datetime
    last_at: datetime


class EntryOut(BaseModel):
    """A change with its old and new values; `changes` has `[old, new]` by field."""

    model_config = ConfigDict(from_attributes=True)

    number: int = Field(description="As in `GET /v1/audit`")
    at: datetime
    entity: str
    entity_id: int | None
    rows: int | None = Field(description="How many rows, of an entry of several")
    action: str
    school_id: int | None
    changes: dict[str, Any]
    reason: str | None
    import_id: int | None


class MethodDifferenceOut(BaseModel):
    """A value of the method that differs, by its path; null where there is none."""

    path: str = Field(examples=["composite.groups.results.weight"])
    before: Any
    after: Any
    before_provenance: ProvenanceOut | None = Field(
        description="On whose word the value rests; null where there is none, and of "
        "what is no threshold"
    )
    after_provenance: ProvenanceOut | None


class MethodUsedOut(BaseModel):
    """Another method that one of the runs used and the other did not."""

    kind: str
    code: str
    before_version: int | None
    after_version: int | None


class MethodChangeOut(BaseModel):
    """Whether both runs are by the same method, and if not, what differs."""

    is_same: bool
    differences: list[MethodDifferenceOut]
    others: list[MethodUsedOut] = Field(
        description="Methods that both were not equally computed with"
    )


class TotalsOut(BaseModel):
    """How many schools changed how, of those that the caller sees."""

    schools: int
    changed: int
    entered: int
    left: int
    up: int = Field(description="With a better place")
    down: int


class CausesOut(BaseModel):
    """What changed between the inputs of the two runs."""

    is_known: bool = Field(
        description="False where a run is from before the database was restored"
    )
    inputs: list[InputsChangeOut]
    entries: list[EntryOut] = Field(description="The first 500 that the caller sees")
    entries_total: int


class RunComparisonOut(BaseModel):
    """What changed between two runs of a municipality's year, and why."""

    municipality_id: int
    academic_year: int
    before: RunOut
    after: RunOut
    method: MethodChangeOut
    causes: CausesOut
    totals: TotalsOut
    schools: list[SchoolChangeOut]
