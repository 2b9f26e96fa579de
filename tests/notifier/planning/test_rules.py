"""Reading reminder rules."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.notifier.planning.rules import ReminderRulesError, read_rules

DEFAULT = Path(__file__).parents[3] / "deploy" / "reminders" / "default.yaml"
GOOD = {"provenance": "local", "rules": [{"code": "week", "days_before": 7}]}


def test_the_default_rules_remind_at_14_7_3_1_and_0_days_and_claim_no_source() -> None:
    rules = read_rules(yaml.safe_load(DEFAULT.read_text(encoding="utf-8")))
    assert [rule.days_before for rule in rules.rules] == [14, 7, 3, 1, 0]
    assert rules.provenance == "unconfirmed"


def test_rules_are_ordered_from_the_earliest_reminder_to_the_last() -> None:
    entries = [{"code": "day", "days_before": 0}, {"code": "week", "days_before": 7}]
    rules = read_rules({"provenance": "local", "rules": entries})
    assert [rule.code for rule in rules.rules] == ["week", "day"]


@pytest.mark.parametrize(
    ("days_left", "code"),
    [(8, None), (7, "week"), (1, "week"), (0, "week"), (-1, None)],
)
def test_a_rule_applies_until_the_deadline_has_passed(
    days_left: int, code: str | None
) -> None:
    rule = read_rules(GOOD).applicable(days_left)
    assert (None if rule is None else rule.code) == code


def rule(code: object = "week", days: object = 7) -> dict[str, Any]:
    return {"code": code, "days_before": days}


@pytest.mark.parametrize(
    ("document", "column", "row"),
    [
        (None, "provenance", None),
        ({**GOOD, "provenance": "somebody"}, "provenance", None),
        ({**GOOD, "provenance": ["local"]}, "provenance", None),
        ({**GOOD, "rules": []}, "rules", None),
        ({**GOOD, "rules": "week"}, "rules", None),
        ({**GOOD, "rule": []}, "rule", None),
        ({**GOOD, "rules": [rule(), "week"]}, "code", 2),
        ({**GOOD, "rules": [rule("Week")]}, "code", 1),
        ({**GOOD, "rules": [rule("a\nb")]}, "code", 1),
        ({**GOOD, "rules": [rule(days=-1)]}, "days_before", 1),
        ({**GOOD, "rules": [rule(days=367)]}, "days_before", 1),
        ({**GOOD, "rules": [rule(days="7")]}, "days_before", 1),
        ({**GOOD, "rules": [rule(days=True)]}, "days_before", 1),
        ({**GOOD, "rules": [rule(), rule("other")]}, "days_before", 2),
        ({**GOOD, "rules": [rule(), rule(days=3)]}, "code", 2),
        ({**GOOD, "rules": [{**rule(), "hour": 9}]}, "hour", 1),
    ],
)
def test_a_fault_is_told_with_its_place(
    document: object, column: str, row: int | None
) -> None:
    with pytest.raises(ReminderRulesError) as caught:
        read_rules(document)
    fault = caught.value.faults[0]
    assert (fault.column, fault.row) == (column, row)
    assert column in caught.value.detail.ru
    assert column in caught.value.detail.en


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ReminderRulesError) as caught:
        read_rules({"provenance": "x", "rules": [rule("A"), rule(days=None)]})
    assert [fault.column for fault in caught.value.faults] == [
        "provenance",
        "code",
        "days_before",
    ]
