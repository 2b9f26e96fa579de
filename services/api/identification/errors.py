"""What can be wrong with a decision on a school with low results."""

from datetime import date
from typing import Self

from services.api.identification.records import Found
from shared.domain.errors import (
    ConflictError,
    Fault,
    InvalidInputError,
    NotFoundError,
    Text,
)


class OutdatedIdentificationError(ConflictError):
    """The answer is of a run that a newer one has replaced."""

    code = "identification_outdated"
    title = Text("Расчёт устарел", "The figures are out of date")

    @classmethod
    def of(cls, identification_id: int) -> Self:
        """Say how to find the current one."""
        return cls(
            Text(
                f"Расчёт с записью {identification_id} заменён новым. Прочитайте "
                "GET /v1/identifications и примите решение по новой записи.",
                f"The run of {identification_id} has been replaced. Read "
                "GET /v1/identifications and decide on the new row.",
            )
        )


class AlreadyDecidedError(ConflictError):
    """There is a decision that has not been withdrawn."""

    code = "already_decided"
    title = Text("Решение уже принято", "There is a decision already")

    @classmethod
    def of(cls, found: Found, decision_id: int | None) -> Self:
        """Say which year and rule have one, and how it is withdrawn."""
        number = "{id}" if decision_id is None else decision_id
        way = f"POST /v1/identification-decisions/{number}/withdraw"
        return cls(
            Text(
                f"По школе {found.school_id} за {found.academic_year} год и правилу "
                f"{found.rule_code} решение уже есть: отмените его приказом ({way}).",
                f"School {found.school_id} has a decision for {found.academic_year} by "
                f"rule {found.rule_code}: withdraw it by an order ({way}).",
            )
        )


class AlreadyWithdrawnError(ConflictError):
    """The decision was withdrawn before."""

    code = "already_withdrawn"
    title = Text("Решение уже отменено", "The decision is withdrawn already")

    @classmethod
    def of(cls, decision_id: int) -> Self:
        """Name the decision."""
        return cls(
            Text(
                f"Решение {decision_id} уже отменено.",
                f"Decision {decision_id} is withdrawn already.",
            )
        )


class OrderDateError(InvalidInputError):
    """The day of an order does not fit."""

    code = "order_date"
    title = Text("Дата приказа не подходит", "The day of the order does not fit")


def in_the_future(day: date, today: date) -> OrderDateError:
    """Return the error of an order that is still to come."""
    reason = Text(
        f"Приказ не может быть датирован будущим: сегодня {today}.",
        f"An order cannot be of a day to come: today is {today}.",
    )
    fault = Fault(column="order_on", value=str(day), reason=reason)
    return OrderDateError(reason, faults=[fault])


def unknown_identification(identification_id: int) -> NotFoundError:
    """Return the error of an answer that the caller does not see."""
    return NotFoundError(
        Text(
            f"Записи {identification_id} нет (список: GET /v1/identifications).",
            f"There is no row {identification_id} (for a list: "
            "GET /v1/identifications).",
        )
    )


def unknown_decision(decision_id: int) -> NotFoundError:
    """Return the error of a decision that the caller does not see."""
    return NotFoundError(
        Text(
            f"Решения {decision_id} нет (список: GET /v1/identification-decisions).",
            f"There is no decision {decision_id} (for a list: "
            "GET /v1/identification-decisions).",
        )
    )
