"""Whether a planned reminder is still to be sent when its turn comes."""

from services.notifier.planning.rules import ReminderRules
from shared.domain.deadlines import OWED


def still_stands(
    rules: ReminderRules, rule: str, *, state: str | None, days_left: int
) -> bool:
    """Tell whether a reminder planned by `rule` may be sent `days_left` days ahead.

    It may not once the deadline is done or gone, or has come so near that another
    rule's reminder takes its place. What was planned for the day itself and could not
    be sent until it had passed is still sent.

    Args:
        rules: The rules in force; one that was abolished sends nothing.
        rule: Code of the rule that planned the reminder.
        state: The deadline's state now; None where the deadline no longer exists.
        days_left: From today to the due date; negative after it.
    """
    applicable = rules.applicable(max(days_left, 0))
    return state in OWED and applicable is not None and applicable.code == rule


def lead_of(rules: ReminderRules, rule: str) -> int | None:
    """Return how many days before the due date the rule reminds, if it is in force."""
    return next((each.days_before for each in rules.rules if each.code == rule), None)
