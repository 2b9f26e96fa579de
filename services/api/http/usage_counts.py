"""Who has used which operation, kept in memory until it is written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Use(NamedTuple):
    """Who used what; `parameter` is empty, or one that is to go and was sent."""

    user_id: int | None
    operation: str
    version: str
    parameter: str


@dataclass(slots=True)
class Count:
    """How often, first and last when, by the machine's clock."""

    requests: int
    first_at: datetime
    last_at: datetime


class UsageCounts:
    """What has been used since it was last written down."""

    def __init__(self) -> None:
        self._counts: dict[Use, Count] = {}

    def add(self, use: Use, now: datetime) -> None:
        """Count one use."""
        count = self._counts.get(use)
        if count is None:
            self._counts[use] = Count(1, now, now)
        else:
            count.requests += 1
            count.last_at = now

    def take(self) -> dict[Use, Count]:
        """Hand over what has been counted, and begin anew."""
        taken, self._counts = self._counts, {}
        return taken

    def give_back(self, counts: Mapping[Use, Count]) -> None:
        """Count in what could not be written down."""
        for use, count in counts.items():
            there = self._counts.get(use)
            if there is None:
                self._counts[use] = count
            else:
                there.requests += count.requests
                there.first_at = min(there.first_at, count.first_at)
