"""Adding an indicator to a programme by an order, and ending one."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from shared.domain.amendment_errors import UnfitChangeError, UnfitChangesError
from shared.domain.errors import InvalidInputError, Text
from shared.domain.indicator_definitions import SOURCE, define, stored
from shared.domain.programme_state import (
    INDICATOR_FIELDS,
    NEW_INDICATOR_FIELDS,
    TARGET_FIELDS,
    ChangeKind,
    Difference,
    ProgrammeState,
)

_OF_SCHOOLS: Final = "percent_of_schools"


def add_indicator(
    state: ProgrammeState, wanted: Mapping[str, Any], order_on: date
) -> Iterator[Difference]:
    """Add an indicator with its ranges, from the year of the order on.

    Raises:
        UnfitChangesError: with all that does not fit, in a formula with the place.
    """
    code, title = wanted["code"], wanted["title"]
    faults = [*_unfit(state, wanted), *_unfit_targets(state, wanted, order_on)]
    definition, found = _defined(wanted)
    if faults or found:
        raise UnfitChangesError([*faults, *found])
    indicator = {
        **{name: wanted[name] for name in INDICATOR_FIELDS},
        "code": code,
        "task_number": wanted["task"],
        "definition": definition,
        "added_on": order_on,
        "withdrawn_on": None,
    }
    state.indicators[code] = indicator
    shown = (*NEW_INDICATOR_FIELDS, *INDICATOR_FIELDS, "added_on")
    changes = {
        name: [None, indicator[name]] for name in shown if indicator[name] is not None
    }
    yield Difference(ChangeKind.ADD_INDICATOR, code, title, changes)
    for target in wanted["targets"]:
        values = {name: target[name] for name in TARGET_FIELDS}
        state.targets[code, target["year"]] = values
        yield Difference(
            ChangeKind.CHANGE_TARGET,
            f"{code}:{target['year']}",
            f"{title}, {target['year']}",
            {name: [None, value] for name, value in values.items()},
        )


def withdraw_indicator(state: ProgrammeState, code: str, order_on: date) -> Difference:
    """End an indicator: the year of the order is the first without it.

    Raises:
        UnfitChangeError: the programme has none of this code in force.
    """
    indicator = indicator_in_force(state, code, "code")
    indicator["withdrawn_on"] = order_on
    changes = {"withdrawn_on": [None, order_on]}
    return Difference(ChangeKind.WITHDRAW_INDICATOR, code, indicator["title"], changes)


def indicator_in_force(state: ProgrammeState, code: str, column: str) -> dict[str, Any]:
    """Return an indicator that no order has ended.

    Raises:
        UnfitChangeError: there is none; `column` names where it was asked for.
    """
    indicator = state.indicators.get(code)
    if indicator is None or indicator["withdrawn_on"] is not None:
        known = ", ".join(
            sorted(
                other
                for other, each in state.indicators.items()
                if each["withdrawn_on"] is None
            )
        )
        raise UnfitChangeError(
            column,
            Text(
                f"Действующего показателя «{code}» в программе нет. Есть: {known}.",
                f"The programme has no indicator '{code}' in force. It has: {known}.",
            ),
            code,
        )
    return indicator


def require_range(target: Mapping[str, Any], column: str) -> None:
    """Refuse a range that is upside down.

    Raises:
        UnfitChangeError: it is; `column` names its lower end.
    """
    low, high = target["low"], target["high"]
    if low > high:
        raise UnfitChangeError(
            column,
            Text(
                f"Нижняя граница {low} больше верхней {high}.",
                f"The lower bound {low} exceeds the upper {high}.",
            ),
            low,
        )


def _unfit(
    state: ProgrammeState, wanted: Mapping[str, Any]
) -> Iterator[UnfitChangeError]:
    code, task, unit = wanted["code"], wanted["task"], wanted["unit"]
    if code in state.indicators:
        reason = Text(
            f"Показатель «{code}» в программе уже есть или был: дайте другой код.",
            f"The programme has, or had, an indicator '{code}': give another code.",
        )
        yield UnfitChangeError("indicator.code", reason, code)
    if task is not None and task not in state.tasks:
        reason = Text(
            f"В программе нет задачи {task}.", f"The programme has no task {task}."
        )
        yield UnfitChangeError("indicator.task", reason, task)
    if wanted["definition"] is None and code not in state.counted:
        reason = Text(
            f"Как считать «{code}», система не знает: дайте определение.",
            f"The system does not know how to count '{code}': give a definition.",
        )
        yield UnfitChangeError("indicator.definition", reason)
    if wanted["definition"] is not None and unit != _OF_SCHOOLS:
        reason = Text(
            f"По условию считают долю школ: единица {_OF_SCHOOLS}.",
            f"A condition counts a share of schools: the unit is {_OF_SCHOOLS}.",
        )
        yield UnfitChangeError("indicator.unit", reason, unit)


def _unfit_targets(
    state: ProgrammeState, wanted: Mapping[str, Any], order_on: date
) -> Iterator[UnfitChangeError]:
    first = state.year_of(max(order_on, state.period["starts_on"]))
    last = state.year_of(state.period["ends_on"])
    seen: set[int] = set()
    for place, target in enumerate(wanted["targets"]):
        at, year = f"indicator.targets.{place}", target["year"]
        if not first <= year <= last or year in seen:
            reason = Text(
                f"Цель бывает одна на год, с {first} (год приказа) по {last}.",
                f"There is one target a year, from {first}, the order's year, to "
                f"{last}.",
            )
            yield UnfitChangeError(f"{at}.year", reason, year)
        seen.add(year)
        try:
            require_range(target, f"{at}.low")
        except UnfitChangeError as error:
            yield error


def _defined(
    wanted: Mapping[str, Any],
) -> tuple[dict[str, Any] | None, list[UnfitChangeError]]:
    """Return the definition as it is kept, or what is wrong with it."""
    if wanted["definition"] is None:
        return None, []
    rules = dict(wanted["definition"])
    source = rules.pop(SOURCE)
    try:
        indicator = define(wanted["code"], wanted["title"], rules)
    except InvalidInputError as error:
        return None, [
            UnfitChangeError(
                _place_of(fault.column or ""), fault.reason, fault.value, fault.position
            )
            for fault in error.faults
        ]
    return stored(indicator, source), []


def _place_of(column: str) -> str:
    """Return the field of the change that a fault of a definition is in."""
    of_indicator = column == "code" or column.startswith("title")
    return f"indicator.{column}" if of_indicator else f"indicator.definition.{column}"
