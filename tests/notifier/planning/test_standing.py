"""Which planned reminders may still be sent."""

import pytest

from services.notifier.planning.rules import (
    ReminderRule,
    ReminderRules,
)
from services.notifier.planning.standing import lead_of, still_stands
from shared.domain.provenance import ProvenanceKind

RULES = ReminderRules(
    provenance=ProvenanceKind.UNCONFIRMED,
    rules=(
        ReminderRule(code="before_7", days_before=7),
        ReminderRule(code="before_3", days_before=3),
        ReminderRule(code="on_day", days_before=0),
    ),
)


@pytest.mark.parametrize(
    ("rule", "days_left", "stands"),
    [
        ("before_7", 8, False),
        ("before_7", 7, True),
        ("before_7", 4, True),
        ("before_7", 3, False),
        ("before_3", 4, False),
        ("before_3", 3, True),
        ("before_3", 1, True),
        ("before_3", 0, False),
        ("on_day", 1, False),
        ("on_day", 0, True),
        ("on_day", -1, True),
        ("before_3", -1, False),
        ("abolished", 3, False),
    ],
)
def test_a_reminder_stands_while_its_rule_is_the_one_that_applies(
    rule: str, days_left: int, *, stands: bool
) -> None:
    assert still_stands(RULES, rule, state="open", days_left=days_left) is stands


@pytest.mark.parametrize("state", ["done", "past", None])
def test_only_an_open_deadline_is_reminded_of(state: str | None) -> None:
    assert not still_stands(RULES, "before_3", state=state, days_left=3)


def test_a_rule_knows_its_days_while_it_is_in_force() -> None:
    assert lead_of(RULES, "before_7") == 7
    assert lead_of(RULES, "on_day") == 0
    assert lead_of(RULES, "abolished") is None
