"""What is owed to whom on a day: a function of deadlines, rules and people."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from shared.domain.calendar import WorkCalendar
from shared.domain.deadlines import OWED, DeadlineState
from shared.domain.reminders.preferences import DEFAULT, Preferences
from shared.domain.reminders.recipients import Directory, Reached, Recipient
from shared.domain.reminders.rule_books import Deadline, RuleBook
from shared.domain.reminders.rules import Audience
from shared.domain.reminders.steps import (
    Step,
    StepKind,
    applicable,
    escalations,
    ladder,
    reviews,
)

# What a reminder is the same effect by: account, post, deadline, day, rule, channel.
Key = tuple[int | None, str | None, int, date, str, str]
_NOT_ABOVE = {Audience.DIRECTOR, Audience.COORDINATOR}


@dataclass(frozen=True, slots=True)
class Effect:
    """A reminder that is owed: one recipient, deadline, day, rule and channel.

    `due_on` is the day that it counts from: the due date, or the day of submission.
    """

    recipient: Recipient
    deadline_id: int
    school_id: int | None
    due_on: date
    rule: str
    channel: str
    kind: StepKind
    is_urgent: bool
    is_late: bool

    @property
    def key(self) -> Key:
        """What makes it the same effect, whenever it is planned."""
        return (
            self.recipient.account_id,
            self.recipient.post,
            self.deadline_id,
            self.due_on,
            self.rule,
            self.channel,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that decides about reminders in a municipality, besides the deadlines.

    `acknowledged` holds deadlines with their due dates, `snoozed` until when a
    recipient has put a deadline with its due date off: one that moves counts anew.
    """

    rules: RuleBook
    calendar: WorkCalendar
    directory: Directory
    preferences: Mapping[int, Preferences] = field(default_factory=dict)
    acknowledged: Collection[tuple[int, date]] = frozenset()
    snoozed: Mapping[tuple[Recipient, int, date], date] = field(default_factory=dict)

    def preferences_of(self, recipient: Recipient) -> Preferences:
        """Return what a recipient chose; a post chooses nothing."""
        if recipient.account_id is None:
            return DEFAULT
        return self.preferences.get(recipient.account_id, DEFAULT)


@dataclass(frozen=True, slots=True)
class Due:
    """A step that a deadline has reached on a day, and the day that it counts from."""

    deadline: Deadline
    step: Step
    since: date

    def effect(self, recipient: Recipient, channel: str, today: date) -> Effect:
        """Return the reminder of it to somebody."""
        return Effect(
            recipient,
            self.deadline.id,
            self.deadline.school_id,
            self.since,
            self.step.rule,
            channel,
            self.step.kind,
            self.step.is_urgent,
            self.step.on < today,
        )


def effects_of_day(
    deadlines: Iterable[Deadline], situation: Situation, today: date
) -> Iterator[Effect]:
    """Yield every reminder that stands on `today`, sent before or not.

    For whoever has to act it is the last of the ladder whose day has come, so that a
    system that was down makes up with one and never sends those that it skipped. Where
    nobody can be told, the coordinators are, and where there is none, the
    administrators.
    """
    for deadline in deadlines:
        for due in steps_of_day(deadline, situation, today):
            reached = situation.directory.reached(
                due.step.audience, deadline.school_id, today
            )
            for each in reached:
                yield from _effects(due, each, situation, today)
            if not reached:
                yield from _alarms(due, situation, today)


def steps_of_day(deadline: Deadline, situation: Situation, today: date) -> list[Due]:
    """Return the steps that a deadline has reached.

    An acknowledgement and a submission end the escalation.
    """
    rules, calendar = situation.rules.of(deadline), situation.calendar
    if deadline.state == DeadlineState.SUBMITTED:
        step = applicable(reviews(rules, deadline.changed_on, calendar), today)
        return [] if step is None else [Due(deadline, step, deadline.changed_on)]
    if deadline.state not in OWED:
        return []
    due_on = deadline.due_on
    step = applicable(ladder(rules, due_on, calendar), today)
    steps = [] if step is None else [Due(deadline, step, due_on)]
    if due_on < today and (deadline.id, due_on) not in situation.acknowledged:
        steps += [
            Due(deadline, each, due_on)
            for each in escalations(rules, due_on, calendar)
            if each.on <= today
            and (deadline.school_id is not None or each.audience not in _NOT_ABOVE)
        ]
    return steps


def _effects(
    due: Due, reached: Reached, situation: Situation, today: date
) -> Iterator[Effect]:
    own = _snoozed(due, reached.recipient, situation, today)
    if own is None:
        return
    chosen = situation.preferences_of(reached.recipient)
    for channel in reached.channels:
        if chosen.takes(channel, is_urgent=own.step.is_urgent):
            yield own.effect(reached.recipient, channel, today)


def _snoozed(
    due: Due, recipient: Recipient, situation: Situation, today: date
) -> Due | None:
    """Return what a recipient who put the deadline off is told instead.

    Nothing until that day, and then once more the same, until a later step is reached.
    """
    deadline, step = due.deadline, due.step
    until = situation.snoozed.get((recipient, deadline.id, deadline.due_on))
    if until is None or step.kind is StepKind.ESCALATION:
        return due
    again = situation.calendar.next_working_day_on_or_after(until)
    if today < again:
        return None
    if step.on >= again:
        return due
    kind = step.kind if step.is_urgent else StepKind.SNOOZED
    rule = f"snoozed_{until:%Y%m%d}"
    return Due(deadline, Step(rule, kind, step.audience, again), due.since)


def _alarms(due: Due, situation: Situation, today: date) -> Iterator[Effect]:
    step = due.step
    alarm = Step(f"nobody_{step.rule}", StepKind.ALARM, step.audience, step.on)
    directory = situation.directory
    reached = directory.reached(Audience.COORDINATOR, None, today)
    if not reached:
        reached = directory.reached(Audience.ADMINISTRATORS, None, today)
    for each in reached:
        for channel in each.channels:
            yield Due(due.deadline, alarm, due.since).effect(
                each.recipient, channel, today
            )
