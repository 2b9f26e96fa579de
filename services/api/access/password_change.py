"""Choosing another password."""

import asyncio

from services.api.access import repository
from services.api.access.attempts import admit_attempt, digest_of
from services.api.access.passwords import (
    hash_password,
    is_correct,
    require_good_password,
)
from services.api.access.session_repository import forget_attempts
from services.api.access.usecases import end_other_sessions
from services.api.http.auth import Actor
from shared.domain.errors import InvalidInputError, Text
from shared.persistence.audit import record_change
from shared.persistence.engine import Database
from shared.persistence.work import Work, begin_as_system


class WrongPasswordError(InvalidInputError):
    """The old password does not fit; nothing was changed."""

    code = "wrong_password"
    title = Text("Старый пароль неверен", "The old password is wrong")


async def change_password(
    work: Work, actor: Actor, *, database: Database, old: str, new: str
) -> None:
    """Set another password and end all other sessions of the account.

    Tries at the old password are counted with those of signing in, in a transaction
    of their own: who has stolen a token shall not guess here what it cannot there.

    Raises:
        WrongPasswordError: `old` is not the password.
        PasswordRefusedError: `new` breaks a rule, or is the old one.
        TooManyAttemptsError: too many tries have failed before this one.
    """
    login, password_hash = await repository.find_credentials(work, actor.user_id)
    require_good_password(new, login=login, old=old)
    async with begin_as_system(database) as own:
        await admit_attempt(own, login, work.origin.address)
    if not await is_correct(old, password_hash):
        raise WrongPasswordError(
            Text("Старый пароль неверен.", "The old password is wrong."),
        )
    async with begin_as_system(database) as own:
        await forget_attempts(own, digest_of(login))
    hashed = await asyncio.to_thread(hash_password, new)
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
