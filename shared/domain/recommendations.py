"""Recommendations to schools: issued, answered, and accepted or returned."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from shared.domain.errors import ConflictError, Text


class RecommendationStatus(StrEnum):
    """Whose turn it is; `RETURNED` waits for another answer."""

    ISSUED = "issued"
    ANSWERED = "answered"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class RecommendationStep(StrEnum):
    """What leads from one status to the next."""

    ANSWER = "answer"
    RETURN = "return"
    ACCEPT = "accept"


# The school still owes an answer; past its due date it is overdue.
AWAITING: Final = frozenset(
    {RecommendationStatus.ISSUED, RecommendationStatus.RETURNED}
)

_AFTER: Final[
    Mapping[
        RecommendationStep, tuple[frozenset[RecommendationStatus], RecommendationStatus]
    ]
] = MappingProxyType(
    {
        RecommendationStep.ANSWER: (AWAITING, RecommendationStatus.ANSWERED),
        RecommendationStep.RETURN: (
            frozenset({RecommendationStatus.ANSWERED}),
            RecommendationStatus.RETURNED,
        ),
        RecommendationStep.ACCEPT: (
            frozenset({RecommendationStatus.ANSWERED}),
            RecommendationStatus.ACCEPTED,
        ),
    }
)

_NAMES: Final[Mapping[RecommendationStatus, Text]] = MappingProxyType(
    {
        RecommendationStatus.ISSUED: Text("ждёт ответа школы", "awaiting an answer"),
        RecommendationStatus.ANSWERED: Text("школа ответила", "answered"),
        RecommendationStatus.RETURNED: Text("ответ возвращён", "returned"),
        RecommendationStatus.ACCEPTED: Text("ответ принят", "accepted"),
    }
)


class RecommendationWrongStateError(ConflictError):
    """The step does not exist in the recommendation's present status."""

    code = "recommendation_wrong_state"
    title = Text("Шаг сейчас невозможен", "Not possible in the present status")


class RecommendationAnsweredError(ConflictError):
    """The school has answered it already; what it answered to stays as it was."""

    code = "recommendation_answered"
    title = Text("Школа уже ответила", "The school has answered already")


def take_step(
    status: RecommendationStatus, step: RecommendationStep
) -> RecommendationStatus:
    """Return the status that the step leads to.

    Raises:
        RecommendationWrongStateError: there is no such step from `status`.
    """
    possible, after = _AFTER[step]
    if status in possible:
        return after
    listed = ", ".join(possible_steps(status))
    name = _NAMES[status]
    raise RecommendationWrongStateError(
        Text(
            f"Рекомендация: {name.ru}; шаг «{step}» сейчас невозможен. Сейчас можно: "
            f"{listed or 'ничего, она закрыта'}.",
            f"The recommendation is {name.en}; the step '{step}' is not possible now. "
            f"Possible now: {listed or 'nothing, it is closed'}.",
        )
    )


def possible_steps(status: RecommendationStatus) -> tuple[RecommendationStep, ...]:
    """Return the steps that exist in `status`."""
    return tuple(step for step in RecommendationStep if status in _AFTER[step][0])


def require_unanswered(row: Mapping[str, Any]) -> None:
    """Refuse to change what a school has answered to.

    Raises:
        RecommendationAnsweredError: `row` has been answered, once at least.
    """
    if row["status"] == RecommendationStatus.ISSUED:
        return
    raise RecommendationAnsweredError(
        Text(
            f"На рекомендацию {row['id']} школа уже ответила: она не меняется. "
            "Верните ответ или дайте новую рекомендацию.",
            f"The school has answered the recommendation {row['id']} already: it does "
            "not change. Return the answer, or issue a new recommendation.",
        )
    )
