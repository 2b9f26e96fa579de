"""The method behind a ranking, as answers show it: every threshold with its source."""

from typing import Literal

from pydantic import BaseModel, Field

from services.api.http.localized import LocalizedOut


class ProvenanceOut(BaseModel):
    """Whose word a threshold rests on; `unconfirmed` is a default without a source."""

    kind: Literal["document", "federal", "regional", "local", "unconfirmed"]
    source: str


class ScoringOut(BaseModel):
    """How figures become scores; a cut is the lowest figure of the band above it."""

    rule: Literal[
        "best_is_100", "min_max", "z_score", "bands", "rank_percentile", "value"
    ]
    cuts: list[float] | None = None
    points: list[float] | None = None


class SourceOut(BaseModel):
    """What an indicator is counted from; an empty list is all of them."""

    kind: Literal["measure", "msoko", "formula"]
    measure: str | None = None
    text: str | None = Field(
        default=None,
        description="The formula; the choice of results is for its `results.*`",
    )
    procedures: list[str] | None = None
    subjects: list[str] | None = None
    grades: list[int] | None = None
    group: str | None = Field(default=None, description="Of the МСОКО")


class IndicatorOut(BaseModel):
    """An indicator; what is null is as the method has it for all of them."""

    code: str
    title: LocalizedOut
    unit: Literal["percent", "mark", "points", "number"]
    direction: Literal["more_is_better", "less_is_better"]
    source: SourceOut
    minimum_n: int | None = None
    pool_years: int | None = None
    tolerance: float | None = None
    missing: Literal["leave_out", "required", "worst"] | None = None
    scoring: ScoringOut | None = None


class BreakOut(BaseModel):
    """A procedure's academic year that compares with no other."""

    procedure: str
    academic_year: int
    reason: str
    title: LocalizedOut


class ComparabilityOut(BaseModel):
    """What has to be the same in two years for a change to be one."""

    same: list[str]
    breaks: list[BreakOut]


class MemberOut(BaseModel):
    """An indicator of a group with its weight within it."""

    code: str
    weight: float


class GroupOut(BaseModel):
    """A group of indicators with its weight in the composite."""

    code: str
    title: LocalizedOut
    weight: float
    indicators: list[MemberOut]


class CompositeOut(BaseModel):
    """The composite, which a school has from the least coverage on."""

    minimum_coverage: float
    tolerance: float
    groups: list[GroupOut]


class GridOut(BaseModel):
    """Cuts of the five levels of status and of change."""

    status: list[float]
    change: list[float]


class SmallNumbersOut(BaseModel):
    """How figures over few pupils are treated."""

    confidence: float = Field(description="Of all intervals, per cent")
    pooled_years: int = Field(description="The year itself among them")
    resamples: int = Field(description="Behind the interval of a place")


class MethodOut(BaseModel):
    """The version of the method behind a ranking, with its thresholds.

    `minimum_n` counts pupils. `provenance` has an entry for each threshold by its
    path, such as `minimum_n`, `groups.1` (its weights) or `grid.status`.
    """

    kind: Literal["ranking"]
    code: str
    version: int
    hash: str = Field(description="SHA-256 of its whole content")
    title: LocalizedOut
    ranked_by: str = Field(description="The code of an indicator, or `composite`")
    minimum_n: int
    pool_years: int
    tolerance: float
    missing: Literal["leave_out", "required", "worst"]
    scoring: ScoringOut
    comparability: ComparabilityOut
    indicators: list[IndicatorOut]
    composite: CompositeOut | None = None
    grid: GridOut | None = None
    small_numbers: SmallNumbersOut | None = Field(
        default=None,
        description="Null where the method does not say: 95 %, 3 years and 1,000 then",
    )
    provenance: dict[str, ProvenanceOut]
