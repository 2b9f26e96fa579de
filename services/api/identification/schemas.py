"""Bodies of schools with low results and of their evidence."""

from datetime import date
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.absences import AbsentOut
from services.api.http.localized import LocalizedOut
from services.api.http.ranking_methods import ProvenanceOut
from services.api.http.runs import ComputedOut
from services.api.identification.decision_schemas import DecisionOut, Status
from shared.persistence.tables.methods import MethodRow


class ThresholdOut(BaseModel):
    """What somebody decided in a rule, and whose word it rests on."""

    path: str
    value: Any
    provenance: ProvenanceOut


class RuleOut(BaseModel):
    """The version of a rule that was used; empty `grades` are all of them."""

    code: str
    version: int
    hash: str = Field(description="SHA-256 of its whole content")
    title: LocalizedOut
    procedures: list[str]
    subjects: dict[str, list[str]]
    grades: list[int]
    thresholds: list[ThresholdOut]

    @classmethod
    def of(cls, row: MethodRow) -> Self:
        """Translate a method as it is kept."""
        content = row.content
        return cls(
            **{name: content[name] for name in ("code", "version", "title")},
            **{name: content[name] for name in ("procedures", "subjects", "grades")},
            hash=row.content_hash,
            thresholds=[
                ThresholdOut(path=path, value=content[path], provenance=provenance)
                for path, provenance in content["provenance"].items()
            ],
        )


class ConfidenceOut(BaseModel):
    """How sure the intervals of an answer are, in per cent, and on whose word."""

    value: float = 95
    provenance: ProvenanceOut = ProvenanceOut(
        kind="unconfirmed",
        source="No source names one; 95 % is the usual one of statistics.",
    )


class ListEntryOut(BaseModel):
    """The received list that a school stands on; `year` is when it was put there."""

    model_config = ConfigDict(from_attributes=True)

    act_body: str
    act_number: str | None
    act_on: date | None
    year: int


class ChangedUnitOut(BaseModel):
    """So many pupils of a unit; what a rule does not tell apart is null."""

    procedure: str
    subject: str | None
    programme_grade: int | None
    pupils: int


class NearestChangeOut(BaseModel):
    """The fewest pupils whose marks of this year would flip the status."""

    direction: Literal["off_list", "onto_list"]
    pupils: int
    units: list[ChangedUnitOut]


class IdentificationOut(BaseModel):
    """What a rule says of a school, beside the received list and what was decided."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    run_id: int
    municipality_id: int
    academic_year: int
    school_id: int
    school_name: str
    rule_code: str
    rule_version: int
    status: Status = Field(description="As computed, whatever was decided")
    reason: (
        Literal["no_data", "not_comparable", "too_few_participants", "earlier_years"]
        | None
    ) = Field(description="Why it is not assessable")
    status_before: Status = Field(description="That of the year before")
    low_in_year: Literal["yes", "no", "unknown"] = Field(
        description="Whether the year alone is low"
    )
    low_units: int = Field(description="Low results of the year")
    assessed_units: int
    units: int = Field(description="Results of the year, also those of too few pupils")
    low_years: int = Field(description="Low years of the rule's window")
    unknown_years: int
    clear_years: int = Field(description="Clear years of a school that is leaving")
    nearest_change: NearestChangeOut | None = Field(
        description="Null where no marks of this year would flip the status"
    )
    list_year: int = Field(
        description=(
            "Year of the received list that it is compared with: the first of the year "
            "or of the two after it, else the one in force"
        )
    )
    received: ListEntryOut | None = Field(description="Its place on the received list")
    differs_from_received: bool | None = Field(
        description="Null where the rule can say nothing"
    )
    decision: DecisionOut | None
    standing_status: Status = Field(description="The decided status, else the computed")


class EvidenceOut(BaseModel):
    """A result behind a status; `text` says it for people.

    Shares are per cent, `share_from` to `share_to` their interval at 95 %. `pupils`
    is how many marks would take it over the threshold.
    """

    model_config = ConfigDict(from_attributes=True)

    academic_year: int
    procedure: str
    subject: str | None
    programme_grade: int | None
    state: Literal["low", "not_low", "too_few", "no_low_count", "excluded"]
    n: int
    n_low: int | None
    low_share: float | None
    share_from: float | None
    share_to: float | None
    threshold: float
    fewest_low: int = Field(description="Low pupils that make it low")
    pupils: int | None
    points: float | None = Field(description="Share above the threshold")
    peers_median: float | None = Field(description="Of the municipality's schools")
    peers: int
    text: LocalizedOut


class ExplanationOut(ComputedOut):
    """One answer with its evidence, said in sentences."""

    identification: IdentificationOut
    rule: RuleOut
    confidence: ConfidenceOut = ConfidenceOut()
    summary: list[LocalizedOut]
    evidence: list[EvidenceOut]


class IdentificationsOut(ComputedOut):
    """A page of answers; `next_after` is null on the last one."""

    academic_year: int
    rules: list[RuleOut]
    absent: list[AbsentOut] = Field(
        description="Schools closed in the year or before, or not open yet, that are "
        "not counted; a school's account is told of itself only"
    )
    items: list[IdentificationOut]
    next_after: int | None
