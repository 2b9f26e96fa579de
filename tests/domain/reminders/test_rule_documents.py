"""Reading reminder rules."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.domain.provenance import ProvenanceKind
from shared.domain.reminders.rule_documents import (
    ReminderRulesError,
    read_change,
    read_rule_set,
    written,
)
from shared.domain.reminders.rules import PARTS, Repeats, changed

DEFAULT = Path(__file__).parents[3] / "deploy" / "reminders" / "default.yaml"
GOOD = {"provenance": "local", "rules": [{"code": "week", "days_before": 7}]}


def test_the_default_rules_say_all_and_claim_no_source() -> None:
    rules, provenance = read_rule_set(
        yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
    )
    assert [rule.days_before for rule in rules.rules] == [14, 7, 3, 1, 0]
    assert list(rules.overdue.days)[:3] == [3, 6, 9]
    assert rules.overdue.days[-1] == 60
    assert [step.to for step in rules.escalation] == [
        "director",
        "coordinator",
        "head",
    ]
    assert provenance == "unconfirmed"


def test_rules_are_ordered_from_the_earliest_reminder_to_the_last() -> None:
    entries = [{"code": "day", "days_before": 0}, {"code": "week", "days_before": 7}]
    change = read_change({"provenance": "local", "rules": entries})
    assert change.rules is not None
    assert [rule.code for rule in change.rules] == ["week", "day"]


def test_a_change_inherits_what_it_does_not_say() -> None:
    rules, _ = read_rule_set(yaml.safe_load(DEFAULT.read_text(encoding="utf-8")))
    far = read_change(GOOD)
    near = read_change({"provenance": "local", "overdue": {"every": 7, "last": 0}})
    both = changed(rules, [far, near])
    assert both.rules == far.rules
    assert both.overdue == Repeats(every=7, last=0)
    assert list(both.overdue.days) == []
    assert (both.escalation, both.review) == (rules.escalation, rules.review)


def test_what_is_written_is_read_again() -> None:
    rules, _ = read_rule_set(yaml.safe_load(DEFAULT.read_text(encoding="utf-8")))
    document = {"provenance": "local", **written(rules)}
    assert read_rule_set(document) == (rules, ProvenanceKind.LOCAL)
    assert written(read_change(GOOD)) == GOOD


def rule(code: object = "week", days: object = 7) -> dict[str, Any]:
    return {"code": code, "days_before": days}


@pytest.mark.parametrize(
    ("document", "column", "row"),
    [
        ({"provenance": "local"}, "rules", None),
        ({**GOOD, "overdue": 3}, "overdue.every", None),
        ({**GOOD, "overdue": {"every": 0, "last": 9}}, "overdue.every", None),
        ({**GOOD, "review": {"every": 1, "last": 400}}, "review.last", None),
        ({**GOOD, "escalation": [{"to": "mayor", "after": 3}]}, "to", 1),
        ({**GOOD, "escalation": [{"to": "head", "after": 0}]}, "after", 1),
        (
            {
                **GOOD,
                "escalation": [
                    {"to": "head", "after": 3},
                    {"to": "director", "after": 9},
                ],
            },
            "escalation",
            None,
        ),
        ({**GOOD, "rules": [rule("overdue_3")]}, "code", 1),
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
        read_change(document)
    fault = caught.value.faults[0]
    assert (fault.column, fault.row) == (column, row)
    assert column in caught.value.detail.ru
    assert column in caught.value.detail.en


@pytest.mark.parametrize("part", PARTS)
def test_the_installations_rules_lack_nothing(part: str) -> None:
    document = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
    del document[part]
    with pytest.raises(ReminderRulesError, match=part):
        read_rule_set(document)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ReminderRulesError) as caught:
        read_change({"provenance": "x", "rules": [rule("A"), rule(days=None)]})
    assert [fault.column for fault in caught.value.faults] == [
        "provenance",
        "code",
        "days_before",
    ]
