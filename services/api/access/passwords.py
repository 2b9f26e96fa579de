"""Password hashes: argon2id, with the parameters of the library's authors."""

import asyncio

from pwdlib import PasswordHash

_hasher = PasswordHash.recommended()
# Verified against when a login is unknown, so that the time taken tells nothing.
_nobody = _hasher.hash("no account has this password")


def hash_password(password: str) -> str:
    """Return the salted hash; takes tens of milliseconds by design."""
    return _hasher.hash(password)


async def is_correct(password: str, password_hash: str | None) -> bool:
    """Tell whether the password fits; without a hash, take the time and say no."""
    fits = await asyncio.to_thread(_hasher.verify, password, password_hash or _nobody)
    return fits and password_hash is not None
