"""Choosing another password."""

import asyncio

from fastapi import Request

from services.api.access import repository
from services.api.access.attempts import admit_attempt, digest_of, note_lock_out
from services.api.access.passwords import (
    hash_password,
    is_correct,
    require_good_password,
)
from services.api.access.session_repository import forget_attempts
from services.api.access.usecases import end_other_sessions
from services.api.http.auth import enter
from services.api.http.people import require_person
from services.api.http.state import state_of
from services.api.http.work import transaction
from shared.domain.errors import InvalidInputError, Text
from shared.persistence.audit import record_change
from shared.persistence.work import EVERYTHING


class WrongPasswordError(InvalidInputError):
    """The old password does not fit; nothing was changed."""

    code = "wrong_password"
    title = Text("Старый пароль неверен", "The old password is wrong")


async def change_password(request: Request, token: str, *, old: str, new: str) -> None:
    """Set another password and end all other sessions of the account.

    Tries at the old password are counted with those of signing in, in a transaction
    of their own: who has stolen a token shall not guess here what it cannot there.
    There are two transactions one after the other, and none while a password is
    hashed, so that a request never waits for a second connection.

    Raises:
        WrongPasswordError: `old` is not the password.
        PasswordRefusedError: `new` breaks a rule, or is the old one.
        TooManyAttemptsError: too many tries have failed before this one.
        UnauthenticatedError: the session has ended, perhaps meanwhile.
    """
    secret = state_of(request).settings.secret_key
    async with transaction(request) as work:
        actor = await require_person(await enter(work, token, secret=secret))
        login, password_hash = await repository.find_credentials(work, actor.user_id)
        require_good_password(new, login=login, old=old)
        await work.enter_as_system(EVERYTHING)
        await admit_attempt(work, login, work.origin.address)
    if not await is_correct(old, password_hash):
        async with transaction(request) as work:
            await work.enter_as_system(EVERYTHING)
            await note_lock_out(work, login, actor.user_id)
        raise WrongPasswordError(
            Text("Старый пароль неверен.", "The old password is wrong."),
        )
    hashed = await asyncio.to_thread(hash_password, new)
    async with transaction(request) as work:
        await work.enter_as_system(EVERYTHING)
        await forget_attempts(work, digest_of(login))
        actor = await enter(work, token, secret=secret)
        await repository.save_password_hash(work, actor.user_id, hashed)
        await end_other_sessions(work, actor)
        await record_change(
            work,
            "user",
            "change_password",
            {},
            municipality_id=actor.municipality_id,
            entity_id=actor.user_id,
            school_id=actor.school_id,
        )
