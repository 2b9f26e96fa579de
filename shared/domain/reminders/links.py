"""Signed links in messages: who may answer which deadline how, until when."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.domain.errors import NotFoundError, Text
from shared.domain.reminders.recipients import Recipient
from shared.domain.reminders.tokens import key_for, opened, sealed

PATH = "/v1/reminder-links"
LIFETIME = timedelta(days=30)
SNOOZE = timedelta(days=3)
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
    return key_for(secret, _PURPOSE)


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
    return sealed(fields, key)


def read_token(token: str, key: bytes, *, now: datetime) -> Answering:
    """Return what a token allows.

    Raises:
        LinkInvalidError: it was not signed with the key, or has expired.
    """
    try:
        account, post, school, deadline, due_on, act, expires = opened(token, key)
    except ValueError:
        raise refusal() from None
    answering = Answering(
        Recipient(account, post, school),
        deadline,
        date.fromisoformat(due_on),
        Act(act),
        datetime.fromtimestamp(expires, now.tzinfo),
    )
    if answering.expires_at <= now:
        raise refusal()
    return answering


def digest_of(token: str) -> str:
    """Return what a used token is remembered by."""
    return hashlib.sha256(token.encode()).hexdigest()


def refusal() -> LinkInvalidError:
    """Return the refusal of a link, whatever is wrong with it."""
    return LinkInvalidError(
        Text(
            "Ссылка повреждена, устарела или уже использована. Войдите в систему и "
            "ответьте там.",
            "The link is damaged, out of date or was used before. Sign in and answer "
            "there.",
        )
    )
