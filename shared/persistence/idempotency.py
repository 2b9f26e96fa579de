"""Keeping what was answered to a post, by the key that its sender gave it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from shared.persistence.tables.idempotency import IdempotencyKeyRow
from shared.persistence.work import Work

LIFETIME: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where an answer is kept: whose key it is, and of which operation."""

    user_id: int
    operation: str
    key: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was sent, with the hash of what it answered."""

    request_hash: bytes
    status: int
    headers: dict[str, str]
    body: bytes


async def try_lock(work: Work, slot: Slot) -> bool:
    """Take the slot until this transaction ends; False while another one has it."""
    name = f"idempotency/{slot.user_id}/{slot.operation}/{slot.key}"
    lock = func.pg_try_advisory_xact_lock(func.hashtextextended(name, 0))
    return bool(await work.session.scalar(select(lock)))


async def find(work: Work, slot: Slot, *, now: datetime) -> KeptAnswer | None:
    """Return what was answered in the last day before `now`, the machine's time.

    The lock comes first, in a statement of its own: this one then sees what the
    transaction that held it before has committed.
    """
    row = IdempotencyKeyRow
    found = (
        await work.session.execute(
            select(row.request_hash, row.status, row.headers, row.body).where(
                row.user_id == slot.user_id,
                row.operation == slot.operation,
                row.key == slot.key,
                row.created_at > now - LIFETIME,
            )
        )
    ).one_or_none()
    return None if found is None else KeptAnswer(*found)


async def keep(work: Work, slot: Slot, kept: KeptAnswer, *, now: datetime) -> None:
    """Write an answer into a slot that is locked, over one that is too old."""
    values = {
        "request_hash": kept.request_hash,
        "status": kept.status,
        "headers": kept.headers,
        "body": kept.body,
        "created_at": now,
    }
    statement = insert(IdempotencyKeyRow).values(
        user_id=slot.user_id, operation=slot.operation, key=slot.key, **values
    )
    await work.session.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "operation", "key"], set_=values
        )
    )


async def forget_old(work: Work, *, now: datetime) -> int:
    """Delete answers that are a day old; return how many they were."""
    row = IdempotencyKeyRow
    result = await work.session.execute(
        delete(row).where(row.created_at <= now - LIFETIME).returning(row.user_id)
    )
    return len(result.all())
