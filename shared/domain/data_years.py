"""The data of an academic year: open, handed in by the school, accepted, locked.

A school submits its year; the municipality accepts it, or returns it with a comment,
and locks it by an order. An order with a reason unlocks it again.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.domain.errors import ConflictError, InvalidInputError, Text
from shared.domain.periods import AcademicYear


class YearState(StrEnum):
    """How far the data of a year are; `UNLOCKED` is open again after a lock."""

    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    LOCKED = "locked"
    UNLOCKED = "unlocked"


class YearStep(StrEnum):
    """What leads from one state to the next."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"
    LOCK = "lock"
    UNLOCK = "unlock"


WRITABLE: Final = frozenset({YearState.OPEN, YearState.RETURNED, YearState.UNLOCKED})

# A year may be locked whatever the school has done with it: time does not wait.
_AFTER: Final[Mapping[YearStep, tuple[frozenset[YearState], YearState]]] = (
    MappingProxyType(
        {
            YearStep.SUBMIT: (WRITABLE, YearState.SUBMITTED),
            YearStep.ACCEPT: (frozenset({YearState.SUBMITTED}), YearState.ACCEPTED),
            YearStep.RETURN: (
                frozenset({YearState.SUBMITTED, YearState.ACCEPTED}),
                YearState.RETURNED,
            ),
            YearStep.LOCK: (
                frozenset(YearState) - {YearState.LOCKED},
                YearState.LOCKED,
            ),
            YearStep.UNLOCK: (frozenset({YearState.LOCKED}), YearState.UNLOCKED),
        }
    )
)

_STATE_NAMES: Final = {
    YearState.OPEN: Text("данные вносятся", "open"),
    YearState.SUBMITTED: Text("данные сданы на проверку", "submitted"),
    YearState.RETURNED: Text("данные возвращены на доработку", "returned"),
    YearState.ACCEPTED: Text("данные приняты", "accepted"),
    YearState.LOCKED: Text("данные закрыты приказом", "locked"),
    YearState.UNLOCKED: Text("данные открыты приказом", "unlocked"),
}


class YearWrongStateError(ConflictError):
    """The step does not exist in the year's present state."""

    code = "year_wrong_state"
    title = Text("Шаг сейчас невозможен", "Not possible in the present state")


class YearNotBegunError(InvalidInputError):
    """The academic year has not begun yet."""

    code = "year_not_begun"
    title = Text("Учебный год ещё не начался", "The academic year has not begun")


class YearLockedError(ConflictError):
    """The data of the year are locked; correcting them needs a right and a reason."""

    code = "year_locked"
    title = Text("Данные года закрыты", "The data of the year are locked")


class YearSubmittedError(ConflictError):
    """The school has handed the year in; until it is returned it does not change."""

    code = "year_submitted"
    title = Text("Данные года сданы", "The data of the year were submitted")


# What any write to data of a year may be answered.
CLOSED_YEAR_ERRORS: Final = (YearLockedError, YearSubmittedError)


def take_step(state: YearState, step: YearStep) -> YearState:
    """Return the state that the step leads to.

    Raises:
        YearWrongStateError: there is no such step from `state`.
    """
    possible, after = _AFTER[step]
    if state in possible:
        return after
    steps = possible_steps(state)
    listed = ", ".join(steps)
    name = _STATE_NAMES[state]
    raise YearWrongStateError(
        Text(
            f"Состояние года: {name.ru}; шаг «{step}» сейчас невозможен. Сейчас "
            f"можно: {listed}.",
            f"The year is {name.en}; the step '{step}' is not possible now. Possible "
            f"now: {listed}.",
        )
    )


def possible_steps(state: YearState) -> tuple[YearStep, ...]:
    """Return the steps that exist in `state`."""
    return tuple(step for step in YearStep if state in _AFTER[step][0])


def effective_state(own: YearState | None, whole: YearState | None) -> YearState:
    """Return the state of a school's year.

    `own` is what was last done with the school's, `whole` with the municipality's as
    a whole: it counts for a school that nothing has been done with, one founded since.
    """
    return own or whole or YearState.OPEN


def require_begun(year: AcademicYear, current: AcademicYear) -> None:
    """Refuse a step in a year that is still to come.

    Raises:
        YearNotBegunError: it begins after `current`.
    """
    if year <= current:
        return
    raise YearNotBegunError(
        Text(
            f"{year} учебный год ещё не начался. Сейчас идёт {current}.",
            f"The academic year {year} has not begun. The present one is {current}.",
        )
    )


def check_writable(
    year: AcademicYear,
    states: Collection[YearState],
    *,
    reason: str | None,
    may_correct: bool,
) -> None:
    """Let data of the year be changed, or say what is missing.

    An open year is free. A closed one is changed with a reason, and only by whoever
    has the permission `years:correct`.

    Raises:
        YearLockedError: one of `states` is locked.
        YearSubmittedError: one of them is submitted or accepted.
    """
    closed = sorted(set(states) - WRITABLE)
    if not closed or (may_correct and reason):
        return
    if YearState.LOCKED in closed:
        raise YearLockedError(
            why_closed(year, YearState.LOCKED, may_correct=may_correct)
        )
    raise YearSubmittedError(why_closed(year, closed[0], may_correct=may_correct))


def why_closed(year: AcademicYear, state: YearState, *, may_correct: bool) -> Text:
    """Say that data of the year are not changed, and what would change that."""
    name = _STATE_NAMES[state]
    if may_correct:
        remedy = Text(
            "Чтобы исправить данные, укажите причину в адресе: ?reason=….",
            "To correct them, give a reason in the address: ?reason=….",
        )
    elif state is YearState.LOCKED:
        remedy = Text(
            "Исправить их может только тот, у кого есть право «years:correct», указав "
            "причину (reason), или попросите координатора открыть год приказом.",
            "Only someone with the permission 'years:correct' may correct them, giving "
            "a reason (reason); or ask the coordinator to unlock the year by an order.",
        )
    else:
        remedy = Text(
            "Чтобы исправить их, попросите координатора вернуть данные на доработку.",
            "To correct them, ask the coordinator to return them.",
        )
    return Text(
        f"{year} учебный год: {name.ru}. Ничего не изменено. {remedy.ru}",
        f"The data of {year} are {name.en}. Nothing was changed. {remedy.en}",
    )
