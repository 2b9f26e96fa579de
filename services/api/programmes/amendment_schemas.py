"""Bodies of amendments of programmes."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.http.dates import Day
from services.api.http.numbers import Real, Whole
from services.api.http.texts import text_up_to
from services.api.programmes.documents import Key, Parties
from services.api.programmes.schemas import Plan
from shared.domain.formulas.missing import MissingPolicy
from shared.domain.indicator_definitions import SOURCE, order_source
from shared.domain.methods.share_indicators import LARGEST_MINIMUM
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.domain.programme_state import ChangeKind

Line = Annotated[str, text_up_to(4000)]
Number = Annotated[str, text_up_to(100)]
Code = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$", max_length=100)
]
ShortKey = Annotated[Key, Field(max_length=100)]
Percent = Annotated[Real, Field(ge=0, le=100, allow_inf_nan=False)]
Unit = Literal[
    "percent_of_schools", "percent_of_respondents", "percent_of_school_programmes"
]
Direction = Literal["more_is_better", "less_is_better"]


IndicatorCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Choices = Annotated[list[Code], Field(max_length=100)]
Grade = Annotated[Whole, Field(ge=1, le=11)]


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


class TargetIn(In):
    """The range that a new indicator is to reach in a year of the programme."""

    year: Annotated[Whole, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
    low: Percent
    high: Percent
    text: Line


class ConditionIn(In):
    """A condition over named columns, and the results that its columns count.

    Columns, functions and choices are those of methods.
    """

    text: Annotated[str, text_up_to(4000)]
    procedures: Choices = []
    subjects: Choices = []
    grades: Annotated[list[Grade], Field(max_length=20)] = []


class DefinitionIn(In):
    """The share of schools of which a condition holds."""

    condition: ConditionIn
    minimum_n: Annotated[Whole, Field(ge=0, le=LARGEST_MINIMUM)] = Field(
        description="A figure over fewer pupils is not known"
    )
    missing: MissingPolicy = Field(
        description="Whether a school of which the condition is not known is left out "
        "of the share, or counts as a no"
    )


class IndicatorIn(In):
    """A new indicator, after the others; its targets are of this year and later ones.

    Without a definition it is one that the system or the method in force counts.
    """

    code: IndicatorCode
    task: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    title: Line
    unit: Unit = "percent_of_schools"
    direction: Direction
    heading: Line | None = None
    target_text: Line
    targets: Annotated[list[TargetIn], Field(max_length=20)] = []
    definition: DefinitionIn | None = None


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


class AddIndicatorIn(In):
    """An indicator is added, and counted from the year of the order on."""

    kind: Literal[ChangeKind.ADD_INDICATOR]
    indicator: IndicatorIn


class WithdrawIndicatorIn(In):
    """An indicator is ended: years that were over before the order keep theirs."""

    kind: Literal[ChangeKind.WITHDRAW_INDICATOR]
    code: Code


class ChangeTargetIn(In):
    """The range of an indicator in a year is changed, or set where there was none."""

    kind: Literal[ChangeKind.CHANGE_TARGET]
    indicator: Code
    year: Annotated[Whole, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
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
    | AddIndicatorIn
    | WithdrawIndicatorIn
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
                "changes": [
                    {"kind": "withdraw_measure", "key": "roadmap-6.45"},
                    {
                        "kind": "add_indicator",
                        "indicator": {
                            "code": "few_low_results",
                            "title": "Доля школ, где двоек меньше 20 %",
                            "direction": "more_is_better",
                            "target_text": "не менее 60 %",
                            "definition": {
                                "condition": {
                                    "text": "results.low_share < 20",
                                    "procedures": ["vpr"],
                                },
                                "minimum_n": 5,
                                "missing": "exclude",
                            },
                        },
                    },
                ],
            }
        },
    )

    order_number: Number
    order_on: Day
    body: Line
    reason: Line
    changes: Annotated[list[ChangeIn], Field(min_length=1, max_length=200)]

    @property
    def adds_indicators(self) -> bool:
        """Whether there is a new indicator among the changes."""
        return any(isinstance(change, AddIndicatorIn) for change in self.changes)

    def commands(self) -> list[dict[str, Any]]:
        """Return the changes with the fields that were given, and no others."""
        commands = []
        source = order_source(self.order_number, self.order_on, self.body)
        for change in self.changes:
            whole = isinstance(change, AddMeasureIn | AddIndicatorIn)
            values = change.model_dump(exclude_none=not whole)
            measure = values.get("measure", {})
            if "parties" in measure:
                measure["parties"] = list(measure["parties"])
            if isinstance(change, AddIndicatorIn) and change.indicator.definition:
                values["indicator"]["definition"][SOURCE] = source
            commands.append(values)
        return commands
