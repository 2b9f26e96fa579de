"""Signing in."""

from services.api.access.passwords import is_correct
from services.api.access.repository import find_password_hash
from shared.domain.errors import Text, UnauthenticatedError
from shared.persistence.work import Work


class SignInFailedError(UnauthenticatedError):
    """The login is unknown, inactive, or the password does not fit it."""

    code = "sign_in_failed"
    title = Text("Вход не выполнен", "Sign-in failed")


async def sign_in(work: Work, login: str, password: str) -> int:
    """Return the account that login and password belong to.

    Raises:
        SignInFailedError: there is none; which of the two is wrong is not told.
    """
    login = login.strip().lower()
    # PostgreSQL keeps no text with a NUL, and refuses to look for one.
    found = None if "\0" in login else await find_password_hash(work, login)
    user_id, password_hash = found or (0, None)
    if not await is_correct(password, password_hash):
        raise SignInFailedError(
            Text("Неверный логин или пароль.", "Wrong login or password.")
        )
    return user_id
