"""Whether somebody is entering results just now, as far as this worker hears it."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

# Who enters results looks at the ranking and goes on: what else follows from a result
# waits until then.
QUIET_SECONDS: Final = 0.5


@dataclass(slots=True)
class _Municipality:
    """When it was last heard of, on the loop's clock; the event wakes who waits."""

    heard_at: float = float("-inf")
    heard: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Entering:
    """Remembers when each municipality was heard of; asked by who holds it."""

    _municipalities: dict[int, _Municipality] = field(default_factory=dict)

    def hear(self, municipality_id: int) -> None:
        """Note that something was entered for the municipality."""
        municipality = self._of(municipality_id)
        municipality.heard_at = asyncio.get_running_loop().time()
        municipality.heard.set()

    async def more(self, municipality_id: int, since: float) -> bool:
        """Tell whether something came after `since`, on the loop's clock.

        Where nothing did, wait until it has been quiet for `QUIET_SECONDS`, and tell
        of what comes before that.
        """
        municipality = self._of(municipality_id)
        if municipality.heard_at > since:
            return True
        municipality.heard.clear()
        try:
            async with asyncio.timeout_at(municipality.heard_at + QUIET_SECONDS):
                await municipality.heard.wait()
        except TimeoutError:
            return False
        return True

    def _of(self, municipality_id: int) -> _Municipality:
        return self._municipalities.setdefault(municipality_id, _Municipality())
