"""When rows are sent."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAYS_OF_WEEK = 7


class Rhythm(StrEnum):
    """How often: at a time of day, of a week, or whenever something changed."""

    DAILY = "daily"
    WEEKLY = "weekly"
    ON_CHANGE = "on_change"


def next_run(
    after: datetime,
    rhythm: Rhythm,
    *,
    at_time: time | None,
    weekday: int | None,
    time_zone: str,
) -> datetime | None:
    """Return the first moment of the rhythm later than `after`; None on change.

    A time that a change of clocks leaves out comes as much later as is left out.

    Args:
        after: An aware moment.
        rhythm: How often.
        at_time: The time of day, in the zone.
        weekday: 1 is Monday, 7 is Sunday; for weeks only.
        time_zone: Such as ``Asia/Irkutsk``.
    """
    if rhythm is Rhythm.ON_CHANGE or at_time is None:
        return None
    zone = ZoneInfo(time_zone)
    today = after.astimezone(zone).date()
    for ahead in range(DAYS_OF_WEEK + 1):
        day = today + timedelta(days=ahead)
        if rhythm is Rhythm.WEEKLY and day.isoweekday() != weekday:
            continue
        moment = datetime.combine(day, at_time, zone)
        if moment > after:
            return moment
    return None
