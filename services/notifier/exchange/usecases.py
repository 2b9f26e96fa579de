"""Sending what is different to regional systems: once, whoever dies meanwhile.

A push is written with its very bytes and its key before it is sent, and sent again with
both until it is answered. What was accepted is noted with the answer; until then no
other push of the target is made.
"""

import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

import structlog

from services.notifier.channels.posting import calling
from services.notifier.exchange import push_repository, repository
from services.notifier.exchange.records import (
    Address,
    Cause,
    Due,
    Outcome,
    Parcel,
    Reason,
    State,
    Status,
)
from services.notifier.exchange.rendering import render
from services.notifier.exchange.sending import send
from shared.domain.exchange.differences import Difference
from shared.domain.exchange.schedule import Rhythm, next_run
from shared.persistence.engine import Database
from shared.persistence.exchange import Prepared, prepare
from shared.persistence.outages import is_outage
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work, begin_as_system
from shared.runtime.clock import system_now
from shared.runtime.file_store import FileStore

log = structlog.stdlib.get_logger()

LEASE: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRoom:
    """Where pushes are made and sent; several processes may have one each."""

    engine: Database
    files: FileStore
    allows_private: bool

    async def push_round(self) -> bool:
        """Do what is due for every target; return whether there may be more."""
        async with begin_as_system(self.engine) as work:
            forgotten = await push_repository.forget_bytes(work, now=system_now())
            targets = await repository.list_targets(work)
        if forgotten:
            log.info("exchange_bytes_forgotten", files=forgotten)
        goes_on = False
        for target_id in targets:
            try:
                goes_on |= await self._serve(target_id)
            except Exception as error:  # one target never stops the others
                if is_outage(error):
                    raise
                log.exception("exchange_failed", target_id=target_id)
        return goes_on

    async def _serve(self, target_id: int) -> bool:
        """Send a push of the target, if one is due; return whether one ended."""
        parcel = await self._take(target_id)
        if parcel is None:
            return False
        outcome = await self._send(parcel)
        await self._record(parcel, outcome)
        return outcome.again_in is None

    async def _take(self, target_id: int) -> Parcel | None:
        """Return a push that is to be sent now, and by nobody else."""
        async with begin_as_system(self.engine) as work:
            found = await repository.lock(work, target_id)
            if found is None:
                return None
            address, state = found
            push = await push_repository.find_sending(work, target_id)
            if push is None and address.is_active:
                push = await _make(work, address, state)
            now = system_now()
            if push is None or _is_waiting(push, now):
                return None
            until = now + LEASE
            attempts = await push_repository.lease(work, push.id, until)
            return await push_repository.read_parcel(
                work, address, push, attempts=attempts, until=until
            )

    async def _send(self, parcel: Parcel) -> Outcome:
        async with calling() as client:
            return await send(
                parcel,
                client=client,
                files=self.files,
                allows_private=self.allows_private,
            )

    async def _record(self, parcel: Parcel, outcome: Outcome) -> None:
        async with begin_as_system(self.engine) as work:
            ended = await push_repository.end_attempt(
                work, parcel, outcome, at=system_now()
            )
            if not ended:
                log.warning("exchange_lease_lost", push_id=parcel.push_id)
                return
            if outcome.status is Status.ACCEPTED:
                await push_repository.accept(work, parcel)
            if outcome.status is not Status.SENDING:
                await push_repository.forget_changes(work, parcel.push_id)
            if outcome.is_too_large:
                await repository.shrink(work, parcel.target_id)
        log.info("exchange_push", push_id=parcel.push_id, status=outcome.status.value)


def _is_waiting(push: AnyRow, now: Any) -> bool:
    is_leased = push.leased_until is not None and push.leased_until > now
    return is_leased or (push.next_try_at is not None and push.next_try_at > now)


async def _make(work: Work, address: Address, state: State) -> AnyRow | None:
    """Write the next push, if one is due and there is something to send."""
    reason = await _reason(work, address, state)
    planned = {"version": address.version, "next_run_at": _planned(work, address)}
    is_replanned = address.version != state.version
    if reason is None:
        if is_replanned:
            await repository.note_state(work, address.target.id, planned)
        return None
    prepared = await prepare(work, address.target)
    change = prepared.difference.first(state.largest)
    size = len(change.upserts) + len(change.deletes)
    whole = prepared.difference
    noted = {
        **planned,
        "run_id": reason.run_id,
        "number": reason.number,
        "is_owed": size < len(whole.upserts) + len(whole.deletes),
        "sequence": state.sequence + bool(change),
    }
    await repository.note_state(work, address.target.id, noted)
    if not change:
        return None
    return await _write(work, Due(address, state, reason), prepared, change)


async def _write(
    work: Work, due: Due, prepared: Prepared, change: Difference
) -> AnyRow:
    target, sequence = due.address.target, due.state.sequence + 1
    digests: dict[str, bytes | None] = dict.fromkeys(change.deletes)
    digests |= {key: prepared.digests[key] for key in change.upserts}
    values = {
        "sequence": sequence,
        "key": uuid.uuid4().hex,
        "upserts": len(change.upserts),
        "deletes": len(change.deletes),
        "unchanged": change.unchanged,
        "held": [asdict(each) for each in prepared.held],
        "made_at": system_now(),
    }
    files = render(target.kind, target.dataset, sequence, change)
    return await push_repository.write_push(work, due, values, files, digests)


async def _reason(work: Work, address: Address, state: State) -> Reason | None:
    """Return why a push is due now; None if none is."""
    target = address.target
    wish = await repository.newest_wish(work, target.id, state.run_id)
    number, run_id = state.number, state.run_id
    cause: Cause | None = None
    asked_by = None
    if wish is not None:
        (run_id, asked_by), cause = wish, Cause.ASKED
    elif state.is_owed:
        cause = Cause.SCHEDULE
    elif address.rhythm is Rhythm.ON_CHANGE:
        cause = Cause.CHANGE
    elif (
        state.version == address.version
        and state.next_run_at is not None
        and state.next_run_at <= work.now
    ):
        cause = Cause.SCHEDULE
    if address.rhythm is Rhythm.ON_CHANGE:
        newest = await repository.newest_change(work, target, number)
        number = number if newest is None else newest
        is_new = newest is not None or state.version != address.version
        if cause is Cause.CHANGE and not is_new:
            return None
    return None if cause is None else Reason(cause, asked_by, run_id, number)


def _planned(work: Work, address: Address) -> Any:
    return next_run(
        work.now,
        address.rhythm,
        at_time=address.at_time,
        weekday=address.weekday,
        time_zone=address.target.time_zone,
    )
