"""Bodies of the joint view: low results, difficult conditions, resilience."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.localized import LocalizedOut
from services.api.http.ranking_methods import ProvenanceOut
from services.api.identification.check_schemas import NamedSchoolOut
from shared.domain.joint_standing import Answer


class PartOfRunOut(BaseModel):
    """The run that an answer comes from, and the method that it went by."""

    run_id: int
    computed_at: datetime
    is_stale: bool
    method_code: str | None
    method_version: int | None
    provenance: dict[str, ProvenanceOut] = Field(
        description="Whose word each threshold of the method rests on, by its path"
    )


class AnswerOut(BaseModel):
    """An answer with its reasons, and where all that it rests on can be read."""

    answer: Answer
    status: str | None = Field(
        description="As it stands: decided, else computed; null was not computed"
    )
    computed_status: str | None
    is_decided: bool = Field(description="By an order, whatever was computed")
    is_on_received_list: bool | None = Field(
        description="Null where the caller sees no such list"
    )
    reasons: list[LocalizedOut]
    link: str | None = Field(examples=["/v1/identifications/812"])


class JointSchoolOut(BaseModel):
    """A school's three answers."""

    school_id: int
    school_name: str
    low_results: AnswerOut = Field(description="ШНОР, by the rule that was asked for")
    difficult: AnswerOut = Field(description="ШНСУ: in difficult social conditions")
    resilient: AnswerOut = Field(
        description="Results above what such conditions let expect"
    )


class JointCellOut(BaseModel):
    """One of the eight cells of the table, and the schools in it."""

    model_config = ConfigDict(from_attributes=True)

    low_results: bool
    difficult: bool
    resilient: bool
    count: int
    schools: list[NamedSchoolOut]


class UndecidedOut(BaseModel):
    """Schools that stand in no cell, as some answer is not known."""

    count: int
    low_results: int = Field(description="Of which this is not known")
    difficult: int
    resilient: int
    schools: list[NamedSchoolOut]


class JointViewOut(BaseModel):
    """Schools by three answers at once; the table is of all schools, unfiltered."""

    municipality_id: int
    academic_year: int
    is_stale: bool = Field(description="Something changed that one of the runs missed")
    rule_code: str | None = Field(description="Of low results; null without a run")
    rule_version: int | None
    rules: list[str] = Field(description="Codes of the rules to choose from")
    identification: PartOfRunOut | None
    conditions: PartOfRunOut | None
    schools: int
    table: list[JointCellOut]
    undecided: UndecidedOut
    items: list[JointSchoolOut]
    next_after: int | None
