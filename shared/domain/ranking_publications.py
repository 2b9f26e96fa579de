"""Rankings that are published: a draft, objections of schools in a window, an order.

A publication shows one run for ever. Schools may object to its draft from the first
to the last day of a window; it is published once that has passed and every objection
is answered.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.domain.errors import ConflictError, InvalidInputError, Text


class PublicationStatus(StrEnum):
    """How far a publication is; only one of a year is a draft, and one published."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class ObjectionStatus(StrEnum):
    """What became of an objection."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class ObjectedFigure(StrEnum):
    """What a school holds to be wrong."""

    PLACE = "place"
    VALUE = "value"
    PARTICIPANTS = "participants"
    OTHER = "other"


class PublicationWrongStateError(ConflictError):
    """The step does not exist in the publication's present state."""

    code = "publication_wrong_state"
    title = Text("Шаг сейчас невозможен", "Not possible in the present state")


class ObjectionWindowError(ConflictError):
    """The window for objections is closed, or not closed yet."""

    code = "objection_window"
    title = Text("Срок возражений", "The window for objections")


class UnansweredObjectionsError(ConflictError):
    """Objections of schools have no answer yet."""

    code = "objections_unanswered"
    title = Text("Есть возражения без ответа", "Objections are unanswered")


class InvalidWindowError(InvalidInputError):
    """The window for objections ends before it begins, or is over already."""

    code = "invalid_objection_window"
    title = Text("Срок возражений неверен", "The window for objections is wrong")


_STATUS_NAMES: Final[Mapping[PublicationStatus, Text]] = MappingProxyType(
    {
        PublicationStatus.DRAFT: Text("проект", "a draft"),
        PublicationStatus.PUBLISHED: Text("опубликован", "published"),
        PublicationStatus.REPLACED: Text("заменён", "replaced"),
        PublicationStatus.WITHDRAWN: Text("отозван", "withdrawn"),
    }
)


def check_window(first: date, last: date, *, today: date) -> None:
    """Accept a window that schools can still use.

    Raises:
        InvalidWindowError: it ends before it begins, or before today.
    """
    if last < first:
        raise InvalidWindowError(
            Text(
                f"Срок возражений кончается ({last}) раньше, чем начинается ({first}).",
                f"The window for objections ends ({last}) before it begins ({first}).",
            )
        )
    if last < today:
        raise InvalidWindowError(
            Text(
                f"Срок возражений уже прошёл ({last}): школы не успеют возразить.",
                f"The window for objections is over already ({last}): no school could "
                "object.",
            )
        )


def check_objecting(
    status: PublicationStatus, first: date, last: date, *, today: date
) -> None:
    """Accept an objection to a draft on a day of its window.

    Raises:
        PublicationWrongStateError: it is no draft any more.
        ObjectionWindowError: the window has not begun or has passed.
    """
    require(status, PublicationStatus.DRAFT)
    if not first <= today <= last:
        raise ObjectionWindowError(
            Text(
                f"Возражения принимаются с {first} по {last}, сегодня {today}.",
                f"Objections are taken from {first} to {last}; today is {today}.",
            )
        )


def check_publishing(
    status: PublicationStatus, last: date, *, today: date, unanswered: int
) -> None:
    """Accept that a draft is published.

    Raises:
        PublicationWrongStateError: it is no draft any more.
        ObjectionWindowError: schools may still object.
        UnansweredObjectionsError: some objections have no answer.
    """
    require(status, PublicationStatus.DRAFT)
    if today <= last:
        raise ObjectionWindowError(
            Text(
                f"Школы могут возражать по {last}: публикуйте после этого дня.",
                f"Schools may object until {last}: publish after that day.",
            )
        )
    if unanswered:
        raise UnansweredObjectionsError(
            Text(
                f"Без ответа возражений: {unanswered}. Ответьте на каждое.",
                f"{unanswered} objections are unanswered. Answer each of them.",
            )
        )


def require(status: PublicationStatus, *allowed: PublicationStatus) -> None:
    """Accept one of the states that a step exists in.

    Raises:
        PublicationWrongStateError: it is another one.
    """
    if status in allowed:
        return
    name = _STATUS_NAMES[status]
    raise PublicationWrongStateError(
        Text(
            f"Рейтинг сейчас в состоянии «{name.ru}», в нём этот шаг невозможен.",
            f"The ranking is {name.en} now, where this step is not possible.",
        )
    )


def require_open(status: ObjectionStatus) -> None:
    """Accept that an objection is answered once.

    Raises:
        PublicationWrongStateError: it has an answer.
    """
    if status is not ObjectionStatus.OPEN:
        raise PublicationWrongStateError(
            Text(
                "На возражение уже ответили; ответ не меняется.",
                "The objection has been answered; an answer does not change.",
            )
        )
