"""Bodies of what the tests of objectivity found, and of a school's answer to it."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.absences import AbsentOut
from services.api.http.localized import LocalizedOut
from services.api.http.ranking_methods import ProvenanceOut
from services.api.http.runs import ComputedOut

TestCode = Literal[
    "journal_confirmed",
    "journal_gap",
    "boundary_peak",
    "low_share_rise",
    "cohort_fall",
    "outside_limits",
]
Verdict = Literal["sign", "no_sign", "limited", "not_assessable"]


class ThresholdOut(BaseModel):
    """A threshold of a test, with whose word it rests on."""

    name: str
    value: Any
    provenance: ProvenanceOut


class TestOut(BaseModel):
    """A test: what it compares with what, by which thresholds."""

    test: TestCode
    title: LocalizedOut
    compares: LocalizedOut
    thresholds: list[ThresholdOut]


class FindingsMethodOut(BaseModel):
    """The version of the method behind the findings."""

    code: str
    version: int
    hash: str = Field(description="SHA-256 of its whole content")
    title: LocalizedOut
    tests: list[TestOut]


class FindingExplanationOut(BaseModel):
    """How the school itself explains a finding."""

    model_config = ConfigDict(from_attributes=True)

    explanation: str
    explained_at: datetime
    version: int


class FindingOut(BaseModel):
    """What one test says of a school's paper: never a proof.

    `n` pupils are behind `figure`, `n_reference` behind `reference`; `adjusted_p`
    allows for the `tests` of the kind in the municipality and year. `mark` is the one
    whose boundary was looked at, `measure` the one that has limits. With `limited`
    there were too few pupils for more than a hint; `reason` says why there is no
    answer. What is in `detail` differs from test to test.
    """

    id: int
    municipality_id: int
    school_id: int
    school_name: str
    test: TestCode
    title: LocalizedOut
    procedure: str
    subject: str
    programme_grade: int
    pupil_grade: int
    mark: int | None
    measure: str | None
    n: int
    n_reference: int | None
    figure: float | None = Field(description="Not rounded")
    reference: float | None = Field(description="Not rounded")
    p_value: float | None
    tests: int
    adjusted_p: float | None
    verdict: Verdict
    reason: str | None
    detail: dict[str, Any]
    explained: LocalizedOut
    school_explanation: FindingExplanationOut | None


class FindingsEnvelopeOut(ComputedOut):
    """The run that the findings come from, its method, and how to read them."""

    academic_year: int = Field(description="2019 is 2019/2020")
    notice: LocalizedOut = Field(description="Signs are no proofs")
    method: FindingsMethodOut | None = Field(description="Null where none was in force")


class FindingsOut(FindingsEnvelopeOut):
    """A page of findings of a municipality's year."""

    absent: list[AbsentOut] = Field(
        description="Schools closed in the year or before, or not open yet, that are "
        "not counted; a school's account is told of itself only"
    )
    items: list[FindingOut]
    next_after: int | None


class FederalMarkersOut(BaseModel):
    """The four federal markers as they were imported; null: did not take part."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    has_sign: bool
    russian_4: int | None
    mathematics_4: int | None
    russian_5: int | None
    mathematics_5: int | None
    marker_count: int | None
    explanation: str | None
    explained_at: datetime | None
    provenance: str


class TestCountOut(BaseModel):
    """How many papers of the school a test looked at, and how they came out."""

    test: TestCode
    sign: int
    no_sign: int
    limited: int
    not_assessable: int


class SchoolObjectivityOut(FindingsEnvelopeOut):
    """All that is known of the objectivity of a school's year, on one page.

    A test without papers in `counts` had nothing to look at, which is no “no sign”.
    """

    school_id: int
    school_name: str
    federal: FederalMarkersOut | None
    counts: list[TestCountOut]
    findings: list[FindingOut]
