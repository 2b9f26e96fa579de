"""Agreements as they are answered."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from shared.domain.agreement_evaluation import GoalReached
from shared.domain.agreement_terms import SharedDataset
from shared.domain.agreements import Action, AgreementStatus, Side
from shared.domain.permissions import Role

RegistryLabel = Annotated[str, BeforeValidator(str), Field(examples=["3/2020"])]


class PartyOut(BaseModel):
    """One of the two schools."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    code: str
    name: str
    municipality_id: int
    municipality_name: str


class AgreementSummaryOut(BaseModel):
    """An agreement as lists show it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    registry_number: RegistryLabel | None = Field(
        description="Given when it is first proposed, gap-free by municipality and year"
    )
    municipality_id: int = Field(description="That of the programme, which keeps it")
    programme_id: int
    mentor: PartyOut
    mentee: PartyOut
    problem: str
    starts_on: date
    ends_on: date
    ended_on: date | None = Field(description="Day of completion or termination")
    status: AgreementStatus
    shared_datasets: list[SharedDataset]
    version: int = Field(description="Grows by one with every change")
    synthetic: bool = Field(description="Whether the municipality's data is generated")


class PlanMeasureOut(BaseModel):
    """A dated line of the joint plan."""

    model_config = ConfigDict(from_attributes=True)

    title: str
    due_on: date


class AuthorOut(BaseModel):
    """The account that did something, by the title of its holder's office."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    display_name: str
    role: Role


class SignatureOut(BaseModel):
    """That a side has signed or its municipality confirmed, and who recorded it."""

    model_config = ConfigDict(from_attributes=True)

    side: Side
    at: datetime
    by: AuthorOut


class AgreementEventOut(BaseModel):
    """A step in the agreement's history."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    action: str = Field(description="`create`, `edit`, or the transition's action")
    side: Side | None
    from_status: AgreementStatus | None
    to_status: AgreementStatus
    reason: str | None
    at: datetime
    by: AuthorOut


class EvaluationOut(BaseModel):
    """What both schools said at the end."""

    model_config = ConfigDict(from_attributes=True)

    goal_reached: GoalReached
    indicator: str
    before: float | None
    after: float | None
    comment: str | None


class AgreementOut(AgreementSummaryOut):
    """An agreement with all that belongs to it."""

    goals: list[str]
    evaluation: EvaluationOut | None = Field(description="Of a completed agreement")
    plan: list[PlanMeasureOut]
    signatures: list[SignatureOut]
    confirmations: list[SignatureOut] = Field(
        description="Of the sides' municipalities, where these are two"
    )
    events: list[AgreementEventOut]
    created_at: datetime
    possible_actions: list[Action] = Field(
        [], description="What this caller may do in this status; guards are asked then"
    )
