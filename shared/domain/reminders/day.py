"""What is owed to whom on a day: a function of deadlines, rules and people."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from shared.domain.calendar import WorkCalendar
from shared.domain.deadlines import OWED, DeadlineState
from shared.domain.reminders.preferences import DEFAULT, Preferences
from shared.domain.reminders.recipients import INBOX, Directory, Recipient
from shared.domain.reminders.rule_books import Deadline, RuleBook
from shared.domain.reminders.rules import Audience, RuleSet
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
# Recipients, each with a channel that leads there.
Ways: TypeAlias = Sequence[tuple[Recipient, str]]

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

    def on_working_day(self, channel: str, moment: datetime, zone: str) -> datetime:
        """Return the same hour of the next day that is worked in the municipality.

        That is the moment itself on such a day, and for the inbox, which is quiet.
        """
        local = moment.astimezone(ZoneInfo(zone))
        day = self.calendar.next_working_day_on_or_after(local.date())
        if channel == INBOX or day == local.date():
            return moment
        later = datetime.combine(day, local.time(), ZoneInfo(zone))
        return later.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """A step that a deadline has reached on a day, and the day that it counts from."""

    deadline: Deadline
    step: Step
    since: date

    def in_alarm(self) -> "Due":
        """Return that nobody could be told of the step."""
        step = self.step
        alarm = Step(f"nobody_{step.rule}", StepKind.ALARM, step.audience, step.on)
        return Due(self.deadline, alarm, self.since)

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
    told = _Told(situation, today)
    for deadline in deadlines:
        for due in _dues(deadline, told):
            ways = told.ways(due.step, deadline.school_id)
            for recipient, channel in ways or ():
                own = _snoozed(due, recipient, situation, today)
                if own is not None:
                    yield own.effect(recipient, channel, today)
            if ways is None:
                alarm = due.in_alarm()
                for recipient, channel in told.alarmed():
                    yield alarm.effect(recipient, channel, today)


class _Told:
    """Who is told on a day in a situation, and which steps have come by then.

    Both are the same for many deadlines, so each is found out once.
    """

    def __init__(self, situation: Situation, today: date) -> None:
        self.situation = situation
        self.today = today
        self._steps: dict[tuple[int, date, bool], tuple[Step, ...]] = {}
        self._ways: dict[tuple[str, int | None, bool], Ways | None] = {}

    def steps(self, deadline: Deadline) -> tuple[Step, ...]:
        """Return the steps that something owed has reached, without answers to it."""
        rules = self.situation.rules.of(deadline)
        key = (id(rules), deadline.due_on, deadline.school_id is None)
        found = self._steps.get(key)
        if found is None:
            found = self._steps[key] = _steps(deadline, rules, self)
        return found

    def ways(self, step: Step, school_id: int | None) -> Ways | None:
        """Return whom a step is told to over which channels; None if nobody can be."""
        key = (step.audience, school_id, step.is_urgent)
        if key not in self._ways:
            self._ways[key] = self._find_ways(step, school_id)
        return self._ways[key]

    def alarmed(self) -> Ways:
        """Return whom it is told that nobody could be."""
        for audience in (Audience.COORDINATOR, Audience.ADMINISTRATORS):
            found = self.ways(Step("", StepKind.ALARM, audience, self.today), None)
            if found is not None:
                return found
        return ()

    def _find_ways(self, step: Step, school_id: int | None) -> Ways | None:
        directory, chosen = self.situation.directory, self.situation.preferences_of
        reached = directory.reached(step.audience, school_id, self.today)
        if not reached:
            return None
        return [
            (each.recipient, channel)
            for each in reached
            for channel in each.channels
            if chosen(each.recipient).takes(channel, is_urgent=step.is_urgent)
        ]


def _steps(deadline: Deadline, rules: RuleSet, told: _Told) -> tuple[Step, ...]:
    due_on, today, calendar = deadline.due_on, told.today, told.situation.calendar
    step = applicable(ladder(rules, due_on, calendar), today)
    own = () if step is None else (step,)
    if due_on >= today:
        return own
    return own + tuple(
        each
        for each in escalations(rules, due_on, calendar)
        if each.on <= today
        and (deadline.school_id is not None or each.audience not in _NOT_ABOVE)
    )


def _dues(deadline: Deadline, told: _Told) -> Iterator[Due]:
    """Yield the steps that a deadline has reached.

    An acknowledgement and a submission end the escalation.
    """
    situation = told.situation
    if deadline.state == DeadlineState.SUBMITTED:
        since = deadline.changed_on
        rules = situation.rules.of(deadline)
        step = applicable(reviews(rules, since, situation.calendar), told.today)
        if step is not None:
            yield Due(deadline, step, since)
    elif deadline.state in OWED:
        is_known = (deadline.id, deadline.due_on) in situation.acknowledged
        for step in told.steps(deadline):
            if not (is_known and step.kind is StepKind.ESCALATION):
                yield Due(deadline, step, deadline.due_on)


def _snoozed(
    due: Due, recipient: Recipient, situation: Situation, today: date
) -> Due | None:
    """Return what a recipient who put the deadline off is told instead.

    Nothing until that day, and then once more the same, until a later step is reached.
    """
    if not situation.snoozed:
        return due
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
