"""Signed links in messages: who may answer which deadline how, until when."""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.domain.errors import NotFoundError, Text
from shared.domain.reminders.recipients import Recipient

LIFETIME = timedelta(days=30)
LONGEST = 600  # characters
_PURPOSE = b"podyom reminder links"


class Act(StrEnum):
    """What a link does."""

    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"


class LinkInvalidError(NotFoundError):
    """A link is not one of ours, or does not hold any more."""

    code = "reminder_link_invalid"
    title = Text("Ссылка не действует", "The link does not hold")


@dataclass(frozen=True, slots=True)
class Answering:
    """An answer that a link allows once: by whom, to which deadline of which day."""

    recipient: Recipient
    deadline_id: int
    due_on: date
    act: Act
    expires_at: datetime


def key_of(secret: str) -> bytes:
    """Return the key of links, so that a link is good for nothing else."""
    return hmac.digest(secret.encode(), _PURPOSE, hashlib.sha256)


def signed(answering: Answering, key: bytes) -> str:
    """Return the token of a link: letters, digits, ``-``, ``_`` and one dot."""
    whom = answering.recipient
    fields = [
        whom.account_id,
        whom.post,
        whom.school_id,
        answering.deadline_id,
        answering.due_on.isoformat(),
        answering.act.value,
        int(answering.expires_at.timestamp()),
    ]
    payload = json.dumps(fields, separators=(",", ":")).encode()
    return f"{_text(payload)}.{_text(hmac.digest(key, payload, hashlib.sha256))}"


def read_token(token: str, key: bytes, *, now: datetime) -> Answering:
    """Return what a token allows.

    Raises:
        LinkInvalidError: it was not signed with the key, or has expired.
    """
    payload, _, signature = token.partition(".")
    try:
        content, found = _bytes(payload), _bytes(signature)
    except (binascii.Error, ValueError):
        raise _refusal() from None
    if not hmac.compare_digest(found, hmac.digest(key, content, hashlib.sha256)):
        raise _refusal()
    account, post, school, deadline, due_on, act, expires = json.loads(content)
    answering = Answering(
        Recipient(account, post, school),
        deadline,
        date.fromisoformat(due_on),
        Act(act),
        datetime.fromtimestamp(expires, now.tzinfo),
    )
    if answering.expires_at <= now:
        raise _refusal()
    return answering


def digest_of(token: str) -> str:
    """Return what a used token is remembered by."""
    return hashlib.sha256(token.encode()).hexdigest()


def _refusal() -> LinkInvalidError:
    return LinkInvalidError(
        Text(
            "Ссылка повреждена, устарела или уже использована. Войдите в систему и "
            "ответьте там.",
            "The link is damaged, out of date or was used before. Sign in and answer "
            "there.",
        )
    )


def used_error() -> LinkInvalidError:
    """Return the refusal of a link that was acted on before."""
    return _refusal()


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(
        text + "=" * (-len(text) % 4), altchars=b"-_", validate=True
    )
