"""On which days a deadline is reminded of: its rules laid on a working calendar.

A reminder before the due date that would fall on a day off goes out on the last
working day before, one after the due date on the next working day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from shared.domain.calendar import WorkCalendar
from shared.domain.reminders.rules import Audience, Repeats, RuleSet

_MEMORY = 50_000


class StepKind(StrEnum):
    """What a reminder is for."""

    BEFORE = "before"
    ON_DAY = "on_day"
    OVERDUE = "overdue"
    ESCALATION = "escalation"
    REVIEW = "review"
    SNOOZED = "snoozed"
    ALARM = "alarm"


# May be neither switched off nor kept for a digest.
URGENT = frozenset(StepKind) - {StepKind.BEFORE, StepKind.SNOOZED}


@dataclass(frozen=True, slots=True)
class Step:
    """A reminder of a deadline, on a working day."""

    rule: str
    kind: StepKind
    audience: Audience
    on: date

    @property
    def is_urgent(self) -> bool:
        """Whether nobody may switch it off."""
        return self.kind in URGENT


@lru_cache(_MEMORY)
def ladder(rules: RuleSet, due_on: date, calendar: WorkCalendar) -> tuple[Step, ...]:
    """Return the reminders to whoever has to act, in the order of their days.

    With rules for 3 and 1 days before a Monday, the last working day before both
    Saturday and Sunday is Friday: the later rule then takes the earlier one's place.
    """
    before = [
        Step(
            rule.code,
            StepKind.BEFORE if rule.days_before else StepKind.ON_DAY,
            Audience.RESPONSIBLE,
            calendar.last_working_day_on_or_before(
                due_on - timedelta(days=rule.days_before)
            ),
        )
        for rule in rules.rules
    ]
    return (
        *before,
        *_repeated(
            rules.overdue, due_on, calendar, StepKind.OVERDUE, Audience.RESPONSIBLE
        ),
    )


@lru_cache(_MEMORY)
def escalations(
    rules: RuleSet, due_on: date, calendar: WorkCalendar
) -> tuple[Step, ...]:
    """Return the steps by which others are told that a deadline was missed."""
    return tuple(
        Step(
            f"to_{step.to}",
            StepKind.ESCALATION,
            step.to,
            calendar.next_working_day_on_or_after(due_on + timedelta(days=step.after)),
        )
        for step in rules.escalation
    )


@lru_cache(_MEMORY)
def reviews(
    rules: RuleSet, submitted_on: date, calendar: WorkCalendar
) -> tuple[Step, ...]:
    """Return the reminders to a coordinator for whom something waits."""
    return _repeated(
        rules.review, submitted_on, calendar, StepKind.REVIEW, Audience.COORDINATOR
    )


def applicable(steps: tuple[Step, ...], today: date) -> Step | None:
    """Return the last of `steps` whose day has come: it stands for those before it."""
    latest = None
    for step in steps:
        if step.on > today:
            break
        latest = step
    return latest


def horizon(rules: RuleSet, today: date, calendar: WorkCalendar) -> date:
    """Return the latest due date that could be reminded of today."""
    lead = timedelta(days=rules.longest_lead)
    due_on = today + lead
    while calendar.last_working_day_on_or_before(due_on - lead) <= today:
        due_on += timedelta(days=1)
    return due_on


def _repeated(
    repeats: Repeats,
    start: date,
    calendar: WorkCalendar,
    kind: StepKind,
    audience: Audience,
) -> tuple[Step, ...]:
    return tuple(
        Step(
            f"{kind}_{days}",
            kind,
            audience,
            calendar.next_working_day_on_or_after(start + timedelta(days=days)),
        )
        for days in repeats.days
    )
