"""Password hashes: argon2id, with the parameters of the library's authors."""

import asyncio
from functools import cache

from pwdlib import PasswordHash

_hasher = PasswordHash.recommended()


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
