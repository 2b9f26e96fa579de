"""Reminder rules: on which days before a deadline a reminder is due."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.provenance import ProvenanceKind

MAX_DAYS_BEFORE = 366
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule:
    """A reminder `days_before` calendar days before the due date; 0 is the day."""

    code: str
    days_before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRules:
    """Rules from the earliest reminder to the last, no two on the same day."""

    provenance: ProvenanceKind
    rules: tuple[ReminderRule, ...]

    def applicable(self, days_left: int) -> ReminderRule | None:
        """Return the one rule for a deadline `days_left` days ahead, if any.

        It is the rule with the fewest `days_before` that are not below `days_left`:
        with rules for 14, 7 and 3 days, five days ahead is the business of the 7.
        Nothing applies once the deadline has passed.
        """
        if days_left < 0:
            return None
        due = [rule for rule in self.rules if rule.days_before >= days_left]
        return min(due, key=lambda rule: rule.days_before, default=None)


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


def read_rules(document: object) -> ReminderRules:
    """Read rules from a parsed document such as ``deploy/reminders/default.yaml``.

    Raises:
        ReminderRulesError: With every fault found; `Fault.row` counts the rules.
    """
    fields = document if isinstance(document, Mapping) else {}
    faults: list[Fault] = _unknown_keys(fields, {"provenance", "rules"}, row=None)
    provenance = _provenance(fields.get("provenance"), faults)
    entries = fields.get("rules")
    if not isinstance(entries, Sequence) or isinstance(entries, str) or not entries:
        faults.append(
            _fault(
                "rules", entries, "нужен непустой список", "must be a non-empty list"
            )
        )
        raise ReminderRulesError(faults)
    rules = [
        rule
        for row, entry in enumerate(entries, start=1)
        if (rule := _rule(entry, row, faults)) is not None
    ]
    faults.extend(_repeated("code", [rule.code for rule in rules]))
    faults.extend(_repeated("days_before", [rule.days_before for rule in rules]))
    if faults or provenance is None:
        raise ReminderRulesError(faults)
    return ReminderRules(
        provenance=provenance,
        rules=tuple(sorted(rules, key=lambda rule: -rule.days_before)),
    )


def _provenance(value: object, faults: list[Fault]) -> ProvenanceKind | None:
    if isinstance(value, str) and value in set(ProvenanceKind):
        return ProvenanceKind(value)
    allowed = ", ".join(ProvenanceKind)
    faults.append(
        _fault("provenance", value, f"нужно одно из: {allowed}", f"one of: {allowed}")
    )
    return None


def _rule(entry: object, row: int, faults: list[Fault]) -> ReminderRule | None:
    fields = entry if isinstance(entry, Mapping) else {}
    found = _unknown_keys(fields, {"code", "days_before"}, row=row)
    code = fields.get("code")
    days = fields.get("days_before")
    if not isinstance(code, str) or _CODE.fullmatch(code) is None:
        ru, en = "нужны латинские строчные буквы, цифры и _", "use a-z, 0-9 and _"
        found.append(_fault("code", code, ru, en, row=row))
    # A YAML `yes` is a bool, and a bool is an int.
    if type(days) is not int or not 0 <= days <= MAX_DAYS_BEFORE:
        ru = f"нужно целое число дней от 0 до {MAX_DAYS_BEFORE}"
        en = f"must be a whole number of days from 0 to {MAX_DAYS_BEFORE}"
        found.append(_fault("days_before", days, ru, en, row=row))
    faults.extend(found)
    if found or not isinstance(code, str) or not isinstance(days, int):
        return None
    return ReminderRule(code=code, days_before=days)


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
