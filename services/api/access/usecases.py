"""Signing in, and ending what came of it."""

from services.api.access import session_repository
from services.api.access.attempts import admit_attempt, digest_of, note_lock_out
from services.api.access.passwords import is_correct
from services.api.access.repository import find_password_hash
from services.api.access.session_repository import Caller
from services.api.http.auth import TOKEN_LIFETIME, Actor
from shared.domain.errors import NotFoundError, Text, UnauthenticatedError
from shared.persistence.audit import created, record_change
from shared.persistence.engine import Database
from shared.persistence.work import Origin, Work, begin_as_system
from shared.runtime.clock import system_now


class SignInFailedError(UnauthenticatedError):
    """The login is unknown, inactive, or the password does not fit it."""

    code = "sign_in_failed"
    title = Text("Вход не выполнен", "Sign-in failed")


class SessionNotFoundError(NotFoundError):
    """The account has no such session, or it has ended."""

    code = "session_not_found"
    title = Text("Сеанс не найден", "Session not found")


async def sign_in(
    database: Database, login: str, password: str, caller: Caller, *, origin: Origin
) -> tuple[int, int]:
    """Open a session; return the account that login and password belong to, and it.

    There are two transactions, and none while the password is looked at, which takes
    tens of milliseconds.

    Raises:
        SignInFailedError: there is none; which of the two is wrong is not told.
        TooManyAttemptsError: too many tries have failed before this one.
    """
    login = login.strip().lower()
    async with begin_as_system(database, origin=origin) as work:
        await admit_attempt(work, login, caller.address)
        # PostgreSQL keeps no text with a NUL, and refuses to look for one.
        found = None if "\0" in login else await find_password_hash(work, login)
    user_id, password_hash = found or (0, None)
    if not await is_correct(password, password_hash):
        async with begin_as_system(database, origin=origin) as work:
            await note_lock_out(work, login, user_id)
        raise SignInFailedError(
            Text("Неверный логин или пароль.", "Wrong login or password.")
        )
    async with begin_as_system(database, origin=origin) as work:
        await session_repository.forget_attempts(work, digest_of(login))
        return user_id, await open_session(work, user_id, caller, how="password")


async def open_session(work: Work, user_id: int, caller: Caller, *, how: str) -> int:
    """Open a session of an account that somebody has proved to be theirs."""
    now = system_now()
    session_id = await session_repository.create_session(
        work, user_id, caller, now=now, expires_at=now + TOKEN_LIFETIME
    )
    work.user_id = user_id
    place = await session_repository.place_of(work, user_id)
    await record_change(
        work,
        "session",
        "create",
        created({"how": how}),
        municipality_id=place.municipality_id,
        entity_id=session_id,
        school_id=place.school_id,
    )
    return session_id


async def end_session(work: Work, actor: Actor, session_id: int) -> None:
    """End a session of the caller's; its token is refused from now on.

    Raises:
        SessionNotFoundError: the caller has no such session.
    """
    now = system_now()
    if not await session_repository.revoke_session(
        work, actor.user_id, session_id, now=now
    ):
        raise SessionNotFoundError(
            Text(
                f"Сеанса {session_id} у вас нет или он уже завершён.",
                f"You have no session {session_id}, or it has ended.",
            )
        )
    await _record_end(work, actor, session_id)


async def end_other_sessions(work: Work, actor: Actor) -> None:
    """End all sessions of the caller but the one that asks."""
    for session_id in await session_repository.revoke_others(
        work, actor.user_id, actor.session_id, now=system_now()
    ):
        await _record_end(work, actor, session_id)


async def _record_end(work: Work, actor: Actor, session_id: int) -> None:
    await record_change(
        work,
        "session",
        "end",
        {},
        municipality_id=actor.municipality_id,
        entity_id=session_id,
        school_id=actor.school_id,
    )
