"""Signed links that switch off what an account need not be mailed (RFC 8058)."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.reminders.links import refusal
from shared.domain.reminders.tokens import key_for, opened, sealed

PATH = "/v1/unsubscribe-links"
_PURPOSE = b"podyom unsubscribe links"


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """Whose mails a link switches off, until when it does."""

    account_id: int
    expires_at: datetime


def key_of(secret: str) -> bytes:
    """Return the key of these links; one that answers a reminder has another."""
    return key_for(secret, _PURPOSE)


def signed(wish: Unsubscribing, key: bytes) -> str:
    """Return the token of a link: letters, digits, ``-``, ``_`` and one dot."""
    return sealed([wish.account_id, int(wish.expires_at.timestamp())], key)


def read_token(token: str, key: bytes, *, now: datetime) -> Unsubscribing:
    """Return whose mails a token switches off.

    Raises:
        LinkInvalidError: it was not signed with the key, or has expired.
    """
    try:
        account, expires = opened(token, key)
    except ValueError:
        raise refusal() from None
    wish = Unsubscribing(account, datetime.fromtimestamp(expires, now.tzinfo))
    if wish.expires_at <= now:
        raise refusal()
    return wish
