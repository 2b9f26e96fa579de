"""What will go out on the days to come, if nothing is done and nobody changes."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from shared.domain.reminders.day import Effect, Key, Situation, effects_of_day
from shared.domain.reminders.rule_books import Deadline


def coming_effects(
    deadlines: Collection[Deadline],
    situation: Situation,
    *,
    first: date,
    days: int,
    planned: Iterable[Key],
) -> list[tuple[date, Effect]]:
    """Return each reminder with the day that it will be planned on, in their order.

    Args:
        deadlines: All that could be reminded of by the last day.
        situation: As it is now.
        first: The day to begin with.
        days: How many days to look at.
        planned: The keys of what was planned before.
    """
    known = set(planned)
    coming = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        if not situation.calendar.is_working_day(day):
            continue
        for effect in effects_of_day(deadlines, situation, day):
            if effect.key not in known:
                known.add(effect.key)
                coming.append((day, effect))
    return coming
