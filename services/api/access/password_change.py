"""Choosing another password."""

import asyncio

from services.api.access import repository
from services.api.access.attempts import admit_attempt, digest_of
from services.api.access.passwords import hash_password, is_correct
from services.api.access.session_repository import forget_attempts
from services.api.access.usecases import end_other_sessions
from services.api.http.auth import Actor
from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.password_rules import password_faults
from shared.persistence.audit import record_change
from shared.persistence.engine import Database
from shared.persistence.work import Work, begin_as_system


class WrongPasswordError(InvalidInputError):
    """The old password does not fit; nothing was changed."""

    code = "wrong_password"
    title = Text("Старый пароль неверен", "The old password is wrong")


class PasswordRefusedError(InvalidInputError):
    """The new password is too short, the login itself, or among the commonest."""

    code = "password_refused"
    title = Text("Новый пароль не подходит", "The new password was refused")


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
    _check(login, old=old, new=new)
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


def _check(login: str, *, old: str, new: str) -> None:
    faults = password_faults(new, login=login)
    if new == old:
        same = Text("не отличается от старого", "the same as the old one")
        faults.append(Fault(column="password", reason=same))
    if faults:
        listed = "; ".join(fault.reason.ru for fault in faults)
        listed_en = "; ".join(fault.reason.en for fault in faults)
        raise PasswordRefusedError(
            Text(
                f"Новый пароль не подходит: {listed}.",
                f"The new password will not do: {listed_en}.",
            ),
            faults=faults,
        )
