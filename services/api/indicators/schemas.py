"""Bodies of indicators of results."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.absences import AbsentOut
from services.api.http.localized import LocalizedOut
from services.api.http.ranking_methods import ProvenanceOut
from services.api.http.runs import ScoredOut


class RateOut(BaseModel):
    """How far a rate may be trusted, and what stands beside it."""

    numerator: int = Field(description="Pupils that it counts, of `n`")
    low: float | None = Field(description="Lower end of Wilson's interval, per cent")
    high: float | None
    is_small: bool = Field(description="Over fewer pupils than the method's minimum")
    pooled_value: float | None = Field(
        description="Over `pooled_years` together, from the current figures of each"
    )
    pooled_n: int
    pooled_years: list[int] = Field(
        description="Academic years with anybody to count; 2019 is 2019/2020"
    )
    pooled_low: float | None
    pooled_high: float | None
    shrunk: float | None = Field(
        description="`shrink_weight` of the school's own rate and the rest of the "
        "municipality's; null where nobody knows how far schools differ, and of the "
        "municipality itself"
    )
    shrink_weight: float | None = Field(
        description="Between 0 (schools differ by chance only) and 1"
    )


class MarksOut(BaseModel):
    """Pupils by mark: what a mean is counted from."""

    model_config = ConfigDict(from_attributes=True)

    n2: int
    n3: int
    n4: int
    n5: int
    n_ungraded: int = Field(description="Without a mark; they count in СОУ alone")


class MeanOut(BaseModel):
    """How far a mean of marks may be trusted, and what stands beside it."""

    marks: MarksOut
    standard_error: float = Field(
        description="In the measure's unit, with one pupil more, spread evenly over "
        "all marks, so that equal marks of few do not pass for certain"
    )
    low: float = Field(
        description="Lower end of the interval by Student's t distribution with a "
        "degree of freedom for each pupil of `n`"
    )
    high: float
    is_small: bool = Field(description="Over fewer pupils than the method's minimum")
    pooled_value: float = Field(
        description="Over `pooled_years` together, from the current figures of each"
    )
    pooled_n: int
    pooled_years: list[int] = Field(
        description="Academic years with anybody to count; 2019 is 2019/2020"
    )
    pooled_low: float
    pooled_high: float
    shrunk: float | None = Field(
        description="`shrink_weight` of the school's own mean and the rest of the "
        "municipality's; null where nobody knows how far schools differ, and of the "
        "municipality itself"
    )
    shrink_weight: float | None = Field(
        description="Between 0 (schools differ by chance only) and 1"
    )


class SmallNumbersUsedOut(BaseModel):
    """How the method of the run treats figures over few pupils, on whose word."""

    interval: Literal["wilson"] = Field(description="Of rates")
    interval_of_means: Literal["student"] = Field(
        default="student", description="Of СОУ and the mean mark"
    )
    confidence: float = Field(description="Of all intervals, per cent")
    pooled_years: int = Field(description="At most so many, the year itself among them")
    resamples: int = Field(description="Behind the intervals of places")
    minimum_n: int = Field(description="Fewer pupils are too few; 0 without a method")
    provenance: dict[str, ProvenanceOut]


class ValueOut(BaseModel):
    """A measure with its N, of the district or of a school.

    Null `procedure`, `subject` and `programme_grade` mean all of them together.
    """

    scope: Literal["district", "school"]
    school_id: int | None
    school_name: str | None
    procedure: str | None
    subject: str | None
    programme_grade: int | None
    measure: str
    title: LocalizedOut
    unit: Literal["percent", "mark"]
    value: float | None = Field(description="Not rounded; null where N is 0")
    n: int = Field(description="Pupils behind the value")
    rate: RateOut | None = Field(
        description="Null of measures that are no rates (СОУ, mean mark), or if N is 0"
    )
    mean: MeanOut | None = Field(
        description="Of measures that are no rates (СОУ, mean mark); null if N is 0"
    )


class IndicatorsOut(ScoredOut):
    """A page of figures: the district's first, and first those over all results.

    Pages belong together as long as their `run_id` is the same.
    """

    small_numbers: SmallNumbersUsedOut
    missing: dict[str, LocalizedOut] = Field(
        description="What each measure does with pupils and results it knows too "
        "little of"
    )
    absent: list[AbsentOut] = Field(
        description="Schools closed in the year or before, or not open yet, that are "
        "not counted; a school's account is told of itself only"
    )
    values: list[ValueOut]
    next_after: int | None
