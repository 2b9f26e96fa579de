"""What may be wrong with a row that somebody writes."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.domain.errors import (
    ConflictError,
    Fault,
    InvalidInputError,
    NotFoundError,
    Text,
)
from shared.persistence.paging import AnyRow


class InvalidRecordError(InvalidInputError):
    """The row breaks a rule; `faults` names every field that does, and why."""

    code = "invalid_record"
    title = Text("Запись не принята", "The row was not accepted")


class RecordExistsError(ConflictError):
    """There is a row with the same key already, which the detail names."""

    code = "record_exists"
    title = Text("Такая запись уже есть", "There is such a row already")


class RecordInUseError(ConflictError):
    """Other rows refer to the row."""

    code = "record_in_use"
    title = Text("На запись ссылаются", "The row is in use")


class RecordNotFoundError(NotFoundError):
    """There is no such row, or the caller may not know of it."""

    code = "record_not_found"
    title = Text("Запись не найдена", "Row not found")


def invalid(faults: Sequence[Fault]) -> InvalidRecordError:
    """Refuse a row for its faults, of which there is one at least."""
    return InvalidRecordError(faults[0].reason, faults=faults)


def unknown(code: str, row_id: int) -> RecordNotFoundError:
    """Say that there is no such row, for whatever reason."""
    return RecordNotFoundError(
        Text(
            f"Записи {row_id} нет или она вам недоступна. Ваши записи: GET /v1/{code}.",
            f"There is no row {row_id}, or it is not accessible to you. Your rows: "
            f"GET /v1/{code}.",
        )
    )


def unknown_place(column: str, value: object) -> NotFoundError:
    """Say that the school or the municipality of a row is not there."""
    if column == "school_id":
        named, listed = Text("Школы", "school"), "GET /v1/schools"
    else:
        named, listed = Text("Муниципалитета", "municipality"), "GET /v1/municipalities"
    reason = Text(
        f"{named.ru} {value} нет или вам недоступно. Что вам доступно: {listed}.",
        f"There is no {named.en} {value}, or it is not accessible to you. What is: "
        f"{listed}.",
    )
    fault = Fault(reason=reason, column=column, value=str(value))
    return NotFoundError(reason, faults=[fault])


def exists(
    code: str, rival: AnyRow | None, values: Mapping[str, Any]
) -> RecordExistsError:
    """Say that the key is taken, and by which row, unless the caller may not know."""
    if rival is None:
        return RecordExistsError(
            Text(
                "Такая запись уже есть у другой школы или муниципалитета.",
                "Another school or municipality has such a row already.",
            )
        )
    row = f"PUT /v1/{code}/{rival.id}"
    if rival.school_id not in (None, values.get("school_id")):
        return RecordExistsError(
            Text(
                f"Эти значения — школы {rival.school_id}, запись {rival.id}. Проверьте "
                f"их; если той школе они больше не принадлежат, исправьте: {row}.",
                f"These values are those of school {rival.school_id}, row {rival.id}. "
                f"Check them; if they are no longer that school's, correct: {row}.",
            )
        )
    return RecordExistsError(
        Text(
            f"Такая запись уже есть: {rival.id}. Исправьте её: {row}.",
            f"There is such a row already: {rival.id}. Correct it: {row}.",
        )
    )


def in_use(row_id: int) -> RecordInUseError:
    """Say that others refer to the row."""
    return RecordInUseError(
        Text(
            f"На запись {row_id} ссылаются другие: сначала уберите их.",
            f"Other rows refer to the row {row_id}: remove them first.",
        )
    )


def unknown_reference(column: str, value: int) -> Fault:
    """Say that a row that another refers to is not there."""
    return Fault(
        reason=Text(
            f"Записи {value} нет, она вам недоступна или другого муниципалитета.",
            f"There is no row {value}, or it is not accessible to you, or it is of "
            "another municipality.",
        ),
        column=column,
        value=str(value),
    )


def moved(column: str, value: object) -> Fault:
    """Say that a row stays where it belongs."""
    return Fault(
        reason=Text(
            "Запись остаётся у своей школы и муниципалитета: для других создайте "
            "новую.",
            "A row stays with its school and municipality: make a new one for another.",
        ),
        column=column,
        value=str(value),
    )
