"""Bodies of amendments of programmes."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.dates import Day
from services.api.http.localized import LocalizedOut
from services.api.http.texts import text_up_to
from services.api.programmes.documents import Key, Parties
from services.api.programmes.schemas import Plan
from shared.domain.amendment_wording import describe
from shared.domain.amendments import ChangeKind, Difference
from shared.domain.periods import FIRST_YEAR, LAST_YEAR

Line = Annotated[str, text_up_to(4000)]
Number = Annotated[str, text_up_to(100)]
Code = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$", max_length=100)
]
ShortKey = Annotated[Key, Field(max_length=100)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Unit = Literal[
    "percent_of_schools", "percent_of_respondents", "percent_of_school_programmes"
]
Direction = Literal["more_is_better", "less_is_better"]


class In(BaseModel):
    """A part of an amendment: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class MeasureIn(In):
    """A new measure; it stands at the end of its plan, or of what it belongs to."""

    key: ShortKey
    plan: Plan
    parent: ShortKey | None = None
    number: Number
    block: Line | None = None
    title: Line
    term_text: Line = Field(description="As the order has it; it must be readable")
    responsible_text: Line | None = None
    parties: Parties
    expected_result: Line | None = None


class MeasurePatch(In):
    """The fields of a measure that change; what is left out stays."""

    number: Number | None = None
    block: Line | None = None
    title: Line | None = None
    term_text: Line | None = None
    responsible_text: Line | None = None
    parties: Parties | None = None
    expected_result: Line | None = None


class IndicatorPatch(In):
    """The fields of an indicator that change; what is left out stays."""

    title: Line | None = None
    unit: Unit | None = None
    direction: Direction | None = None
    heading: Line | None = None
    target_text: Line | None = None


class AddMeasureIn(In):
    """A measure is added."""

    kind: Literal[ChangeKind.ADD_MEASURE]
    measure: MeasureIn


class ReplaceMeasureIn(In):
    """Fields of a measure are replaced."""

    kind: Literal[ChangeKind.REPLACE_MEASURE]
    key: ShortKey
    measure: MeasurePatch


class WithdrawMeasureIn(In):
    """A measure is withdrawn, with all that stand under it."""

    kind: Literal[ChangeKind.WITHDRAW_MEASURE]
    key: ShortKey


class ChangeTargetIn(In):
    """The range of an indicator in a year is changed, or set where there was none."""

    kind: Literal[ChangeKind.CHANGE_TARGET]
    indicator: Code
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
    low: Percent
    high: Percent
    text: Line


class ChangeIndicatorIn(In):
    """Fields of an indicator are replaced."""

    kind: Literal[ChangeKind.CHANGE_INDICATOR]
    code: Code
    indicator: IndicatorPatch


class ChangePeriodIn(In):
    """The period of the programme is changed."""

    kind: Literal[ChangeKind.CHANGE_PERIOD]
    starts_on: Day | None = None
    ends_on: Day | None = None
    period_text: Line | None = None


ChangeIn = Annotated[
    AddMeasureIn
    | ReplaceMeasureIn
    | WithdrawMeasureIn
    | ChangeTargetIn
    | ChangeIndicatorIn
    | ChangePeriodIn,
    Field(discriminator="kind"),
]


class AmendmentIn(In):
    """An order that amends a programme; all of its changes are made, or none."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "order_number": "87-о",
                "order_on": "2020-09-10",
                "body": "Управление образования",
                "reason": "По итогам мониторинга",
                "changes": [{"kind": "withdraw_measure", "key": "roadmap-6.45"}],
            }
        },
    )

    order_number: Number
    order_on: Day
    body: Line
    reason: Line
    changes: Annotated[list[ChangeIn], Field(min_length=1, max_length=200)]

    def commands(self) -> list[dict[str, Any]]:
        """Return the changes with the fields that were given, and no others."""
        commands = []
        for change in self.changes:
            whole = isinstance(change, AddMeasureIn)
            values = change.model_dump(exclude_none=not whole)
            measure = values.get("measure", {})
            if "parties" in measure:
                measure["parties"] = list(measure["parties"])
            commands.append(values)
        return commands


class DifferenceOut(BaseModel):
    """One thing that changed: old and new by field, and in words."""

    kind: ChangeKind
    subject: str = Field(description="Key of a measure, code of an indicator (:year)")
    changes: dict[str, tuple[Any, Any]]
    words: LocalizedOut

    @classmethod
    def of(cls, difference: Difference) -> "DifferenceOut":
        """Describe a difference."""
        words = describe(difference)
        return cls.model_validate(
            {
                "kind": difference.kind,
                "subject": difference.subject,
                "changes": dict(difference.changes),
                "words": LocalizedOut(ru=words.ru, en=words.en),
            }
        )


class AmendmentOut(BaseModel):
    """An order that amended a programme."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    programme_id: int
    order_number: str
    order_on: date
    body: str
    reason: str
    created_at: datetime
    changes: list[DifferenceOut] = []
