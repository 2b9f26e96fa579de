"""What makes the worker compute: rings, events, and its own look into the book."""

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import structlog

from services.scoring import usecases, wide_usecases
from services.scoring.entering import Entering
from services.scoring.usecases import Outcome
from shared.contracts.events import TOPICS, EventKind
from shared.persistence.engine import Database

log = structlog.stdlib.get_logger()

DATABASE: Final = "database"  # keys in arq's context
ENTERING: Final = "entering"

AT_ONCE: Final = 2
# From so many municipalities on a sweep has them computed together.
MANY: Final = 20
# A country of 40,000 schools at once takes its share of memory, and no more.
MOST_TOGETHER: Final = 1_000
FIRST_WAIT_SECONDS: Final = 2.0
LONGEST_WAIT_SECONDS: Final = 30.0


async def recalculate(ctx: dict[str, Any], municipality_id: int) -> None:
    """Bring a municipality up to date at once; whatever is left, a sweep finds."""
    await usecases.recalculate_municipality(
        ctx[DATABASE],
        municipality_id,
        entered=partial(ctx[ENTERING].more, municipality_id),
    )


@dataclass(slots=True)
class Rings:
    """Brings up to date the municipalities that are rung for, a few at a time.

    A municipality that is rung for again while it is computed is looked at once more
    afterwards. What is left undone, a sweep finds.
    """

    database: Database
    entering: Entering = field(default_factory=Entering)
    _rung: set[int] = field(default_factory=set)
    _busy: set[int] = field(default_factory=set)
    _heard: asyncio.Event = field(default_factory=asyncio.Event)
    _slots: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(AT_ONCE)
    )

    def hear(self, kind: EventKind, municipality_id: int) -> None:
        """Note an event that may have made the municipality's figures out of date."""
        if TOPICS[kind]:
            self._rung.add(municipality_id)
            self.entering.hear(municipality_id)
            self._heard.set()

    async def run(self) -> None:
        """Compute what is rung for until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                await self._heard.wait()
                self._heard.clear()
                for municipality_id in self._rung - self._busy:
                    self._busy.add(municipality_id)
                    group.create_task(self._answer(municipality_id))

    async def _answer(self, municipality_id: int) -> None:
        async with self._slots:
            self._rung.discard(municipality_id)
            try:
                await usecases.recalculate_municipality(
                    self.database,
                    municipality_id,
                    entered=partial(self._entered, municipality_id),
                )
            except Exception as error:  # noqa: BLE001 (the sweep meets and logs it)
                log.warning("ring_unanswered", error=type(error).__name__)
        self._busy.discard(municipality_id)
        if municipality_id in self._rung:
            self._heard.set()

    async def _entered(self, municipality_id: int, since: float) -> bool:
        """Wait for what is entered next; others have the slot meanwhile."""
        self._slots.release()
        try:
            more = await self.entering.more(municipality_id, since)
        finally:
            await self._slots.acquire()
        if more:
            self._rung.discard(municipality_id)
        return more


@dataclass(slots=True)
class Owed:
    """A municipality to be looked at again, and how often that has failed in a row."""

    failures: int = 0
    not_before: float = 0.0  # on the loop's clock

    def postpone(self, now: float) -> None:
        """Wait twice as long after each failure, up to `LONGEST_WAIT_SECONDS`."""
        wait = FIRST_WAIT_SECONDS * 2 ** min(self.failures, 10)
        self.failures += 1
        self.not_before = now + min(wait, LONGEST_WAIT_SECONDS)


@dataclass(slots=True)
class Sweep:
    """Looks into PostgreSQL for what is out of date, so that no ring is ever needed.

    The first round looks at every municipality, a later one at those with new events
    and at those that an earlier one found busy, unfinished or failing.
    """

    database: Database
    entering: Entering = field(default_factory=Entering)
    owed: dict[int, Owed] = field(default_factory=dict)
    look_from: str | None = None

    async def round(self) -> bool:
        """Bring up to date what is due; the rest waits for a later round."""
        changes = await usecases.look_for_changes(self.database, self.look_from)
        for municipality_id in changes.municipality_ids:
            self.owed.setdefault(municipality_id, Owed())
        self.look_from = changes.look_on_from
        now = asyncio.get_running_loop().time()
        due = [each for each, owed in self.owed.items() if owed.not_before <= now]
        if len(due) >= MANY:
            for begin in range(0, len(due), MOST_TOGETHER):
                together = due[begin : begin + MOST_TOGETHER]
                await wide_usecases.recalculate_area(self.database, together)
        slots = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for municipality_id in due:
                group.create_task(self._bring_up_to_date(municipality_id, slots))
        return False

    async def _bring_up_to_date(
        self, municipality_id: int, slots: asyncio.Semaphore
    ) -> None:
        async with slots:
            outcome = await self._outcome(municipality_id)
        match outcome:
            case Outcome.UP_TO_DATE:
                del self.owed[municipality_id]
            case Outcome.FAILED:
                self.owed[municipality_id].postpone(asyncio.get_running_loop().time())
            case Outcome.BUSY | Outcome.UNFINISHED:
                pass

    async def _outcome(self, municipality_id: int) -> Outcome:
        """Recalculate; whatever goes wrong with one, the others are looked at."""
        try:
            return await usecases.recalculate_municipality(
                self.database,
                municipality_id,
                entered=partial(self.entering.more, municipality_id),
            )
        except Exception:
            log.exception("recalculation_failed", municipality_id=municipality_id)
            return Outcome.FAILED
