"""Pushes: written before they are sent, ended with what was answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Integer, cast, delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.notifier.exchange.records import (
    Address,
    Due,
    Outcome,
    Parcel,
    Status,
)
from services.notifier.exchange.rendering import RenderedFile
from shared.persistence.paging import AnyRow
from shared.persistence.tables.exchange import (
    ExchangeAcceptedRow,
    ExchangeChangeRow,
    ExchangeFileRow,
    ExchangePushRow,
    ExchangeTargetRow,
)
from shared.persistence.work import Work

_PUSH: Final = ExchangePushRow.__table__.c


async def find_sending(work: Work, target_id: int) -> AnyRow | None:
    """Return the push of a target that has no end yet."""
    found = await work.session.execute(
        select(*_PUSH).where(
            _PUSH.target_id == target_id, _PUSH.status == Status.SENDING
        )
    )
    row: AnyRow | None = found.one_or_none()
    return row


async def lease(work: Work, push_id: int, until: datetime) -> int:
    """Take a push for one attempt; return how many there were before."""
    attempts: int | None = await work.session.scalar(
        update(ExchangePushRow)
        .where(_PUSH.id == push_id)
        .values(leased_until=until, attempts=_PUSH.attempts + 1)
        .returning(_PUSH.attempts)
    )
    return attempts or 0


async def write_push(
    work: Work,
    due: Due,
    values: Mapping[str, Any],
    files: Sequence[RenderedFile],
    changes: Mapping[str, bytes | None],
) -> AnyRow:
    """Write a push with its bytes and what it changes there, and return it."""
    target, reason = due.address.target, due.reason
    place = {"municipality_id": target.municipality_id}
    push = (
        await work.session.execute(
            insert(ExchangePushRow)
            .values(
                **place,
                **values,
                target_id=target.id,
                status=Status.SENDING,
                cause=reason.cause,
                asked_by=reason.asked_by,
                attempts=0,
            )
            .returning(*_PUSH)
        )
    ).one()
    await work.session.execute(
        insert(ExchangeFileRow),
        [
            place
            | {
                "push_id": push.id,
                "number": number,
                "name": file.name,
                "media_type": file.media_type,
                "content": file.content,
                "sha256": file.sha256,
            }
            for number, file in enumerate(files, start=1)
        ],
    )
    await work.session.execute(
        insert(ExchangeChangeRow),
        [
            place | {"push_id": push.id, "row_key": key, "digest": digest}
            for key, digest in changes.items()
        ],
    )
    return push


async def read_parcel(
    work: Work, address: Address, push: AnyRow, *, attempts: int, until: datetime
) -> Parcel:
    """Return a push with its bytes."""
    rows = await work.session.execute(
        select(
            ExchangeFileRow.name, ExchangeFileRow.media_type, ExchangeFileRow.content
        )
        .where(ExchangeFileRow.push_id == push.id, ExchangeFileRow.content.is_not(None))
        .order_by(ExchangeFileRow.number)
    )
    return Parcel(
        push.id,
        push.target_id,
        address.target.kind,
        address.url,
        address.secrets,
        push.key,
        push.sequence,
        attempts,
        until,
        tuple(
            RenderedFile(row.name, row.media_type, row.content or b"") for row in rows
        ),
    )


async def end_attempt(
    work: Work, parcel: Parcel, outcome: Outcome, *, at: datetime
) -> bool:
    """Write what became of an attempt; False if another process has the push now."""
    is_over = outcome.status is not Status.SENDING
    again_at = None if outcome.again_in is None else at + outcome.again_in
    statement = (
        update(ExchangePushRow)
        .where(
            _PUSH.id == parcel.push_id,
            _PUSH.status == Status.SENDING,
            _PUSH.leased_until == parcel.leased_until,
        )
        .values(
            status=outcome.status,
            leased_until=None,
            next_try_at=again_at,
            ended_at=at if is_over else None,
            code=outcome.code,
            answer=outcome.answer,
            receipt=outcome.receipt,
        )
        .returning(_PUSH.id)
    )
    return (await work.session.scalar(statement)) is not None


async def accept(work: Work, parcel: Parcel) -> None:
    """Note that the other side has now what the push says."""
    change = ExchangeChangeRow.__table__.c
    gone = select(change.row_key).where(
        change.push_id == parcel.push_id, change.digest.is_(None)
    )
    await work.session.execute(
        delete(ExchangeAcceptedRow).where(
            ExchangeAcceptedRow.target_id == parcel.target_id,
            ExchangeAcceptedRow.row_key.in_(gone),
        )
    )
    there = select(
        literal(parcel.target_id), change.row_key, change.municipality_id, change.digest
    ).where(change.push_id == parcel.push_id, change.digest.is_not(None))
    statement = upsert(ExchangeAcceptedRow).from_select(
        ["target_id", "row_key", "municipality_id", "digest"], there
    )
    await work.session.execute(
        statement.on_conflict_do_update(
            index_elements=["target_id", "row_key"],
            set_={"digest": statement.excluded.digest},
        )
    )


async def forget_changes(work: Work, push_id: int) -> None:
    """Drop what a push that is over would have changed."""
    await work.session.execute(
        delete(ExchangeChangeRow).where(ExchangeChangeRow.push_id == push_id)
    )


async def forget_bytes(work: Work, *, now: datetime) -> int:
    """Drop the bytes of pushes whose time is over; return of how many files."""
    file, target = ExchangeFileRow.__table__.c, ExchangeTargetRow.__table__.c
    age = func.make_interval(0, 0, 0, cast(target.bytes_kept_days, Integer))
    forgotten = await work.session.scalars(
        update(ExchangeFileRow)
        .where(
            file.content.is_not(None),
            file.push_id == _PUSH.id,
            _PUSH.target_id == target.id,
            _PUSH.status != Status.SENDING,
            _PUSH.ended_at < now - age,
        )
        .values(content=None)
        .returning(file.id)
        .execution_options(synchronize_session=False)
    )
    return len(forgotten.all())
