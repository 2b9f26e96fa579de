"""What a programme was before orders amended it."""

from collections.abc import Iterable
from copy import deepcopy
from datetime import date
from typing import Any

from shared.domain.programme_state import ChangeKind, Difference, ProgrammeState


def undone(state: ProgrammeState, later: Iterable[Difference]) -> ProgrammeState:
    """Return the state before `later`, which are given newest first."""
    before = deepcopy(state)
    for difference in later:
        _undo(before, difference)
    return before


def _undo(state: ProgrammeState, difference: Difference) -> None:
    old = {name: values[0] for name, values in difference.changes.items()}
    match difference.kind:
        case ChangeKind.ADD_MEASURE:
            del state.measures[difference.subject]
        case ChangeKind.REPLACE_MEASURE | ChangeKind.WITHDRAW_MEASURE:
            state.measures[difference.subject].update(old)
        case ChangeKind.ADD_INDICATOR:
            del state.indicators[difference.subject]
        case ChangeKind.CHANGE_INDICATOR | ChangeKind.WITHDRAW_INDICATOR:
            state.indicators[difference.subject].update(old)
        case ChangeKind.CHANGE_PERIOD:
            state.period.update({name: _day(value) for name, value in old.items()})
        case ChangeKind.CHANGE_TARGET:
            code, _, year = difference.subject.rpartition(":")
            if old.get("low", 0) is None:
                del state.targets[code, int(year)]
            else:
                state.targets[code, int(year)].update(old)


def _day(value: Any) -> Any:
    """Return a kept date as a date; other words as they are."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return value
