"""Amending a programme by an order, and what was in force on an earlier day.

A programme's state is what an order can change: its period, measures, indicators and
targets. Each change is kept as a difference with old and new values, so that later ones
can be taken back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from shared.domain.amendment_errors import UnfitChangeError
from shared.domain.errors import Text

MEASURE_FIELDS: Final = (
    "number",
    "block",
    "title",
    "term_text",
    "responsible_text",
    "parties",
    "expected_result",
)
INDICATOR_FIELDS: Final = ("title", "unit", "direction", "heading", "target_text")
TARGET_FIELDS: Final = ("low", "high", "text")
PERIOD_FIELDS: Final = ("starts_on", "ends_on", "period_text")


class ChangeKind(StrEnum):
    """What an order does to a programme."""

    ADD_MEASURE = "add_measure"
    REPLACE_MEASURE = "replace_measure"
    WITHDRAW_MEASURE = "withdraw_measure"
    CHANGE_TARGET = "change_target"
    CHANGE_INDICATOR = "change_indicator"
    CHANGE_PERIOD = "change_period"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed; `title` is what people call it."""

    kind: ChangeKind
    subject: str
    title: str
    changes: Mapping[str, Sequence[Any]]


@dataclass(slots=True)
class ProgrammeState:
    """What orders change. Measures that were withdrawn have a day in `withdrawn_on`.

    Measures have their key, indicators their code, targets a code and a year.
    """

    period: dict[str, Any]
    measures: dict[str, dict[str, Any]]
    indicators: dict[str, dict[str, Any]]
    targets: dict[tuple[str, int], dict[str, Any]]

    def is_in_force(self, on: date) -> bool:
        """Return whether a day lies in the period, its last day included."""
        begins: date = self.period["starts_on"]
        ends: date = self.period["ends_on"]
        return begins <= on <= ends


def apply_change(
    state: ProgrammeState, change: Mapping[str, Any], *, order_on: date
) -> list[Difference]:
    """Change the state and return what became different, parts before the whole.

    Raises:
        UnfitChangeError: it names what the programme has not, or changes nothing.
    """
    match ChangeKind(change["kind"]):
        case ChangeKind.ADD_MEASURE:
            return [_add_measure(state, change["measure"])]
        case ChangeKind.REPLACE_MEASURE:
            return [_replace_measure(state, change)]
        case ChangeKind.WITHDRAW_MEASURE:
            return list(_withdraw_measure(state, change["key"], order_on))
        case ChangeKind.CHANGE_TARGET:
            return [_change_target(state, change)]
        case ChangeKind.CHANGE_INDICATOR:
            return [_change_indicator(state, change)]
        case ChangeKind.CHANGE_PERIOD:
            return [_change_period(state, change)]


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
    indicator = _indicator(state, code, "indicator")
    if change["low"] > change["high"]:
        low, high = change["low"], change["high"]
        raise UnfitChangeError(
            "low",
            Text(
                f"Нижняя граница {low} больше верхней {high}.",
                f"The lower bound {low} exceeds the upper {high}.",
            ),
            low,
        )
    target = state.targets.setdefault((code, year), dict.fromkeys(TARGET_FIELDS))
    changes = _assign(target, change, TARGET_FIELDS, "low")
    title = f"{indicator['title']}, {year}"
    return Difference(ChangeKind.CHANGE_TARGET, f"{code}:{year}", title, changes)


def _change_indicator(state: ProgrammeState, change: Mapping[str, Any]) -> Difference:
    code = change["code"]
    indicator = _indicator(state, code, "code")
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


def _indicator(state: ProgrammeState, code: str, column: str) -> dict[str, Any]:
    if code not in state.indicators:
        known = ", ".join(sorted(state.indicators))
        raise UnfitChangeError(
            column,
            Text(
                f"Показателя «{code}» в программе нет. Есть: {known}.",
                f"The programme has no indicator '{code}'. It has: {known}.",
            ),
            code,
        )
    return state.indicators[code]


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
