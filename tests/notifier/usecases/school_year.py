"""What Uzhur is to be told in 2020/2021, counted by hand and not by the system.

The table of days off is that of the official calendar for a five-day week. A week
without a notifier, the people's wishes and one school's acknowledgement are the test's.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

ONE_DAY = timedelta(days=1)
FIRST, LAST = date(2020, 9, 16), date(2021, 6, 30)
DOWN_FROM, DOWN_TO = date(2021, 1, 14), date(2021, 1, 20)
ACKNOWLEDGED_ON = date(2021, 1, 13)
MORNING = time(9)
DAYS_OFF = {
    date.fromisoformat(day)
    for day in (
        "2020-11-04",
        *(f"2021-01-0{day}" for day in range(1, 9)),
        "2021-02-22",
        "2021-02-23",
        "2021-03-08",
        *(f"2021-05-0{day}" for day in range(3, 8)),
        "2021-05-10",
        "2021-06-14",
    )
}
WORKED_SATURDAY = date(2021, 2, 20)


class Told(NamedTuple):
    """A reminder of a deadline: by which rule, on which day, and whether too late."""

    deadline_id: int
    rule: str
    on: date
    is_late: bool


@dataclass(frozen=True)
class Wish:
    """When mail is wanted: gathered at eight, or after an hour of rest in the day."""

    mode: str = "each"
    weekday: int = 0
    quiet_from: time = time(21)
    quiet_to: time = time(7)


DAILY, WEEKLY = Wish("daily"), Wish("weekly")
RESTS_AT_NINE = Wish(quiet_from=time(8), quiet_to=time(10))


def is_worked(day: date) -> bool:
    """Tell whether the official calendar has the day as a working one."""
    return day == WORKED_SATURDAY or (day.isoweekday() < 6 and day not in DAYS_OFF)


def onwards(day: date) -> date:
    """Return the day, or the next one that is worked."""
    while not is_worked(day):
        day += ONE_DAY
    return day


def played() -> Iterator[date]:
    """Yield the days on which the notifier runs."""
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=offset)
        if not DOWN_FROM <= day <= DOWN_TO:
            yield day


def told_to_the_school(deadline_id: int, due_on: date) -> Iterator[Told]:
    """Yield what a school is told: each day the last that has come, and once."""
    moments = []
    for lead in (14, 7, 3, 1, 0):
        day = due_on - timedelta(days=lead)
        while not is_worked(day):
            day -= ONE_DAY
        moments.append((day, "on_day" if lead == 0 else f"before_{lead}"))
    moments += [
        (onwards(due_on + timedelta(days=late)), f"overdue_{late}")
        for late in range(3, 61, 3)
    ]
    known = set()
    for today in filter(is_worked, played()):
        come = [(day, rule) for day, rule in moments if day <= today]
        if come and come[-1][1] not in known:
            day, rule = come[-1]
            known.add(rule)
            yield Told(deadline_id, rule, today, day < today)


def told_above(
    deadline_id: int, due_on: date, *, is_acknowledged: bool
) -> Iterator[Told]:
    """Yield whom it is escalated to, each once, until somebody has acknowledged it."""
    for rule, late in (("to_director", 5), ("to_coordinator", 10), ("to_head", 20)):
        day = onwards(due_on + timedelta(days=late))
        come = [each for each in played() if is_worked(each) and each >= day]
        if come and not (is_acknowledged and come[0] >= ACKNOWLEDGED_ON):
            yield Told(deadline_id, rule, come[0], day < come[0])


def messages(told: Iterable[Told]) -> Counter[tuple[date, str]]:
    """Count the messages of an account that chose nothing: late ones are one a day."""
    counted: Counter[tuple[date, str]] = Counter()
    for each in told:
        kind = "late" if each.is_late else "reminder"
        counted[each.on, kind] += 1
    return Counter(
        {
            (day, kind): 1 if kind == "late" else count
            for (day, kind), count in counted.items()
        }
    )


def mailed(told: Told, wish: Wish) -> tuple[str, datetime]:
    """Return what kind of mail tells of it, and when it may leave."""
    urgent = not told.rule.startswith("before_")
    if urgent or wish.mode == "each":
        kind = "late" if told.is_late else "reminder"
        at = max(MORNING, wish.quiet_to) if wish is RESTS_AT_NINE else MORNING
        return kind, datetime.combine(told.on, at)
    day = told.on + ONE_DAY
    while wish.mode == "weekly" and day.weekday() != wish.weekday:
        day += ONE_DAY
    return "digest", datetime.combine(onwards(day), time(8))
