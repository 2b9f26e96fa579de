"""A district on paper: schools with editors, rules as shipped, days that pass."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from shared.domain.calendar import WorkCalendar
from shared.domain.reminders.day import Effect, Key, Situation, effects_of_day
from shared.domain.reminders.preferences import Preferences
from shared.domain.reminders.recipients import Account, Directory, Post, Recipient
from shared.domain.reminders.rule_books import Deadline, RuleBook
from shared.runtime.reminder_rules import read_reminder_rules

RULES = read_reminder_rules()
EDITOR = Account(
    id=500,
    role="school_editor",
    school_id=1,
    name="Школа",
    email="school@example.ru",
    language="ru",
)
COORDINATOR = Account(
    id=700,
    role="municipal_coordinator",
    school_id=None,
    name="Управление",
    email=None,
    language="ru",
)
ADMINISTRATOR = Account(
    id=900,
    role="administrator",
    school_id=None,
    name="Администратор",
    email=None,
    language="ru",
)
DIRECTOR = Post(role="director", school_id=1, rank=1, email="director@example.ru")
HEAD = Post(role="head", school_id=None, rank=1, email="head@example.ru")


def deadline(
    due_on: date,
    *,
    number: int = 1,
    school: int | None = 1,
    state: str = "open",
    changed_on: date = date(2020, 9, 1),
) -> Deadline:
    """Return a deadline of a measure."""
    return Deadline(
        id=number,
        kind="measure",
        school_id=school,
        due_on=due_on,
        state=state,
        changed_on=changed_on,
        measure_id=1,
        programme_id=1,
    )


def situation(
    accounts: Iterable[Account] = (EDITOR, COORDINATOR),
    posts: Iterable[Post] = (DIRECTOR, HEAD),
    *,
    calendar: WorkCalendar | None = None,
    preferences: Mapping[int, Preferences] | None = None,
    acknowledged: Collection[tuple[int, date]] = (),
    snoozed: Mapping[tuple[Recipient, int, date], date] | None = None,
) -> Situation:
    """Return what decides, without answers unless they are given."""
    return Situation(
        rules=RuleBook(RULES, {}),
        calendar=calendar or WorkCalendar(),
        directory=Directory(accounts, posts),
        preferences=preferences or {},
        acknowledged=acknowledged,
        snoozed=snoozed or {},
    )


def replay(
    days: Iterable[date], deadlines: Collection[Deadline], around: Situation
) -> list[tuple[date, Effect]]:
    """Run the planner on these days, remembering what it planned."""
    known: set[Key] = set()
    sent = []
    for day in days:
        if not around.calendar.is_working_day(day):
            continue
        for effect in effects_of_day(deadlines, around, day):
            if effect.key not in known:
                known.add(effect.key)
                sent.append((day, effect))
    return sent
