"""Bodies of tandems."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.api.http.dates import Day
from services.api.http.ids import RowNumber
from services.api.http.reasons import PATTERN
from services.api.http.refusals import RefusedValueError
from services.api.tandems.records import WantedMember, WantedTandem
from shared.domain.tandem_terms import (
    EndReason,
    TandemForm,
    TandemKind,
    TandemRole,
    TandemStatus,
)

MOST_MEMBERS = 50

Line = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=500, pattern=PATTERN
    ),
]
Words = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=4000, pattern=PATTERN
    ),
]
SubjectCode = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z_]*$", max_length=64)
]

EXAMPLE: dict[str, Any] = {
    "kind": "in_school",
    "goal": "Освоить приёмы формирующего оценивания",
    "plan": "Взаимные уроки раз в две недели, разбор в день урока",
    "starts_on": "2020-09-01",
    "ends_on": "2021-05-31",
    "members": [
        {
            "role": "mentor",
            "school_id": 1,
            "position": "Учитель математики высшей категории",
            "subject": "mathematics",
        },
        {
            "role": "mentee",
            "school_id": 1,
            "position": "Молодой специалист",
            "subject": "mathematics",
        },
    ],
}


class MemberIn(BaseModel):
    """A place in a tandem: a position, a registered teacher, or both; no names."""

    model_config = ConfigDict(extra="forbid")

    role: TandemRole
    school_id: RowNumber
    position: Line | None = Field(
        None, description="The registered teacher's, if left out"
    )
    subject: SubjectCode | None = None
    teacher_id: RowNumber | None = Field(None, description="Of the same school")

    @model_validator(mode="after")
    def _is_somebody(self) -> Self:
        if self.position is None and self.teacher_id is None:
            raise RefusedValueError(
                "Укажите `position`, `teacher_id` или оба поля.",
                "Give `position`, `teacher_id`, or both.",
            )
        return self


class TandemIn(BaseModel):
    """What is agreed of a tandem: a pair, or a group."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": EXAMPLE})

    kind: TandemKind
    goal: Words
    plan: Words
    starts_on: Day
    ends_on: Day | None = Field(
        None, description="The last day; without it, as long as it is needed"
    )
    members: Annotated[list[MemberIn], Field(max_length=MOST_MEMBERS)]

    def wanted(self) -> WantedTandem:
        """Return the tandem that is asked for."""
        return WantedTandem(
            kind=self.kind,
            goal=self.goal,
            plan=self.plan,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            members=tuple(WantedMember(**dict(each)) for each in self.members),
        )


class EndIn(BaseModel):
    """Why a tandem ends."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"reason": "goal_reached", "comment": "Дефицит закрыт"}
        },
    )

    reason: EndReason = Field(description="`replaced` comes with a replacement only")
    comment: Line | None = Field(None, description="Required with `other`")


class ReplacementIn(BaseModel):
    """The tandem that takes the place of another, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"comment": "Наставник сменил место работы", "tandem": EXAMPLE}
        },
    )

    comment: Line
    tandem: TandemIn


class MemberOut(BaseModel):
    """A place in a tandem."""

    model_config = ConfigDict(from_attributes=True)

    role: TandemRole
    school_id: int
    school_name: str
    position: str
    subject: str | None
    teacher_id: int | None


class TandemOut(BaseModel):
    """A tandem with its members."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    kind: TandemKind
    form: TandemForm = Field(description="A pair, or a group of more than two")
    status: TandemStatus
    goal: str
    plan: str
    starts_on: date
    ends_on: date | None
    members: list[MemberOut]
    ended_on: date | None
    end_reason: EndReason | None
    end_comment: str | None
    replaces_id: int | None
    replaced_by_id: int | None
    version: int = Field(description="Grows by one with every change")
    created_at: datetime
    updated_at: datetime
    synthetic: bool = Field(description="Whether the municipality's data is generated")
