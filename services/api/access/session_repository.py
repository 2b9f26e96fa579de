"""Sessions and tries to sign in; every time here is the machine's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from shared.persistence.tables.sessions import SessionRow, SignInAttemptRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

LONGEST_USER_AGENT = 200  # characters
SWEPT_AT_ONCE = 100
ENDED_SESSIONS_ARE_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a try to sign in comes from, as far as that can be known."""

    address: str | None
    user_agent: str | None


async def create_session(
    work: Work, user_id: int, caller: Caller, *, now: datetime, expires_at: datetime
) -> int:
    """Write a session and return its number."""
    statement = (
        insert(SessionRow)
        .values(
            user_id=user_id,
            created_at=now,
            last_seen_at=now,
            expires_at=expires_at,
            address=caller.address,
            user_agent=(caller.user_agent or "")[:LONGEST_USER_AGENT] or None,
        )
        .returning(SessionRow.id)
    )
    return (await work.session.scalars(statement)).one()


def _going_on(user_id: int, now: datetime) -> ColumnElement[bool]:
    return (
        (SessionRow.user_id == user_id)
        & SessionRow.revoked_at.is_(None)
        & (SessionRow.expires_at > now)
    )


async def list_sessions(
    work: Work, user_id: int, *, now: datetime, after: int, limit: int
) -> Sequence[Any]:
    """Return the sessions that still go on, oldest first, one more than `limit`."""
    statement = (
        select(
            SessionRow.id,
            SessionRow.created_at,
            SessionRow.last_seen_at,
            SessionRow.expires_at,
            SessionRow.address,
            SessionRow.user_agent,
        )
        .where(_going_on(user_id, now), SessionRow.id > after)
        .order_by(SessionRow.id)
        .limit(limit + 1)
    )
    return (await work.session.execute(statement)).all()


async def revoke_session(
    work: Work, user_id: int, session_id: int, *, now: datetime
) -> bool:
    """End a session of the account; False if it has none such going on."""
    statement = (
        update(SessionRow)
        .where(_going_on(user_id, now), SessionRow.id == session_id)
        .values(revoked_at=now)
        .returning(SessionRow.id)
    )
    return (await work.session.scalars(statement)).one_or_none() is not None


async def revoke_others(
    work: Work, user_id: int, session_id: int, *, now: datetime
) -> Sequence[int]:
    """End all sessions of the account but this one; return which those were."""
    statement = (
        update(SessionRow)
        .where(_going_on(user_id, now), SessionRow.id != session_id)
        .values(revoked_at=now)
        .returning(SessionRow.id)
    )
    return (await work.session.scalars(statement)).all()


async def place_of(work: Work, user_id: int) -> Row[int | None, int | None]:
    """Return municipality and school of an account that is there."""
    statement = select(UserRow.municipality_id, UserRow.school_id).where(
        UserRow.id == user_id
    )
    return (await work.session.execute(statement)).one()


async def lock_attempts(work: Work, *keys: str) -> None:
    """Let one transaction at a time count the tries of each of these keys."""
    for key in keys:
        await work.session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
            {"key": key},
        )


async def count_attempts(
    work: Work, *, login_digest: str, address: str | None, since: datetime
) -> tuple[tuple[int, datetime | None], tuple[int, datetime | None]]:
    """Return number and time of the latest of the tries of the login; of the address.

    A try still under way counts as one that failed.
    """
    counted: list[tuple[int, datetime | None]] = []
    for condition in (
        SignInAttemptRow.login_digest == login_digest,
        SignInAttemptRow.address == address,
    ):
        statement = select(func.count(), func.max(SignInAttemptRow.tried_at)).where(
            condition, SignInAttemptRow.tried_at > since
        )
        number, latest = (await work.session.execute(statement)).one()
        counted.append((number, latest))
    return counted[0], counted[1]


async def add_attempt(
    work: Work, *, login_digest: str, address: str | None, now: datetime
) -> None:
    """Write that somebody tries to sign in."""
    await work.session.execute(
        insert(SignInAttemptRow).values(
            login_digest=login_digest, address=address, tried_at=now
        )
    )


async def forget_attempts(work: Work, login_digest: str) -> None:
    """Count afresh for a login that somebody has just signed in with."""
    await work.session.execute(
        delete(SignInAttemptRow).where(SignInAttemptRow.login_digest == login_digest)
    )


async def sweep(work: Work, *, tried_before: datetime, now: datetime) -> None:
    """Delete some of what nobody will ask for; others' locked rows are passed over."""
    old_attempts = (
        select(SignInAttemptRow.id)
        .where(SignInAttemptRow.tried_at <= tried_before)
        .limit(SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    await work.session.execute(
        delete(SignInAttemptRow).where(SignInAttemptRow.id.in_(old_attempts))
    )
    old_sessions = (
        select(SessionRow.id)
        .where(SessionRow.expires_at < now - ENDED_SESSIONS_ARE_KEPT)
        .limit(SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    await work.session.execute(
        delete(SessionRow).where(SessionRow.id.in_(old_sessions))
    )
