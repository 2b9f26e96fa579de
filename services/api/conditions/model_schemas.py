"""Bodies of what conditions are compared by: the method, the model, the clusters."""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.absences import AbsentOut
from services.api.http.localized import LocalizedOut
from services.api.http.ranking_methods import ProvenanceOut
from services.api.http.runs import ComputedOut
from shared.persistence.runs import RunRecord

Basis = Literal["regression", "region_coefficients", "quadrants", "none"]


class ConditionsMethodOut(BaseModel):
    """The version of the method behind the figures, with all that it decides.

    `provenance` says of each threshold, by its path in `content`, whose word it is.
    """

    code: str
    version: int
    hash: str = Field(description="SHA-256 of its whole content")
    title: LocalizedOut
    content: dict[str, Any]
    provenance: dict[str, ProvenanceOut]

    @classmethod
    def of(cls, run: RunRecord) -> Self | None:
        """Return the method of a run; None where none was in force."""
        stored = run.method_content
        if stored is None:
            return None
        named = {"code", "version", "title", "provenance"}
        return cls(
            hash=run.method_hash or "",
            content={key: each for key, each in stored.items() if key not in named},
            **{key: stored[key] for key in named},
        )


class CoefficientOut(BaseModel):
    """A term of the regression; entered coefficients have no error of their own."""

    term: str = Field(description="`intercept`, `index` or the name of a share")
    estimate: float
    standard_error: float | None = None
    low: float | None = Field(default=None, description="Of the 95 % interval")
    high: float | None = None


class TriedOut(BaseModel):
    """A number of clusters that was tried."""

    clusters: int
    silhouette: float = Field(description="-1 to 1; the highest is chosen")


class ClusterOut(BaseModel):
    """A cluster; 1 has the hardest conditions by the mean index."""

    cluster: int
    schools: int
    previous: int | None = Field(
        description="The cluster of the year before that most of its schools were in"
    )


class ClusteringOut(BaseModel):
    """How the clusters came about; without any for `reason`."""

    schools: int = Field(default=0, description="How many enough is known of")
    clusters: list[ClusterOut] = []
    tried: list[TriedOut] = []
    silhouette: float | None
    reason: str | None


class ModelOut(BaseModel):
    """What the comparison rests on, over how many schools, and how well it fits.

    With fewer schools than a regression needs there is none: `basis` is then
    `region_coefficients` or `quadrants`, and `basis_reason` says why.
    """

    model_config = ConfigDict(from_attributes=True)

    basis: Basis
    basis_reason: str | None
    schools: int = Field(description="With both figures, over enough pupils")
    r_squared: float | None
    adjusted_r_squared: float | None
    residual_error: float | None = Field(description="Residual standard error")
    degrees_of_freedom: int | None
    coefficients: list[CoefficientOut]
    schools_listed: int
    schools_with_index: int
    index_low: float | None
    index_high: float | None
    median_index: float | None
    median_outcome: float | None
    reference_year: int | None = Field(
        description="The year of the ends of the scales; null where they were given"
    )
    clustering: ClusteringOut


class ConditionsOut(ComputedOut):
    """Conditions of a municipality's schools; without a method there is no model."""

    academic_year: int = Field(description="2019 is 2019/2020")
    method: ConditionsMethodOut | None
    model: ModelOut | None
    absent: list[AbsentOut] = Field(
        description="Schools closed in the year or before, or not open yet, that are "
        "not counted; a school's account is told of itself only"
    )
