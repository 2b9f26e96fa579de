"""Bodies of mentoring agreements."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from services.api.http.ids import RowId
from services.api.mentoring.drafting import Draft
from services.api.mentoring.records import Content, PlanMeasure
from shared.domain.agreements import Action, AgreementStatus, Side
from shared.domain.permissions import Role

LONGEST_LIST = 50

# PostgreSQL's texts hold any character but U+0000.
Line = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=1000, pattern=r"^[^\x00]*$"
    ),
]
Problem = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$"
    ),
]


RegistryLabel = Annotated[str, BeforeValidator(str), Field(examples=["3/2020"])]


class PlanMeasureIn(BaseModel):
    """A dated line of the joint plan."""

    model_config = ConfigDict(extra="forbid")

    title: Line
    due_on: date

    def measure(self) -> PlanMeasure:
        """Return the line."""
        return PlanMeasure(self.title, self.due_on)


Goals = Annotated[list[Line], Field(max_length=LONGEST_LIST)]
Plan = Annotated[list[PlanMeasureIn], Field(max_length=LONGEST_LIST)]


class AgreementIn(BaseModel):
    """A draft; goals and plan may follow, but have to be there when it is proposed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "programme_id": 1,
                "mentor_school_id": 1,
                "mentee_school_id": 3,
                "problem": "Математика в 5–6 классах",
                "starts_on": "2020-09-16",
                "ends_on": "2021-05-31",
                "goals": ["Снизить долю двоек по математике до 15 %"],
                "plan": [{"title": "Взаимные уроки", "due_on": "2020-11-20"}],
            }
        },
    )

    programme_id: RowId
    mentor_school_id: RowId
    mentee_school_id: RowId
    problem: Problem = Field(description="One open agreement a pair and problem")
    starts_on: date
    ends_on: date = Field(description="The last day")
    goals: Goals = []
    plan: Plan = []

    def draft(self) -> Draft:
        """Return the draft that is asked for."""
        content = Content(
            self.problem,
            self.starts_on,
            self.ends_on,
            tuple(self.goals),
            tuple(measure.measure() for measure in self.plan),
        )
        return Draft(
            self.programme_id, self.mentor_school_id, self.mentee_school_id, content
        )


class AgreementPatch(BaseModel):
    """New content of a draft; what is left out or null stays as it is.

    Goals and plan are replaced as a whole.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "goals": ["Снизить долю двоек по математике до 15 %"],
                "plan": [{"title": "Взаимные уроки", "due_on": "2020-11-20"}],
            }
        },
    )

    problem: Problem | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    goals: Goals | None = None
    plan: Plan | None = None

    def changes(self) -> dict[str, Any]:
        """Return the fields of the content that are to be changed."""
        changes = self.model_dump(exclude_none=True, exclude={"goals", "plan"})
        if self.goals is not None:
            changes["goals"] = tuple(self.goals)
        if self.plan is not None:
            changes["plan"] = tuple(measure.measure() for measure in self.plan)
        return changes


class TransitionIn(BaseModel):
    """What to do with an agreement."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"action": "sign", "side": "mentor"}},
    )

    action: Action
    side: Side | None = Field(
        None,
        description="With `sign`: whose signature; a school's own if left out",
    )
    reason: Line | None = Field(None, description="Required with `terminate`")

    @model_validator(mode="after")
    def _side_is_for_signing(self) -> Self:
        if self.side is not None and self.action is not Action.SIGN:
            raise ValueError("`side` goes with the action `sign` only")
        return self


class PartyOut(BaseModel):
    """One of the two schools."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    code: str
    name: str


class AgreementSummaryOut(BaseModel):
    """An agreement as lists show it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    registry_number: RegistryLabel | None = Field(
        description="Given when it is first proposed, gap-free by municipality and year"
    )
    municipality_id: int
    programme_id: int
    mentor: PartyOut
    mentee: PartyOut
    problem: str
    starts_on: date
    ends_on: date
    ended_on: date | None = Field(description="Day of completion or termination")
    status: AgreementStatus
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
    """That a side has signed, and who recorded it."""

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


class AgreementOut(AgreementSummaryOut):
    """An agreement with all that belongs to it."""

    goals: list[str]
    plan: list[PlanMeasureOut]
    signatures: list[SignatureOut]
    events: list[AgreementEventOut]
    created_at: datetime
    possible_actions: list[Action] = Field(
        [], description="What this caller may do in this status; guards are asked then"
    )
