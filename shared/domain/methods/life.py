"""The life of a method: drafted, approved by an order, in force, withdrawn."""

from datetime import date
from enum import StrEnum
from typing import Final

from shared.domain.errors import ConflictError, Text
from shared.domain.methods.slots import MethodPlace
from shared.domain.periods import AcademicYear


class MethodState(StrEnum):
    """How far a method is; when and where it is in force its periods say."""

    DRAFT = "draft"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class MethodStep(StrEnum):
    """What can be done with a method as a whole."""

    REPLACE = "replace"
    DISCARD = "discard"
    APPROVE = "approve"
    COPY = "copy"
    PUT_INTO_FORCE = "put_into_force"
    WITHDRAW = "withdraw"


class MethodWrongStateError(ConflictError):
    """The method is not in a state in which this can be done."""

    code = "method_wrong_state"
    title = Text("Методика в другом состоянии", "The method is in another state")


class MethodInForceError(ConflictError):
    """The method is in force this year or later, so it cannot be withdrawn yet."""

    code = "method_in_force"
    title = Text("Методика действует", "The method is in force")


class MethodExistsError(ConflictError):
    """There is a method with this code, of the same owner or of one above it."""

    code = "method_exists"
    title = Text("Такая методика уже есть", "There is such a method already")


class MethodPeriodOverlapsError(ConflictError):
    """Another method is in force in this place in some of these years."""

    code = "method_period_overlaps"
    title = Text("Период занят другой методикой", "Another method has this period")


_DRAFTS: Final = frozenset({MethodState.DRAFT})
_ALLOWED: Final = {
    MethodStep.REPLACE: _DRAFTS,
    MethodStep.DISCARD: _DRAFTS,
    MethodStep.APPROVE: _DRAFTS,
    MethodStep.COPY: frozenset({MethodState.APPROVED, MethodState.WITHDRAWN}),
    MethodStep.PUT_INTO_FORCE: frozenset({MethodState.APPROVED}),
    MethodStep.WITHDRAW: frozenset({MethodState.APPROVED}),
}
_HOW: Final = {
    MethodState.DRAFT: Text(
        "это проект: измените его (PUT), утвердите или удалите",
        "it is a draft: change it (PUT), approve it or discard it",
    ),
    MethodState.APPROVED: Text(
        "она утверждена и больше не меняется: снимите с неё новую версию",
        "it is approved and does not change any more: copy it to a new version",
    ),
    MethodState.WITHDRAWN: Text(
        "она отменена: снимите с неё новую версию",
        "it is withdrawn: copy it to a new version",
    ),
}


def require_possible(state: MethodState, step: MethodStep) -> None:
    """Refuse a step that a method in this state does not allow.

    Raises:
        MethodWrongStateError: it does not; the detail says what can be done.
    """
    if state in _ALLOWED[step]:
        return
    how = _HOW[state]
    raise MethodWrongStateError(
        Text(
            f"С методикой этого сделать нельзя: {how.ru}.",
            f"This cannot be done with the method: {how.en}.",
        )
    )


def is_over(valid_to: int | None, today: date) -> bool:
    """Tell whether a period ended before the academic year that `today` is in."""
    return valid_to is not None and valid_to < AcademicYear.of(today).start


def may_hold_in(
    owner: MethodPlace, place: MethodPlace, region_of_place: int | None
) -> bool:
    """Tell whether a method of `owner` can be in force in `place`.

    `region_of_place` is the region of the municipality, if the place is one.
    """
    if owner.is_everywhere or owner == place:
        return True
    return owner.region_id is not None and owner.region_id == region_of_place
