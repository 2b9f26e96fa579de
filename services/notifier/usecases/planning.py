"""Planning reminders, wherever and whenever something may have become due."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from services.notifier.repository import planning as repository
from services.notifier.repository.planning import Tenant
from shared.domain.reminders.bundles import bundles
from shared.domain.reminders.day import effects_of_day
from shared.domain.reminders.rules import ReminderRules
from shared.persistence.engine import Database
from shared.persistence.outages import is_outage
from shared.persistence.reminder_people import Scope
from shared.persistence.reminder_situations import last_due, read_situations
from shared.persistence.work import Work, begin_as_system
from shared.runtime.clock import system_now

log = structlog.stdlib.get_logger()

# Accounts change without an event, so everything is looked at this often.
FULL_ROUND_EVERY = timedelta(minutes=1)


async def plan_municipality(
    work: Work, tenant: Tenant, rules: ReminderRules, *, domain: str, at: datetime
) -> int:
    """Plan what is due in a municipality today; return how many reminders are new.

    On a day off nobody is told anything new. `at` is the machine's time, from which
    they may be sent.
    """
    await repository.lock_planning(work, tenant.id)
    today = local_date(work.now, tenant)
    situations = await read_situations(work, rules, Scope([tenant.id]))
    situation = situations[tenant.id]
    if not situation.calendar.is_working_day(today):
        return 0
    deadlines = await repository.read_deadlines(
        work, tenant.id, last=last_due(situation, today)
    )
    standing = list(effects_of_day(deadlines, situation, today))
    if not standing:
        return 0
    planned = await repository.read_planned(work, standing)
    fresh = [effect for effect in standing if effect.key not in planned]
    if not fresh:
        return 0
    messages = bundles(
        fresh, situation, now=work.now, zone=tenant.time_zone, domain=domain
    )
    return await repository.insert_bundles(work, tenant.id, messages, next_try_at=at)


def local_date(now: datetime, tenant: Tenant) -> date:
    """Return the date in the municipality's time zone."""
    return now.astimezone(ZoneInfo(tenant.time_zone)).date()


class Planner:
    """Plans municipality by municipality, where something may have changed.

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
        self._planned_on: dict[int, date] = {}
        self._owed: set[int] = set()

    def owe(self, municipality_id: int) -> None:
        """Look at this municipality in the next round."""
        self._owed.add(municipality_id)

    async def plan_round(self) -> int:
        """Plan where it is needed; return how many reminders are new."""
        planned = 0
        tenants = await self._look()
        for tenant in tenants:
            if tenant.id in self._owed:
                planned += await self._plan(tenant)
        self._owed &= {tenant.id for tenant in tenants}
        return planned

    async def _look(self) -> list[Tenant]:
        """Note which municipalities have to be planned; return all there are."""
        at = system_now()
        async with begin_as_system(self._engine) as work:
            snapshot = await repository.read_snapshot(work)
            tenants = await repository.read_tenants(work)
            if self._seen is not None:
                self._owed |= await repository.read_changed(work, seen=self._seen)
        is_full = self._full_at is None or at - self._full_at >= FULL_ROUND_EVERY
        self._owed |= {
            tenant.id
            for tenant in tenants
            if is_full
            or self._planned_on.get(tenant.id) != local_date(work.now, tenant)
        }
        self._seen = snapshot
        self._full_at = at if is_full else self._full_at
        return tenants

    async def _plan(self, tenant: Tenant) -> int:
        # Taken off the list first: a ring during the planning puts it on again.
        self._owed.discard(tenant.id)
        try:
            async with begin_as_system(self._engine, tenant.id) as work:
                planned = await plan_municipality(
                    work, tenant, self._rules, domain=self._domain, at=system_now()
                )
        except Exception as error:
            self._owed.add(tenant.id)
            if is_outage(error):
                raise
            # One municipality never stops the others.
            log.exception("planning_failed", municipality_id=tenant.id)
            return 0
        self._planned_on[tenant.id] = local_date(work.now, tenant)
        if planned:
            log.info("reminders_planned", municipality_id=tenant.id, count=planned)
        return planned
