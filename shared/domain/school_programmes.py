"""School programmes: their statuses, the steps between them, and what a step needs.

draft → submitted → under review → returned (and submitted again) or approved → in
progress → completed. A school changes its programme while it is a draft or returned.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from shared.domain.errors import ConflictError, InvalidInputError, Text


class SchoolProgrammeStatus(StrEnum):
    """How far a school's programme is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    APPROVED = "approved"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


class SchoolProgrammeStep(StrEnum):
    """What leads from one status to the next."""

    SUBMIT = "submit"
    REVIEW = "review"
    RETURN = "return"
    APPROVE = "approve"
    START = "start"
    COMPLETE = "complete"


EDITABLE: Final = frozenset(
    {SchoolProgrammeStatus.DRAFT, SchoolProgrammeStatus.RETURNED}
)

_AFTER: Final[
    Mapping[
        SchoolProgrammeStep,
        tuple[frozenset[SchoolProgrammeStatus], SchoolProgrammeStatus],
    ]
] = MappingProxyType(
    {
        SchoolProgrammeStep.SUBMIT: (EDITABLE, SchoolProgrammeStatus.SUBMITTED),
        SchoolProgrammeStep.REVIEW: (
            frozenset({SchoolProgrammeStatus.SUBMITTED}),
            SchoolProgrammeStatus.UNDER_REVIEW,
        ),
        SchoolProgrammeStep.RETURN: (
            frozenset({SchoolProgrammeStatus.UNDER_REVIEW}),
            SchoolProgrammeStatus.RETURNED,
        ),
        SchoolProgrammeStep.APPROVE: (
            frozenset({SchoolProgrammeStatus.UNDER_REVIEW}),
            SchoolProgrammeStatus.APPROVED,
        ),
        SchoolProgrammeStep.START: (
            frozenset({SchoolProgrammeStatus.APPROVED}),
            SchoolProgrammeStatus.IN_PROGRESS,
        ),
        SchoolProgrammeStep.COMPLETE: (
            frozenset({SchoolProgrammeStatus.IN_PROGRESS}),
            SchoolProgrammeStatus.COMPLETED,
        ),
    }
)

STATUS_NAMES: Final[Mapping[SchoolProgrammeStatus, Text]] = MappingProxyType(
    {
        SchoolProgrammeStatus.DRAFT: Text("черновик", "a draft"),
        SchoolProgrammeStatus.SUBMITTED: Text("сдана на экспертизу", "submitted"),
        SchoolProgrammeStatus.UNDER_REVIEW: Text("на экспертизе", "under review"),
        SchoolProgrammeStatus.RETURNED: Text("возвращена на доработку", "returned"),
        SchoolProgrammeStatus.APPROVED: Text("одобрена", "approved"),
        SchoolProgrammeStatus.IN_PROGRESS: Text("выполняется", "in progress"),
        SchoolProgrammeStatus.COMPLETED: Text("выполнена", "completed"),
    }
)


class SchoolProgrammeWrongStateError(ConflictError):
    """The step does not exist in the school programme's present status."""

    code = "school_programme_wrong_state"
    title = Text("Шаг сейчас невозможен", "Not possible in the present status")


class SchoolProgrammeNotEditableError(ConflictError):
    """The programme has been handed in; it changes only once it is returned."""

    code = "school_programme_not_editable"
    title = Text("Программу сейчас не меняют", "The programme cannot be changed now")


class SchoolProgrammeNotBegunError(InvalidInputError):
    """The first day of the school's programme is still to come."""

    code = "school_programme_not_begun"
    title = Text("Срок программы не начался", "The programme has not begun")


def take_step(
    status: SchoolProgrammeStatus, step: SchoolProgrammeStep
) -> SchoolProgrammeStatus:
    """Return the status that the step leads to.

    Raises:
        SchoolProgrammeWrongStateError: there is no such step from `status`.
    """
    possible, after = _AFTER[step]
    if status in possible:
        return after
    listed = ", ".join(possible_steps(status))
    name = STATUS_NAMES[status]
    raise SchoolProgrammeWrongStateError(
        Text(
            f"Программа школы: {name.ru}; шаг «{step}» сейчас невозможен. Сейчас "
            f"можно: {listed or 'ничего, она завершена'}.",
            f"The school's programme is {name.en}; the step '{step}' is not possible "
            f"now. Possible now: {listed or 'nothing, it has ended'}.",
        )
    )


def possible_steps(status: SchoolProgrammeStatus) -> tuple[SchoolProgrammeStep, ...]:
    """Return the steps that exist in `status`."""
    return tuple(step for step in SchoolProgrammeStep if status in _AFTER[step][0])


def require_editable(row: Mapping[str, Any]) -> None:
    """Refuse to change a school's programme that is with the experts, or beyond.

    Raises:
        SchoolProgrammeNotEditableError: `row` has a later status.
    """
    status = SchoolProgrammeStatus(row["status"])
    if status in EDITABLE:
        return
    name = STATUS_NAMES[status]
    raise SchoolProgrammeNotEditableError(
        Text(
            f"Программа школы {row['id']}: {name.ru}. Её меняют, пока она черновик или "
            "возвращена на доработку.",
            f"The school's programme {row['id']} is {name.en}. It is changed while it "
            "is a draft, or once it is returned.",
        )
    )


def require_in_progress(status: SchoolProgrammeStatus) -> None:
    """Refuse to report on a programme that is not being carried out.

    Raises:
        SchoolProgrammeWrongStateError: it is not.
    """
    if status is not SchoolProgrammeStatus.IN_PROGRESS:
        name = STATUS_NAMES[status]
        raise SchoolProgrammeWrongStateError(
            Text(
                f"Программа школы: {name.ru}. О выполнении мероприятий сообщают, пока "
                "она выполняется.",
                f"The school's programme is {name.en}. Measures are reported while it "
                "is in progress.",
            )
        )


def require_started(starts_on: date, today: date) -> None:
    """Refuse to begin before the programme's first day.

    Raises:
        SchoolProgrammeNotBegunError: it is still to come.
    """
    if today < starts_on:
        raise SchoolProgrammeNotBegunError(
            Text(
                f"Программа начинается {starts_on}, а сегодня {today}.",
                f"The programme begins on {starts_on}, and today is {today}.",
            )
        )
