"""Amending a programme by an order, and what was in force on an earlier day.

A programme's state is what an order can change: its period, measures, indicators and
targets. Each change is kept as a difference with old and new values, so that later ones
can be taken back.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from shared.domain.amendment_errors import UnfitChangeError
from shared.domain.errors import Text
from shared.domain.indicator_amendments import (
    add_indicator,
    indicator_in_force,
    require_range,
    withdraw_indicator,
)
from shared.domain.programme_state import (
    INDICATOR_FIELDS,
    MEASURE_FIELDS,
    PERIOD_FIELDS,
    TARGET_FIELDS,
    ChangeKind,
    Difference,
    ProgrammeState,
)


def apply_change(
    state: ProgrammeState, change: Mapping[str, Any], *, order_on: date
) -> list[Difference]:
    """Change the state and return what became different, parts before the whole.

    Raises:
        UnfitChangeError: it names what the programme has not, or changes nothing.
    """
    made: list[Difference]
    match ChangeKind(change["kind"]):
        case ChangeKind.ADD_MEASURE:
            made = [_add_measure(state, change["measure"])]
        case ChangeKind.REPLACE_MEASURE:
            made = [_replace_measure(state, change)]
        case ChangeKind.WITHDRAW_MEASURE:
            made = list(_withdraw_measure(state, change["key"], order_on))
        case ChangeKind.ADD_INDICATOR:
            made = list(add_indicator(state, change["indicator"], order_on))
        case ChangeKind.WITHDRAW_INDICATOR:
            made = [withdraw_indicator(state, change["code"], order_on)]
        case ChangeKind.CHANGE_TARGET:
            made = [_change_target(state, change)]
        case ChangeKind.CHANGE_INDICATOR:
            made = [_change_indicator(state, change)]
        case ChangeKind.CHANGE_PERIOD:
            made = [_change_period(state, change)]
    return made


def _in_force(state: ProgrammeState, key: str, column: str) -> dict[str, Any]:
    measure = state.measures.get(key)
    if measure is None or measure["withdrawn_on"] is not None:
        raise UnfitChangeError(
            column,
            Text(
                f"Действующего мероприятия «{key}» в программе нет.",
                f"The programme has no measure '{key}' in force.",
            ),
            key,
        )
    return measure


def _add_measure(state: ProgrammeState, measure: Mapping[str, Any]) -> Difference:
    key = measure["key"]
    if key in state.measures:
        raise UnfitChangeError(
            "measure.key",
            Text(
                f"Мероприятие «{key}» уже есть или было: дайте другой ключ.",
                f"There is, or was, a measure '{key}': give another key.",
            ),
            key,
        )
    if measure["parent"] is not None:
        _in_force(state, measure["parent"], "measure.parent")
    state.measures[key] = {**measure, "withdrawn_on": None}
    shown = ("key", "parent", "plan", *MEASURE_FIELDS)
    changes = {
        name: [None, measure[name]] for name in shown if measure[name] is not None
    }
    return Difference(ChangeKind.ADD_MEASURE, key, _name_of(measure), changes)


def _replace_measure(state: ProgrammeState, change: Mapping[str, Any]) -> Difference:
    measure = _in_force(state, change["key"], "key")
    title = _name_of(measure)
    changes = _assign(measure, change["measure"], MEASURE_FIELDS, "measure")
    return Difference(ChangeKind.REPLACE_MEASURE, change["key"], title, changes)


def _withdraw_measure(
    state: ProgrammeState, key: str, order_on: date
) -> Iterator[Difference]:
    """Withdraw a measure with all that stand under it."""
    measure = _in_force(state, key, "key")
    for other, below in list(state.measures.items()):
        if below["parent"] == key and below["withdrawn_on"] is None:
            yield from _withdraw_measure(state, other, order_on)
    measure["withdrawn_on"] = order_on
    changes = {"withdrawn_on": [None, order_on]}
    yield Difference(ChangeKind.WITHDRAW_MEASURE, key, _name_of(measure), changes)


def _change_target(state: ProgrammeState, change: Mapping[str, Any]) -> Difference:
    code, year = change["indicator"], change["year"]
    indicator = indicator_in_force(state, code, "indicator")
    require_range(change, "low")
    target = state.targets.setdefault((code, year), dict.fromkeys(TARGET_FIELDS))
    changes = _assign(target, change, TARGET_FIELDS, "low")
    title = f"{indicator['title']}, {year}"
    return Difference(ChangeKind.CHANGE_TARGET, f"{code}:{year}", title, changes)


def _change_indicator(state: ProgrammeState, change: Mapping[str, Any]) -> Difference:
    code = change["code"]
    indicator = indicator_in_force(state, code, "code")
    title = indicator["title"]
    changes = _assign(indicator, change["indicator"], INDICATOR_FIELDS, "indicator")
    return Difference(ChangeKind.CHANGE_INDICATOR, code, title, changes)


def _change_period(state: ProgrammeState, change: Mapping[str, Any]) -> Difference:
    changes = _assign(state.period, change, PERIOD_FIELDS, "starts_on")
    starts_on, ends_on = state.period["starts_on"], state.period["ends_on"]
    if starts_on >= ends_on:
        raise UnfitChangeError(
            "ends_on",
            Text(
                f"Программа кончается {ends_on}, не позже начала {starts_on}.",
                f"The programme ends on {ends_on}, not after it starts on {starts_on}.",
            ),
            ends_on,
        )
    return Difference(ChangeKind.CHANGE_PERIOD, "", "", changes)


def _assign(
    thing: dict[str, Any], wanted: Mapping[str, Any], fields: Iterable[str], column: str
) -> dict[str, list[Any]]:
    """Set the fields that are given and differ; return old and new of each."""
    changes = {
        name: [thing[name], wanted[name]]
        for name in fields
        if name in wanted and wanted[name] != thing[name]
    }
    if not changes:
        raise UnfitChangeError(
            column,
            Text(
                "Изменение ничего не меняет: всё уже так и записано.",
                "The change alters nothing: it is written like that already.",
            ),
        )
    thing.update({name: values[1] for name, values in changes.items()})
    return changes


def _name_of(measure: Mapping[str, Any]) -> str:
    return f"{measure['number']} {measure['title']}"
