"""Bodies of mentoring agreements."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    model_validator,
)

from services.api.http.dates import Day
from services.api.http.ids import RowNumber
from services.api.http.numbers import Real
from services.api.http.refusals import RefusedValueError
from services.api.http.texts import text_up_to
from services.api.mentoring.drafting import Draft
from services.api.mentoring.records import Content, PlanMeasure
from shared.domain.agreement_evaluation import Evaluation, GoalReached
from shared.domain.agreement_terms import SharedDataset
from shared.domain.agreements import Action, Side

LONGEST_LIST = 50

Line = Annotated[str, text_up_to(1000)]
Problem = Annotated[str, text_up_to(200)]


class PlanMeasureIn(BaseModel):
    """A dated line of the joint plan."""

    model_config = ConfigDict(extra="forbid")

    title: Line
    due_on: Day

    def measure(self) -> PlanMeasure:
        """Return the line."""
        return PlanMeasure(self.title, self.due_on)


Goals = Annotated[list[Line], Field(max_length=LONGEST_LIST)]
Plan = Annotated[list[PlanMeasureIn], Field(max_length=LONGEST_LIST)]
SharedDatasets = Annotated[
    list[SharedDataset],
    Field(
        max_length=len(SharedDataset),
        description=(
            "What of the mentee's data the mentor school reads while the agreement is "
            "in force, and not a day longer"
        ),
    ),
]


def in_order(datasets: list[SharedDataset]) -> tuple[SharedDataset, ...]:
    """Return each dataset once, as they are enumerated."""
    return tuple(each for each in SharedDataset if each in datasets)


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
                "shared_datasets": ["results", "indicators"],
            }
        },
    )

    programme_id: RowNumber
    mentor_school_id: RowNumber
    mentee_school_id: RowNumber
    problem: Problem = Field(description="One open agreement a pair and problem")
    starts_on: Day
    ends_on: Day = Field(description="The last day")
    goals: Goals = []
    plan: Plan = []
    shared_datasets: SharedDatasets = []

    def draft(self) -> Draft:
        """Return the draft that is asked for."""
        content = Content(
            self.problem,
            self.starts_on,
            self.ends_on,
            tuple(self.goals),
            tuple(measure.measure() for measure in self.plan),
            in_order(self.shared_datasets),
        )
        return Draft(
            self.programme_id, self.mentor_school_id, self.mentee_school_id, content
        )


class AgreementPatch(BaseModel):
    """New content of a draft; what is left out or null stays as it is.

    Goals, plan and shared datasets are replaced as a whole.
    """

    LISTS: ClassVar = ("goals", "plan", "shared_datasets")

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
    starts_on: Day | None = None
    ends_on: Day | None = None
    goals: Goals | None = None
    plan: Plan | None = None
    shared_datasets: SharedDatasets | None = None

    def changes(self) -> dict[str, Any]:
        """Return the fields of the content that are to be changed."""
        changes = self.model_dump(exclude_none=True, exclude=set(self.LISTS))
        if self.goals is not None:
            changes["goals"] = tuple(self.goals)
        if self.plan is not None:
            changes["plan"] = tuple(measure.measure() for measure in self.plan)
        if self.shared_datasets is not None:
            changes["shared_datasets"] = in_order(self.shared_datasets)
        return changes


class EvaluationIn(BaseModel):
    """What both schools say at the end: by which indicator, before and after."""

    model_config = ConfigDict(extra="forbid")

    goal_reached: GoalReached
    indicator: Problem
    before: Real | None = Field(None, allow_inf_nan=False)
    after: Real | None = Field(None, allow_inf_nan=False)
    comment: Line | None = None


class TransitionIn(BaseModel):
    """What to do with an agreement."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"action": "sign", "side": "mentor"}},
    )

    action: Action
    side: Side | None = Field(
        None,
        description=(
            "With `sign` and `confirm`: for whose side; one's own if left out"
        ),
    )
    reason: Line | None = Field(None, description="Required with `terminate`")
    evaluation: EvaluationIn | None = Field(
        None, description="Required with `complete`: the joint evaluation"
    )

    @property
    def stated_evaluation(self) -> Evaluation | None:
        """The evaluation as the domain knows it."""
        given = self.evaluation
        return None if given is None else Evaluation(**given.model_dump())

    @model_validator(mode="after")
    def _side_is_for_signing(self) -> Self:
        if self.side is not None and self.action not in {Action.SIGN, Action.CONFIRM}:
            raise RefusedValueError(
                "`side` указывают только с действиями `sign` и `confirm`.",
                "`side` goes with the actions `sign` and `confirm` only.",
            )
        return self
