"""Reminder rules: what is sent how long before and after a day, and to whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from shared.domain.deadlines import DeadlineKind
from shared.domain.provenance import ProvenanceKind


class Audience(StrEnum):
    """Who is told, by what they are to a deadline; in the order of escalation."""

    RESPONSIBLE = "responsible"
    DIRECTOR = "director"
    COORDINATOR = "coordinator"
    HEAD = "head"
    ADMINISTRATORS = "administrators"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule:
    """A reminder `days_before` calendar days before the due date; 0 is the day."""

    code: str
    days_before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """Reminders every so many days, the last at most `last` days after the start."""

    every: int
    last: int

    @property
    def days(self) -> range:
        """The days after the start on which there is one."""
        return range(self.every, self.last + 1, self.every)


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """From `after` overdue days on, somebody higher is told once."""

    to: Audience
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules for a deadline.

    `rules` go from the earliest to the last, no two on the same day; `overdue` counts
    from the due date, `review` from the day that something was submitted and waits for
    the coordinator.
    """

    rules: tuple[ReminderRule, ...]
    overdue: Repeats
    escalation: tuple[Escalation, ...]
    review: Repeats

    @property
    def longest_lead(self) -> int:
        """How many days before the due date the first reminder is."""
        return max((rule.days_before for rule in self.rules), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """What somebody decided for a part of the tree; None inherits from above."""

    provenance: ProvenanceKind
    rules: tuple[ReminderRule, ...] | None = None
    overdue: Repeats | None = None
    escalation: tuple[Escalation, ...] | None = None
    review: Repeats | None = None


PARTS = ("rules", "overdue", "escalation", "review")


@dataclass(frozen=True, slots=True)
class ReminderRules:
    """What the installation prescribes: for every deadline, and by kind of deadline."""

    general: RuleSet
    provenance: ProvenanceKind
    by_kind: Mapping[DeadlineKind, RuleChange]

    def as_change(self) -> RuleChange:
        """Return the rules for every deadline as the change of nothing to them."""
        given = {part: getattr(self.general, part) for part in PARTS}
        return RuleChange(provenance=self.provenance, **given)

    def of_kind(self, kind: DeadlineKind) -> RuleSet:
        """Return the rules for deadlines of a kind, before anybody changed them."""
        change = self.by_kind.get(kind)
        return self.general if change is None else changed(self.general, [change])


def changed(rules: RuleSet, changes: Iterable[RuleChange]) -> RuleSet:
    """Return `rules` as changed by each of `changes` in turn, the nearest last."""
    for change in changes:
        given = {
            part: value
            for part in PARTS
            if (value := getattr(change, part)) is not None
        }
        rules = replace(rules, **given)
    return rules
