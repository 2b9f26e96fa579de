"""Password hashes: argon2id, with the parameters of the library's authors."""

import asyncio
from functools import cache

from pwdlib import PasswordHash

from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.password_rules import password_faults

_hasher = PasswordHash.recommended()


class PasswordRefusedError(InvalidInputError):
    """The new password is too short, the login itself, or among the commonest."""

    code = "password_refused"
    title = Text("Новый пароль не подходит", "The new password was refused")


def require_good_password(password: str, *, login: str, old: str | None = None) -> None:
    """Refuse a new password that breaks a rule, or is the old one.

    Raises:
        PasswordRefusedError: it does; the password itself is not repeated.
    """
    faults = password_faults(password, login=login)
    if password == old:
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


def hash_password(password: str) -> str:
    """Return the salted hash; takes tens of milliseconds by design."""
    return _hasher.hash(password)


@cache
def _hash_of_nobody() -> str:
    """Return what is verified against when a login is unknown.

    So the time that a refusal takes does not tell whether the login exists.
    """
    return hash_password("no account has this password")


async def is_correct(password: str, password_hash: str | None) -> bool:
    """Tell whether the password fits; without a hash, take the time and say no."""
    fits = await asyncio.to_thread(
        _hasher.verify, password, password_hash or _hash_of_nobody()
    )
    return fits and password_hash is not None
