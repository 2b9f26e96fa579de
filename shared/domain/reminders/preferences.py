"""When a person wants to be told: quiet hours, digests, and what cannot be refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.domain.reminders.recipients import INBOX


class Mode(StrEnum):
    """How a channel is used: at once, gathered, or for what is urgent only."""

    EACH = "each"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a person chose; the defaults are everybody's who chose nothing.

    `quiet_from` to `quiet_to` may go over midnight; equal times are no quiet hours.
    `weekday` is that of the weekly digest, Monday is 0. A `zone` of None is that of
    the municipality.
    """

    modes: Mapping[str, Mode] = field(default_factory=dict)
    quiet_from: time = time(21)
    quiet_to: time = time(7)
    digest_at: time = time(8)
    weekday: int = 0
    zone: str | None = None

    def mode_of(self, channel: str) -> Mode:
        """Return how a channel is used; the inbox has everything at once."""
        return Mode.EACH if channel == INBOX else self.modes.get(channel, Mode.EACH)

    def takes(self, channel: str, *, is_urgent: bool) -> bool:
        """Tell whether a reminder may use the channel; urgent ones always may."""
        return is_urgent or self.mode_of(channel) is not Mode.OFF

    def gathers(self, channel: str, *, is_urgent: bool) -> bool:
        """Tell whether a reminder waits for the next digest of the channel."""
        return not is_urgent and self.mode_of(channel) in {Mode.DAILY, Mode.WEEKLY}

    def send_after(self, channel: str, now: datetime, zone: str) -> datetime:
        """Return the first moment from `now` on that is not in the quiet hours."""
        if channel == INBOX or not self.is_quiet(now, zone):
            return now
        here = ZoneInfo(self.zone or zone)
        local = now.astimezone(here)
        day = local.date()
        if local.time() >= self.quiet_to:
            day += timedelta(days=1)
        # Where the clocks go back, the first of the two ends may be over already.
        return max(_moment(day, self.quiet_to, here), now)

    def is_quiet(self, now: datetime, zone: str) -> bool:
        """Tell whether `now` is in the quiet hours where the person is."""
        clock = now.astimezone(ZoneInfo(self.zone or zone)).time()
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= clock < self.quiet_to
        return clock >= self.quiet_from or clock < self.quiet_to

    def digest_after(self, channel: str, now: datetime, zone: str) -> datetime:
        """Return when the next digest of the channel is due, later than `now`."""
        here = ZoneInfo(self.zone or zone)
        day = now.astimezone(here).date()
        while True:
            moment = _moment(day, self.digest_at, here)
            is_its_day = (
                self.mode_of(channel) is not Mode.WEEKLY
                or day.weekday() == self.weekday
            )
            if is_its_day and moment > now:
                return self.send_after(channel, moment, zone)
            day += timedelta(days=1)


DEFAULT = Preferences()


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return a wall-clock time as a moment; one that is skipped comes after the gap."""
    return datetime.combine(day, clock, zone).astimezone(UTC)
