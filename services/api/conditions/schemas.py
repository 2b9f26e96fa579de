"""Bodies of schools in their conditions: lists, one explained, peers, ranges."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from services.api.conditions.model_schemas import (
    Basis,
    CoefficientOut,
    ConditionsMethodOut,
)
from services.api.http.localized import LocalizedOut
from shared.domain.condition_index import ShareEvidence

Status = Literal["above_expected", "as_expected", "below_expected", "not_assessable"]
Difficulty = Literal["difficult", "not_difficult", "not_assessable"]
Resilience = Literal["resilient", "not_resilient", "not_assessable"]
Quadrant = Literal[
    "good_conditions_high_results",
    "good_conditions_low_results",
    "hard_conditions_high_results",
    "hard_conditions_low_results",
]


class SchoolConditionsOut(BaseModel):
    """A school's index, its result in the light of it, its cluster.

    `expected` is what a regression over the other schools makes of this one's
    conditions, `residual` the outcome minus it, `z` that by its standard error
    (externally studentised). What cannot be told has a reason instead.
    """

    model_config = ConfigDict(from_attributes=True)

    school_id: int
    school_name: str
    index: float | None = Field(description="0 the hardest conditions, 1 the best")
    computed_index: float | None
    published_index: float | None
    index_reason: str | None
    shares_known: int = Field(description="Of the shares that enter the index")
    shares_used: int = Field(description="Of them, those that tell schools apart")
    outcome: float | None
    n: int = Field(description="Pupils behind the outcome")
    expected: float | None
    expected_low: float | None = Field(description="Of the 95 % prediction interval")
    expected_high: float | None
    residual: float | None
    standard_error: float | None = Field(description="Of the residual")
    z: float | None
    fitted: float | None = Field(description="By the regression with the school itself")
    expected_reason: str | None
    status: Status
    quadrant: Quadrant | None
    difficulty: Difficulty = Field(description="ШНСУ: in difficult social conditions")
    resilience: Resilience
    cluster: int | None
    cluster_reason: str | None
    previous_cluster: int | None
    shares_compared: int = Field(description="Known shares that the clusters rest on")


class ShareOut(BaseModel):
    """A share in the index: (percent − low)/(high − low), turned where it hinders."""

    name: str
    number: int = Field(description="In the ИОУ, 1 to 17")
    title: LocalizedOut
    effect: Literal["helps", "hinders"]
    weight: float
    percent: float | None
    low: float | None
    high: float | None
    norm: float | None
    contribution: float | None = Field(description="They add up to the computed index")

    @classmethod
    def of(cls, part: ShareEvidence) -> Self:
        """Translate one share's evidence."""
        title = part.share.title
        return cls.model_validate(
            {
                "name": part.share.name,
                "number": part.share.number,
                "title": {"ru": title.ru, "en": title.en},
                "effect": part.effect.value,
                "weight": part.weight,
                "percent": part.percent,
                "low": part.low,
                "high": part.high,
                "norm": part.norm,
                "contribution": part.contribution,
            }
        )


class ExplainedSchoolOut(SchoolConditionsOut):
    """A school explained: what its index and its expected result were counted from."""

    run_id: int
    academic_year: int
    leverage: float | None = Field(description="How much the school moves the line")
    shares: list[ShareOut]
    basis: Basis
    coefficients: list[CoefficientOut]
    method: ConditionsMethodOut | None


class PeerOut(BaseModel):
    """A school in like conditions; figures that the caller may not see are null."""

    school_id: int
    school_name: str
    distance: float = Field(
        description=(
            "Root of the mean squared difference of the shares compared, each in its "
            "own standard deviations"
        )
    )
    shares: int = Field(description="Shares that are known of both")
    index: float | None
    shares_known: int | None = Field(description="Of the shares that enter the index")
    outcome: float | None
    n: int | None
    status: Status | None
    cluster: int | None


class PeersOut(BaseModel):
    """The nearest schools, the nearest first."""

    run_id: int
    school_id: int
    method: ConditionsMethodOut | None
    peers: list[PeerOut]


class RangeOut(BaseModel):
    """The lowest and the highest index of a year."""

    lowest: float
    highest: float


class ComputedRangeOut(RangeOut):
    """Those of the current run, over so many schools."""

    run_id: int
    schools: int


class PublishedRangeOut(RangeOut):
    """Those that were published, and whose word they are."""

    model_config = ConfigDict(from_attributes=True)

    provenance: str


class IndexComparisonOut(BaseModel):
    """Ours beside the published ones; null where there are none for the year."""

    academic_year: int
    computed: ComputedRangeOut | None
    municipality: PublishedRangeOut | None
    region: PublishedRangeOut | None


class IndexComparisonsOut(BaseModel):
    """The range of the index, year by year."""

    municipality_id: int
    items: list[IndexComparisonOut]
