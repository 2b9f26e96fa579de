"""Bodies of decisions on schools with low results."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict

from services.api.http.dates import Day
from services.api.http.texts import text_up_to

Words = Annotated[str, text_up_to(500)]
Status = Literal["on_list", "risk_group", "leaving", "not_on_list", "not_assessable"]
Decided = Literal["on_list", "risk_group", "leaving", "not_on_list"]


class OrderIn(BaseModel):
    """An order; `order_body` is who issued it, no person."""

    model_config = ConfigDict(extra="forbid")

    order_number: Words
    order_on: Day
    order_body: Words
    reason: Words


class DecisionIn(OrderIn):
    """What is decided of a school: the computed status confirms it, another overrides.

    Both are kept.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "status": "not_on_list",
                "order_number": "45-р",
                "order_on": "2020-09-10",
                "order_body": "Управление образования",
                "reason": "Низкие результаты одного класса из трёх учеников",
            }
        }
    )

    status: Decided


class WithdrawalIn(OrderIn):
    """The order by which a decision is withdrawn."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "order_number": "51-р",
                "order_on": "2020-09-15",
                "order_body": "Управление образования",
                "reason": "Результаты перепроверены",
            }
        }
    )


class DecisionOut(BaseModel):
    """A decision, with what the rule had said when it was taken."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    municipality_id: int
    school_id: int
    academic_year: int
    rule_code: str
    rule_version: int
    computed_status: Status
    status: Decided
    order_number: str
    order_on: date
    order_body: str
    reason: str
    decided_at: datetime
    withdrawal_number: str | None
    withdrawal_on: date | None
    withdrawal_body: str | None
    withdrawal_reason: str | None
    withdrawn_at: datetime | None
    version: int
