"""Bodies of scores: why a figure is what it is, the grid, and the weights' say."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.localized import LocalizedOut
from services.api.http.ranking_methods import ProvenanceOut, ScoringOut, SourceOut
from services.api.http.runs import ScoredOut

OutsideReason = Literal[
    "no_data", "too_few_participants", "low_coverage", "required_missing"
]
Level = Literal["indicator", "group", "composite"]


class ChangeOut(BaseModel):
    """What became of a figure since the year before, in the method's own reckoning."""

    model_config = ConfigDict(from_attributes=True)

    dynamics: Literal["positive", "stable", "negative", "incomparable"]
    incomparable: str | None = Field(
        description="Why the years do not compare: `no_data`, `too_few_participants`, "
        "`procedures`, `subjects`, `cohort`, `season`, `scale` or `indicators`"
    )
    change: float | None = Field(description="Value less the value before")
    noise: float | None = Field(
        description="The largest change that is none: the tolerance or one pupil"
    )
    value_before: float | None
    n_before: int | None
    effect: float | None = Field(
        description="Size of a change of shares: Cohen's h; 0.2 small, 0.8 large"
    )
    p_value: float | None = Field(
        description="Two-sided z-test of two shares, as if pupils were independent"
    )


class PartOut(BaseModel):
    """What a part adds to a sum; contributions add up to it."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    score: float | None
    weight: float = Field(description="Share of the weight in the method, 0 to 1")
    used: float = Field(description="Share among the parts that are there, 0 to 1")
    contribution: float | None


class TreatmentOut(BaseModel):
    """How the method treats a figure, its own settings and the defaults together."""

    minimum_n: int
    pool_years: int
    tolerance: float
    missing: Literal["leave_out", "required", "worst"]
    scoring: ScoringOut


class ScoreOut(BaseModel):
    """A score with what it was made of."""

    level: Level
    code: str
    title: LocalizedOut
    value: float | None
    value_low: float | None = Field(
        description="Lower end of Wilson's interval of a rate, by the method's "
        "confidence; null of what is no rate"
    )
    value_high: float | None
    score: float | None
    reason: OutsideReason | None = Field(description="Why the value does not count")
    n: int | None = Field(description="Pupils behind it; null if none are counted")
    numerator: int | None = Field(description="Of them, those that a rate counts")
    n_results: int | None = Field(description="Results that were counted")
    n_left_out: int | None = Field(
        description="Results of the school in these years that it does not count"
    )
    years: list[int] = Field(description="Academic years whose counts were added")
    weight: float | None = Field(description="Share in the composite, 0 to 1")
    coverage: float | None = Field(description="Share of its weight that is there")
    place_from: int | None
    place_to: int | None
    ranked: int
    change: ChangeOut
    source: SourceOut | None
    treatment: TreatmentOut | None
    parts: list[PartOut]
    provenance: dict[str, ProvenanceOut] = Field(
        description="Whose word everything rests on that was decided about it"
    )


class SensitivityOfSchoolOut(BaseModel):
    """How much of a school's band hangs on weights that somebody chose."""

    band: int = Field(description="1 to 5, 5 the best")
    moved_by: list[str] = Field(
        description="Weights whose shift by a tenth changes it: `group+`, `group/code-`"
    )
    moved_share: float = Field(
        description="Share of draws of all weights, each up to a tenth off, that do"
    )


class ExplanationOut(ScoredOut):
    """Why a school stands where it stands."""

    school_id: int
    school_name: str
    scores: list[ScoreOut]
    status_level: int | None = Field(description="1 to 5 on the grid, 5 the best")
    change_level: int | None
    sensitivity: SensitivityOfSchoolOut | None


class SchoolOut(BaseModel):
    """A school."""

    school_id: int
    school_name: str


class CellOut(BaseModel):
    """A cell of the grid and the schools in it; without a change it has no level."""

    status_level: int
    change_level: int | None
    schools: list[SchoolOut]


class GridOfRunOut(ScoredOut):
    """Schools on the grid of status and change; cells without schools are left out."""

    cells: list[CellOut]
    outside: list[SchoolOut] = Field(description="Schools without a status")


class ShiftOut(BaseModel):
    """What one weight, a tenth more or less, does."""

    weight: str = Field(examples=["results+", "results/sou-"])
    moved: int = Field(description="Schools whose band changes")
    share: float = Field(description="Of the schools with a band")
    schools: list[SchoolOut]


class SensitivityOut(ScoredOut):
    """How much of a composite hangs on its weights; a school sees its own only."""

    bands: Literal["grid", "fifths"] = Field(
        description="Levels of status, or fifths of the ranked schools without a grid"
    )
    schools: int = Field(description="Schools with a band that the caller sees")
    shifts: list[ShiftOut] = Field(description="Weights that move a school at all")
    moved_by_any: int = Field(description="Schools that some single shift moves")
    moved_share: float | None = Field(
        description="Mean share of random draws of all weights that move a school"
    )
