"""Deadlines: what is owed by a day, of whichever kind, and the steps of its life.

open → submitted → done, or returned and submitted again. What has a record of its own
that tells how far it is (an answer, a programme, a year's data) follows that record.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.domain.errors import ConflictError, Text


class DeadlineKind(StrEnum):
    """What is owed: part of the key of a deadline, so names never change."""

    MEASURE = "measure"
    AGREEMENT_PLAN = "agreement_plan"
    AGREEMENT_RENEWAL = "agreement_renewal"
    SCHOOL_PROGRAMME = "school_programme"
    ANTI_RISK_PROGRAMME = "anti_risk_programme"
    RECOMMENDATION = "recommendation"
    DATA_YEAR = "data_year"
    CONTACT_CONFIRMATION = "contact_confirmation"


class DeadlineState(StrEnum):
    """How far it is; `PAST` lay before its programme began and was never owed."""

    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    DONE = "done"
    PAST = "past"
    WITHDRAWN = "withdrawn"


class DeadlineStep(StrEnum):
    """What people do with a deadline that follows no record."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"


# Reminded of, and overdue once the day has passed; what is submitted waits for the
# coordinator instead.
OWED: Final = frozenset({DeadlineState.OPEN, DeadlineState.RETURNED})

# How each kind is met that has a record of its own.
MET_BY: Final[Mapping[DeadlineKind, str]] = MappingProxyType(
    {
        DeadlineKind.AGREEMENT_RENEWAL: (
            "POST /v1/mentoring-agreements/{id}/transitions"
        ),
        DeadlineKind.SCHOOL_PROGRAMME: (
            "POST /v1/school-programmes/{id}/submit, …/complete"
        ),
        DeadlineKind.ANTI_RISK_PROGRAMME: "PUT /v1/anti-risk-programmes/{id}",
        DeadlineKind.RECOMMENDATION: "POST /v1/recommendations/{id}/answer",
        DeadlineKind.DATA_YEAR: (
            "POST /v1/schools/{school_id}/data-years/{academic_year}/submit"
        ),
        DeadlineKind.CONTACT_CONFIRMATION: (
            "PUT /v1/schools/{school_id}/contact-confirmations/{academic_year}"
        ),
    }
)

_WAITING: Final = frozenset({DeadlineState.SUBMITTED})
_AFTER: Final[Mapping[DeadlineStep, tuple[frozenset[DeadlineState], DeadlineState]]] = (
    MappingProxyType(
        {
            DeadlineStep.SUBMIT: (OWED, DeadlineState.SUBMITTED),
            DeadlineStep.ACCEPT: (_WAITING, DeadlineState.DONE),
            DeadlineStep.RETURN: (_WAITING, DeadlineState.RETURNED),
        }
    )
)
_NAMES: Final[Mapping[DeadlineState, Text]] = MappingProxyType(
    {
        DeadlineState.OPEN: Text("ждёт отчёта", "awaiting a report"),
        DeadlineState.SUBMITTED: Text("отчёт на проверке", "submitted"),
        DeadlineState.RETURNED: Text("отчёт возвращён", "returned"),
        DeadlineState.DONE: Text("выполнено", "done"),
        DeadlineState.PAST: Text("до начала программы", "before its programme"),
        DeadlineState.WITHDRAWN: Text("снято", "withdrawn"),
    }
)


class DeadlineWrongStateError(ConflictError):
    """The step does not exist in the deadline's present state."""

    code = "deadline_wrong_state"
    title = Text("Шаг сейчас невозможен", "Not possible in the present state")


class DeadlineFollowsRecordError(ConflictError):
    """The deadline is met by what is done with the record that asks for it."""

    code = "deadline_follows_record"
    title = Text("Срок закрывает сама запись", "The deadline follows its record")


def take_step(
    state: DeadlineState, step: DeadlineStep, *, kind: DeadlineKind
) -> DeadlineState:
    """Return the state that the step leads to.

    Raises:
        DeadlineFollowsRecordError: deadlines of this kind are met otherwise.
        DeadlineWrongStateError: there is no such step from `state`.
    """
    if kind in MET_BY:
        raise DeadlineFollowsRecordError(
            Text(
                f"Отчёт здесь не сдают: срок закроется сам после {MET_BY[kind]}.",
                "No report is handed in here: the deadline is met by "
                f"{MET_BY[kind]} itself.",
            )
        )
    possible, after = _AFTER[step]
    if state in possible:
        return after
    listed = ", ".join(possible_steps(state, kind=kind))
    name = _NAMES[state]
    raise DeadlineWrongStateError(
        Text(
            f"Срок: {name.ru}; шаг «{step}» сейчас невозможен. Сейчас можно: "
            f"{listed or 'ничего'}.",
            f"The deadline is {name.en}; the step '{step}' is not possible now. "
            f"Possible now: {listed or 'nothing'}.",
        )
    )


def possible_steps(
    state: DeadlineState, *, kind: DeadlineKind
) -> tuple[DeadlineStep, ...]:
    """Return the steps that exist in `state`."""
    if kind in MET_BY:
        return ()
    return tuple(step for step in DeadlineStep if state in _AFTER[step][0])


def handed_in(
    state: DeadlineState, *, kind: DeadlineKind, is_municipal: bool
) -> DeadlineState:
    """Return the state after a report.

    Nobody stands above the municipality, so that its own report closes the deadline.
    """
    after = take_step(state, DeadlineStep.SUBMIT, kind=kind)
    if is_municipal:
        return take_step(after, DeadlineStep.ACCEPT, kind=kind)
    return after
