"""Bodies of reminder rules, and of what would go out by them."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.numbers import Whole
from shared.domain.deadlines import DeadlineKind
from shared.domain.provenance import ProvenanceKind
from shared.domain.reminders.rule_books import Scope

Days = Annotated[Whole, Field(ge=0, le=366)]
SomeDays = Annotated[Whole, Field(ge=1, le=366)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RuleBody(_Body):
    """A reminder so many calendar days before the due date; 0 is the day itself."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    days_before: Days


class RepeatsBody(_Body):
    """A reminder every so many days; with `last` 0 there is none."""

    every: SomeDays
    last: Days


class EscalationBody(_Body):
    """From so many overdue days on, somebody higher is told once."""

    to: Literal["director", "coordinator", "head"]
    after: SomeDays


class RulesIn(_Body):
    """What is decided for a part of the tree; what is left out is inherited."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "provenance": "local",
                    "rules": [
                        {"code": "before_10", "days_before": 10},
                        {"code": "on_day", "days_before": 0},
                    ],
                    "overdue": {"every": 5, "last": 30},
                }
            ]
        },
    )

    provenance: ProvenanceKind = ProvenanceKind.LOCAL
    rules: Annotated[list[RuleBody], Field(max_length=20)] | None = None
    overdue: RepeatsBody | None = None
    escalation: Annotated[list[EscalationBody], Field(max_length=3)] | None = None
    review: RepeatsBody | None = None


class OriginOut(BaseModel):
    """Where a part of the rules comes from."""

    scope: Scope
    kind: DeadlineKind | None = Field(description="Null: for every kind of deadline")
    provenance: ProvenanceKind


class RulesOut(BaseModel):
    """The rules in force somewhere, and where each part of them comes from."""

    municipality_id: int
    programme_id: int | None
    measure_id: int | None
    kind: DeadlineKind | None
    version: int = Field(description="Of what was decided here; 0: nothing ever was")
    rules: list[RuleBody]
    overdue: RepeatsBody
    escalation: list[EscalationBody]
    review: RepeatsBody
    origins: dict[str, OriginOut]


class RuleVersionOut(BaseModel):
    """What was decided when and by whom; without a document it inherits again."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    programme_id: int | None
    measure_id: int | None
    kind: DeadlineKind | None
    version: int
    document: dict[str, object] | None
    written_by: str = Field(description="The log-in; empty for one that you do not see")
    written_at: datetime


class RegionRulesOut(BaseModel):
    """The rules that a region gives its municipalities, and who decided each part."""

    region_id: int
    kind: DeadlineKind | None
    version: int = Field(description="Of what was decided here; 0: nothing ever was")
    rules: list[RuleBody]
    overdue: RepeatsBody
    escalation: list[EscalationBody]
    review: RepeatsBody
    origins: dict[str, OriginOut]


class RegionRuleVersionOut(BaseModel):
    """What a region decided when; without a document it inherits again."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    region_id: int
    kind: DeadlineKind | None
    version: int
    document: dict[str, object] | None
    written_by: str = Field(description="The log-in; empty for one that you do not see")
    written_at: datetime


class PersonOut(BaseModel):
    """What goes out to one person on one channel."""

    recipient_role: str = Field(description="The account's role, or the post")
    recipient_id: int | None = Field(description="Null for a post")
    school_id: int | None
    channel: str
    count: int
    by_day: dict[date, int]


class PreviewOut(BaseModel):
    """What goes out in the next days if nothing is done and nobody changes anything."""

    first: date
    last: date
    count: int
    people: list[PersonOut]


class DryRunOut(BaseModel):
    """What a change of rules adds and what falls away, in the next days."""

    first: date
    last: date
    unchanged: int
    added: list[PersonOut]
    removed: list[PersonOut]


class MunicipalDryRunOut(DryRunOut):
    """What a change of the region's rules does in one of its municipalities."""

    municipality_id: int


class RegionDryRunOut(BaseModel):
    """What a change of a region's rules does, in each of its municipalities.

    A municipality that has decided the same part for itself keeps its own.
    """

    region_id: int
    unchanged: int
    added: int
    removed: int
    municipalities: list[MunicipalDryRunOut]
