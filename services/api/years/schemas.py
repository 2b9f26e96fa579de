"""Bodies of years of data."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.api.http.dates import Day
from services.api.http.reasons import LONGEST, PATTERN, SHORTEST
from services.api.years.records import Papers
from shared.domain.data_years import YearState
from shared.domain.periods import FIRST_YEAR, LAST_YEAR

Year = Annotated[
    int,
    Field(ge=FIRST_YEAR, le=LAST_YEAR, description="2020 is the year 2020/2021"),
]
Comment = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=SHORTEST,
        max_length=LONGEST,
        pattern=PATTERN,
    ),
]
OrderNumber = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=50, pattern=PATTERN
    ),
]


class YearCommentIn(BaseModel):
    """A step that may be commented on."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"comment": "Всё внесено"}}
    )

    comment: Comment | None = None

    def papers(self) -> Papers:
        """Return what the step is taken by."""
        return Papers(note=self.comment)


class YearReturnIn(BaseModel):
    """What the school has to mend."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"comment": "Нет результатов ВПР 5 класса"}},
    )

    comment: Comment

    def papers(self) -> Papers:
        """Return what the step is taken by."""
        return Papers(note=self.comment)


class YearLockIn(BaseModel):
    """The order that locks a year."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"order_number": "114-о", "order_on": "2020-09-15"}
        },
    )

    order_number: OrderNumber
    order_on: Day
    comment: Comment | None = None

    def papers(self) -> Papers:
        """Return what the step is taken by."""
        return Papers(
            note=self.comment, order_number=self.order_number, order_on=self.order_on
        )


class YearUnlockIn(BaseModel):
    """The order that unlocks a year, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "order_number": "118-о",
                "order_on": "2020-09-16",
                "reason": "Апелляции по ВПР рассмотрены",
            }
        },
    )

    order_number: OrderNumber
    order_on: Day
    reason: Comment

    def papers(self) -> Papers:
        """Return what the step is taken by."""
        return Papers(
            note=self.reason, order_number=self.order_number, order_on=self.order_on
        )


class DataYearOut(BaseModel):
    """How far a school's year is; `note` is the last step's comment or reason."""

    model_config = ConfigDict(from_attributes=True)

    school_id: int
    school_name: str
    municipality_id: int
    academic_year: int
    state: YearState
    is_open: bool = Field(description="Its data may be changed without a reason")
    note: str | None
    order_number: str | None
    order_on: date | None
    changed_by: int | None
    changed_at: datetime | None = Field(description="Null while nothing was done")
    synthetic: bool


class MunicipalityYearOut(BaseModel):
    """How far a municipality's year is, and how many schools are in each state."""

    model_config = ConfigDict(from_attributes=True)

    municipality_id: int
    academic_year: int
    state: YearState = Field(description="Of the municipality's own data")
    schools: dict[YearState, int]
    note: str | None
    order_number: str | None
    order_on: date | None
    changed_by: int | None
    changed_at: datetime | None
    synthetic: bool


class MunicipalityYearStepOut(BaseModel):
    """What a step with a whole municipality's year did."""

    municipality_id: int
    academic_year: int
    state: YearState
    schools_changed: int = Field(description="Those that were not in the state yet")


class YearDueDateIn(BaseModel):
    """By when schools submit a year's data; null takes the day back."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"due_on": "2020-10-31"}}
    )

    due_on: Day | None


class YearDueDateOut(BaseModel):
    """The day that was set, and the last working day on or before it."""

    municipality_id: int
    academic_year: int
    nominal_due_on: date | None
    due_on: date | None = Field(description="A working day")
