"""Planning reminders, wherever and whenever something may have become due."""

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import structlog

from services.notifier.repository import planning as repository
from services.notifier.repository.causes import read_causes
from services.notifier.repository.planning import Tenant
from services.notifier.usecases.traces import spans_of_plans
from shared.domain.reminders.bundles import bundles
from shared.domain.reminders.day import Effect, Situation, effects_of_day
from shared.domain.reminders.rules import ReminderRules
from shared.persistence.engine import Database
from shared.persistence.outages import is_outage
from shared.persistence.reminder_people import Scope
from shared.persistence.reminder_situations import last_due, read_situations
from shared.persistence.work import EVERYTHING, Work, begin_as_system
from shared.runtime.clock import system_now

log = structlog.stdlib.get_logger()

# Accounts change without an event, so everything is looked at this often.
FULL_ROUND_EVERY = timedelta(minutes=1)
REST = 10  # times as long as the last full round took, where that is longer
AT_ONCE = 25  # municipalities in one transaction: their deadlines are in memory at once
LANES = 2  # one computes while the database is busy with the other's


async def plan_municipalities(
    work: Work,
    tenants: Sequence[Tenant],
    rules: ReminderRules,
    *,
    domain: str,
    at: datetime,
    traces: Mapping[int, str],
) -> int:
    """Plan what is due in municipalities today; return how many reminders are new.

    On a day off nobody is told anything new. `at` is the machine's time, from which
    they may be sent, `traces` by municipality that in which it is planned.
    """
    await repository.lock_planning(work, (each.id for each in tenants))
    scope = Scope(sorted(each.id for each in tenants))
    situations = await read_situations(work, rules, scope)
    days = {
        each.id: today
        for each in tenants
        if situations[each.id].calendar.is_working_day(
            today := local_date(work.now, each)
        )
    }
    standing = await _standing(work, situations, days)
    effects = (each for these in standing.values() for each in these)
    planned = await repository.read_planned(work, effects)
    messages = [
        (tenant.id, message)
        for tenant in tenants
        for message in bundles(
            (
                each
                for each in standing.get(tenant.id, ())
                if repository.key_text(each) not in planned
            ),
            situations[tenant.id],
            now=work.now,
            zone=tenant.time_zone,
            domain=domain,
        )
    ]
    if not messages:
        return 0
    return await repository.insert_bundles(
        work, messages, next_try_at=at, traces=traces
    )


async def _standing(
    work: Work, situations: Mapping[int, Situation], days: Mapping[int, date]
) -> dict[int, list[Effect]]:
    """Return what stands by municipality, each on its day."""
    last = {place: last_due(situations[place], today) for place, today in days.items()}
    deadlines = await repository.read_deadlines(work, last)
    return {
        place: [*effects_of_day(deadlines[place], situations[place], today)]
        for place, today in days.items()
    }


def local_date(now: datetime, tenant: Tenant) -> date:
    """Return the date in the municipality's time zone."""
    return now.astimezone(ZoneInfo(tenant.time_zone)).date()


class Planner:
    """Plans some municipalities at a time, where something may have changed.

    That is where an event was committed since the last look, where another day has
    begun, where the doorbell rang, where planning failed, and at times everywhere.
    """

    def __init__(self, engine: Database, rules: ReminderRules, *, domain: str) -> None:
        """Plan by `rules`; `domain` is the right side of each Message-ID."""
        self._engine = engine
        self._rules = rules
        self._domain = domain
        self._seen: str | None = None
        self._full_at: datetime | None = None
        self._rest = timedelta(0)
        self._planned_on: dict[int, date] = {}
        self._owed: set[int] = set()
        self._failed: set[int] = set()
        self._causes: dict[int, list[str]] = {}

    def owe(self, municipality_id: int) -> None:
        """Look at this municipality in the next round."""
        self._owed.add(municipality_id)

    async def plan_round(self) -> int:
        """Plan where it is needed; return how many reminders are new."""
        began = system_now()
        tenants = await self._look(began)
        parts = deque(self._parts(tenants))
        lanes = [
            asyncio.create_task(self._plan_parts(parts))
            for _ in range(min(LANES, len(parts)))
        ]
        try:
            planned = sum(await asyncio.gather(*lanes))
        finally:
            for lane in lanes:
                lane.cancel()
            await asyncio.gather(*lanes, return_exceptions=True)
        self._owed &= {tenant.id for tenant in tenants}
        if self._full_at == began:
            self._rest = REST * (system_now() - began)
        return planned

    def _parts(self, tenants: Sequence[Tenant]) -> Iterator[Sequence[Tenant]]:
        """Yield who is owed a look, together; those that failed before, alone."""
        owed = [each for each in tenants if each.id in self._owed]
        sound = [each for each in owed if each.id not in self._failed]
        for start in range(0, len(sound), AT_ONCE):
            yield sound[start : start + AT_ONCE]
        yield from ([each] for each in owed if each.id in self._failed)

    async def _look(self, at: datetime) -> list[Tenant]:
        """Note which municipalities have to be planned; return all there are."""
        async with begin_as_system(self._engine) as work:
            snapshot = await repository.read_snapshot(work)
            tenants = await repository.read_tenants(work)
            if self._seen is not None:
                self._owed |= await repository.read_changed(work, seen=self._seen)
                self._causes |= await read_causes(work, self._seen)
        pause = max(FULL_ROUND_EVERY, self._rest)
        is_full = self._full_at is None or at - self._full_at >= pause
        self._owed |= {
            tenant.id
            for tenant in tenants
            if is_full
            or self._planned_on.get(tenant.id) != local_date(work.now, tenant)
        }
        self._seen = snapshot
        self._full_at = at if is_full else self._full_at
        return tenants

    async def _plan_parts(self, parts: deque[Sequence[Tenant]]) -> int:
        planned = 0
        while parts:
            planned += await self._plan(parts.popleft())
        return planned

    async def _plan(self, tenants: Sequence[Tenant]) -> int:
        """Plan together; where that fails, each alone, so that none stops another."""
        # Taken off the list first: a ring during the planning puts it on again.
        ids = {tenant.id for tenant in tenants}
        self._owed -= ids
        try:
            work, planned = await self._plan_traced(tenants)
        except Exception as error:
            self._owed |= ids
            if is_outage(error):
                raise
            if len(tenants) == 1:
                self._failed |= ids
                log.exception("planning_failed", municipality_id=tenants[0].id)
                return 0
            return sum([await self._plan([each]) for each in tenants])
        self._failed -= ids
        self._planned_on |= {each.id: local_date(work.now, each) for each in tenants}
        return planned

    async def _plan_traced(self, tenants: Sequence[Tenant]) -> tuple[Work, int]:
        """Plan, in the traces of the changes that this is done for."""
        async with begin_as_system(self._engine, _scope(tenants)) as work:
            # A ring may tell of what has come since the look.
            causes = self._causes | await read_causes(work, self._seen)
            ids = causes.keys() & {each.id for each in tenants}
            with spans_of_plans({each: causes[each] for each in ids}) as traces:
                planned = await plan_municipalities(
                    work,
                    tenants,
                    self._rules,
                    domain=self._domain,
                    at=system_now(),
                    traces=traces,
                )
                if planned:
                    log.info(
                        "reminders_planned",
                        municipalities=len(tenants),
                        count=planned,
                    )
        for each in ids:
            self._causes.pop(each, None)
        return work, planned


def _scope(tenants: Sequence[Tenant]) -> int | Literal["all"]:
    return tenants[0].id if len(tenants) == 1 else EVERYTHING
