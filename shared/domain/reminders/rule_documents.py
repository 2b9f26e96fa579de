"""Reading reminder rules from YAML files and request bodies, and writing them out."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.provenance import ProvenanceKind
from shared.domain.reminders.rules import (
    PARTS,
    Audience,
    Escalation,
    ReminderRule,
    Repeats,
    RuleChange,
    RuleSet,
)

MAX_DAYS = 366
MOST_RULES = 20
ESCALATED_TO = (Audience.DIRECTOR, Audience.COORDINATOR, Audience.HEAD)
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Codes that reminders without a code of their own are kept under.
_RESERVED = re.compile(r"(overdue|review|to|snoozed|nobody)_.*")


class ReminderRulesError(InvalidInputError):
    """A set of reminder rules contradicts itself or is incomplete."""

    code = "reminder_rules_invalid"
    title = Text("Правила напоминаний не приняты", "The reminder rules are not valid")

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            Text(
                "Исправьте правила напоминаний: "
                + "; ".join(fault.reason.ru for fault in faults),
                "Correct the reminder rules: "
                + "; ".join(fault.reason.en for fault in faults),
            ),
            faults=faults,
        )


def read_change(document: object) -> RuleChange:
    """Read rules from a parsed document; parts that it lacks are inherited.

    Raises:
        ReminderRulesError: With every fault found; `Fault.row` counts the entries.
    """
    fields = document if isinstance(document, Mapping) else {}
    faults: list[Fault] = _unknown_keys(fields, {"provenance", *PARTS}, row=None)
    if not any(part in fields for part in PARTS):
        parts = ", ".join(PARTS)
        ru, en = f"нужно хотя бы одно из: {parts}", f"at least one of: {parts}"
        faults.append(_fault("rules", None, ru, en))
    provenance = _provenance(fields.get("provenance"), faults)
    rules = _rules(fields["rules"], faults) if "rules" in fields else None
    steps = _steps(fields["escalation"], faults) if "escalation" in fields else None
    repeats = {
        part: _repeats(part, fields[part], faults)
        for part in ("overdue", "review")
        if part in fields
    }
    if faults or provenance is None:
        raise ReminderRulesError(faults)
    return RuleChange(
        provenance=provenance,
        rules=None if rules is None else tuple(rules),
        escalation=None if steps is None else tuple(steps),
        **repeats,
    )


def read_rule_set(document: object) -> tuple[RuleSet, ProvenanceKind]:
    """Read rules that lack nothing, such as ``deploy/reminders/default.yaml``.

    Raises:
        ReminderRulesError: A part is missing or wrong.
    """
    change = read_change(document)
    if (
        change.rules is None
        or change.overdue is None
        or change.escalation is None
        or change.review is None
    ):
        missing = [part for part in PARTS if getattr(change, part) is None]
        raise ReminderRulesError(
            [_fault(part, None, "нужно указать", "is missing") for part in missing]
        )
    rules = RuleSet(
        rules=change.rules,
        overdue=change.overdue,
        escalation=change.escalation,
        review=change.review,
    )
    return rules, change.provenance


def written(rules: RuleSet | RuleChange) -> dict[str, Any]:
    """Return the document that `rules` are read from; what is inherited is left out."""
    document: dict[str, Any] = {}
    if isinstance(rules, RuleChange):
        document["provenance"] = rules.provenance.value
    if rules.rules is not None:
        document["rules"] = [
            {"code": each.code, "days_before": each.days_before} for each in rules.rules
        ]
    if rules.escalation is not None:
        document["escalation"] = [
            {"to": each.to.value, "after": each.after} for each in rules.escalation
        ]
    for part in ("overdue", "review"):
        repeats: Repeats | None = getattr(rules, part)
        if repeats is not None:
            document[part] = {"every": repeats.every, "last": repeats.last}
    return document


def _provenance(value: object, faults: list[Fault]) -> ProvenanceKind | None:
    if isinstance(value, str) and value in set(ProvenanceKind):
        return ProvenanceKind(value)
    allowed = ", ".join(ProvenanceKind)
    faults.append(
        _fault("provenance", value, f"нужно одно из: {allowed}", f"one of: {allowed}")
    )
    return None


def _entries(column: str, value: object, faults: list[Fault]) -> Sequence[object]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        if len(value) <= MOST_RULES:
            return value
        ru, en = f"не больше {MOST_RULES}", f"at most {MOST_RULES}"
    else:
        ru, en = "нужен список", "must be a list"
    faults.append(_fault(column, None, ru, en))
    return ()


def _rules(value: object, faults: list[Fault]) -> list[ReminderRule]:
    entries = _entries("rules", value, faults)
    if not entries and not faults:
        ru, en = "нужен непустой список", "must be a non-empty list"
        faults.append(_fault("rules", None, ru, en))
    rules = [
        rule
        for row, entry in enumerate(entries, start=1)
        if (rule := _rule(entry, row, faults)) is not None
    ]
    faults.extend(_repeated("code", [rule.code for rule in rules]))
    faults.extend(_repeated("days_before", [rule.days_before for rule in rules]))
    return sorted(rules, key=lambda rule: -rule.days_before)


def _rule(entry: object, row: int, faults: list[Fault]) -> ReminderRule | None:
    fields = entry if isinstance(entry, Mapping) else {}
    found = _unknown_keys(fields, {"code", "days_before"}, row=row)
    code = fields.get("code")
    if not isinstance(code, str) or _CODE.fullmatch(code) is None:
        ru, en = "нужны латинские строчные буквы, цифры и _", "use a-z, 0-9 and _"
        found.append(_fault("code", code, ru, en, row=row))
    elif _RESERVED.fullmatch(code):
        found.append(_fault("code", code, "занято системой", "is reserved", row=row))
    days = _number("days_before", fields.get("days_before"), found, row=row)
    faults.extend(found)
    if found or not isinstance(code, str):
        return None
    return ReminderRule(code=code, days_before=days)


def _steps(value: object, faults: list[Fault]) -> list[Escalation]:
    found: list[Fault] = []
    steps = []
    for row, entry in enumerate(_entries("escalation", value, found), start=1):
        fields = entry if isinstance(entry, Mapping) else {}
        found += _unknown_keys(fields, {"to", "after"}, row=row)
        to = fields.get("to")
        after = _number("after", fields.get("after"), found, row=row, least=1)
        if to in ESCALATED_TO:
            steps.append(Escalation(to=Audience(str(to)), after=after))
        else:
            allowed = ", ".join(ESCALATED_TO)
            ru, en = f"нужно одно из: {allowed}", f"one of: {allowed}"
            found.append(_fault("to", to, ru, en, row=row))
    found += _repeated("to", [step.to for step in steps])
    if not found and not all(_rises(*pair) for pair in pairwise(steps)):
        ru = "каждая ступень выше и позже предыдущей"
        en = "each step is higher and later than the one before"
        found.append(_fault("escalation", None, ru, en))
    faults.extend(found)
    return steps


def _rises(below: Escalation, above: Escalation) -> bool:
    higher = ESCALATED_TO.index(below.to) < ESCALATED_TO.index(above.to)
    return higher and below.after < above.after


def _repeats(part: str, value: object, faults: list[Fault]) -> Repeats:
    fields = value if isinstance(value, Mapping) else {}
    faults += _unknown_keys(fields, {"every", "last"}, row=None)
    every = _number(f"{part}.every", fields.get("every"), faults, least=1)
    last = _number(f"{part}.last", fields.get("last"), faults)
    return Repeats(every=every, last=last)


def _number(
    column: str,
    value: object,
    faults: list[Fault],
    *,
    row: int | None = None,
    least: int = 0,
) -> int:
    # A YAML `yes` is a bool, and a bool is an int.
    if type(value) is int and least <= value <= MAX_DAYS:
        return value
    ru = f"нужно целое число дней от {least} до {MAX_DAYS}"
    en = f"must be a whole number of days from {least} to {MAX_DAYS}"
    faults.append(_fault(column, value, ru, en, row=row))
    return least


def _unknown_keys(
    fields: Mapping[object, object], known: set[str], *, row: int | None
) -> list[Fault]:
    return [
        _fault(str(key), fields[key], "неизвестное поле", "unknown field", row=row)
        for key in fields
        if key not in known
    ]


def _repeated(column: str, values: Sequence[object]) -> list[Fault]:
    return [
        _fault(column, value, "значение повторяется", "is repeated", row=row)
        for row, value in enumerate(values, start=1)
        if value in values[: row - 1]
    ]


def _fault(
    column: str, value: object, ru: str, en: str, *, row: int | None = None
) -> Fault:
    place = f"{column} ({row})" if row is not None else column
    return Fault(
        reason=Text(f"{place}: {ru}", f"{place}: {en}"),
        row=row,
        column=column,
        value=None if value is None else str(value),
    )
