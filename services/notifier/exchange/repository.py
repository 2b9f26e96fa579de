"""Targets that have something to do, their pushes, and what was answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.notifier.exchange.records import (
    Address,
    State,
    Status,
)
from shared.domain.exchange.schedule import Rhythm
from shared.persistence.exchange import ExchangeTarget, target_of, within
from shared.persistence.paging import AnyRow
from shared.persistence.tables.exchange import (
    ExchangePushRow,
    ExchangeRunRow,
    ExchangeStateRow,
    ExchangeTargetRow,
)
from shared.persistence.tables.feed import ChangeRow
from shared.persistence.work import Work
from shared.runtime.clock import system_now

LARGEST: Final = 5_000  # rows of a push, until the other side finds it too large

_TARGET = ExchangeTargetRow.__table__.c
_STATE = ExchangeStateRow.__table__.c
_PUSH = ExchangePushRow.__table__.c


async def list_targets(work: Work) -> Sequence[int]:
    """Return the targets that are used, and those with a push on its way."""
    on_its_way = select(_PUSH.target_id).where(_PUSH.status == Status.SENDING)
    found = await work.session.scalars(
        select(_TARGET.id)
        .where(_TARGET.is_active | _TARGET.id.in_(on_its_way))
        .order_by(_TARGET.id)
    )
    return found.all()


async def lock(work: Work, target_id: int) -> tuple[Address, State] | None:
    """Return a target that nobody else works on until the transaction ends."""
    row = (
        await work.session.execute(select(*_TARGET).where(_TARGET.id == target_id))
    ).one()
    begun = upsert(ExchangeStateRow).values(
        target_id=target_id,
        municipality_id=row.municipality_id,
        sequence=0,
        version=0,
        run_id=0,
        number=0,
        is_owed=False,
        largest=LARGEST,
    )
    await work.session.execute(begun.on_conflict_do_nothing())
    state = (
        await work.session.execute(
            select(*_STATE)
            .where(_STATE.target_id == target_id)
            .with_for_update(skip_locked=True)
        )
    ).one_or_none()
    if state is None:
        return None
    return _address(row), State(
        sequence=state.sequence,
        version=state.version,
        next_run_at=state.next_run_at,
        run_id=state.run_id,
        number=state.number,
        is_owed=state.is_owed,
        largest=state.largest,
    )


def _address(row: AnyRow) -> Address:
    return Address(
        target=target_of(row),
        url=row.url,
        secrets=_valid_secrets(row, system_now()),
        is_active=row.is_active,
        version=row.version,
        rhythm=Rhythm(row.rhythm),
        at_time=row.at_time,
        weekday=row.weekday,
    )


def _valid_secrets(row: AnyRow, now: datetime) -> tuple[str, ...]:
    is_former_valid = row.former_until is not None and now < row.former_until
    former = (row.former_secret,) if is_former_valid else ()
    return () if row.secret is None else (row.secret, *former)


async def newest_wish(work: Work, target_id: int, after: int) -> tuple[int, int] | None:
    """Return number and account of the last wish to push now, later than one."""
    row = (
        await work.session.execute(
            select(ExchangeRunRow.id, ExchangeRunRow.asked_by)
            .where(ExchangeRunRow.target_id == target_id, ExchangeRunRow.id > after)
            .order_by(ExchangeRunRow.id.desc())
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else (row.id, row.asked_by)


async def newest_change(work: Work, target: ExchangeTarget, after: int) -> int | None:
    """Return the number of the last change that concerns the target, later than one."""
    number: int | None = await work.session.scalar(
        select(func.max(ChangeRow.number)).where(
            ChangeRow.number > after,
            ChangeRow.dataset.in_(target.dataset.followed),
            within(target, ChangeRow.municipality_id),
        )
    )
    return number


async def note_state(work: Work, target_id: int, values: Mapping[str, Any]) -> None:
    """Write how far a target is."""
    await work.session.execute(
        update(ExchangeStateRow).where(_STATE.target_id == target_id).values(**values)
    )


async def shrink(work: Work, target_id: int) -> None:
    """Send half as much at once from now on, beginning now."""
    await work.session.execute(
        update(ExchangeStateRow)
        .where(_STATE.target_id == target_id)
        .values(
            largest=func.greatest(_STATE.largest / 2, 1), is_owed=_STATE.largest > 1
        )
    )
