"""From words to a mail: addresses and headers that nothing can be smuggled into.

The mail is put together here and not by the package `email`, which takes ten times as
long to fold a Russian subject as a server takes to accept it.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache

from services.notifier.channels.messages import RenderedMessage, one_line

MAX_ADDRESS_LENGTH = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets

_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_DOMAIN = re.compile(r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]{1,64}@[A-Za-z0-9.-]{1,190}>")
_LIST_ID = re.compile(r"[a-z0-9.-]{1,60}")
_URL = re.compile(r"https?://[!-;=?-~]{1,800}")  # printable, and no angle brackets
_BOUNDARY = "=_podyom_part"  # has signs that base64 has not


class UnsafeHeaderError(ValueError):
    """A value that would break the mail's headers; it is shown escaped."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address, with the name that mail programs show beside it."""

    address: str
    name: str = ""


def build_mail(
    rendered: RenderedMessage,
    *,
    sender: Mailbox,
    recipient: Mailbox,
    message_id: str,
    sent_at: datetime,
    list_id: str | None = None,
    unsubscribe_url: str | None = None,
) -> bytes:
    """Return the mail, marked as automatic so that no robot answers it (RFC 3834).

    Args:
        rendered: Subject and both bodies.
        sender: Who sends; also the envelope's sender.
        recipient: The one who gets it.
        message_id: With its angle brackets; the same at every attempt.
        sent_at: With its time zone.
        list_id: A name like ``reminders.podyom.example.ru`` to filter mails by.
        unsubscribe_url: Where one POST ends such mails (RFC 8058).

    Raises:
        UnsafeHeaderError: An address, `message_id`, `list_id` or `unsubscribe_url` is
            malformed, or `sent_at` has no time zone.
    """
    if sent_at.tzinfo is None:
        raise UnsafeHeaderError("the date of a mail needs its time zone")
    headers = [
        ("From", _header_address("From", sender)),
        ("To", _header_address("To", recipient)),
        ("Subject", _encoded("Subject", one_line(rendered.subject))),
        ("Date", format_datetime(sent_at)),
        ("Message-ID", _checked(_MESSAGE_ID, message_id)),
        ("Auto-Submitted", "auto-generated"),
    ]
    if list_id is not None:
        headers.append(("List-Id", f"<{_checked(_LIST_ID, list_id)}>"))
    if unsubscribe_url is not None:
        url = _checked(_URL, unsubscribe_url)
        headers.append(("List-Unsubscribe", f"<{url}>"))
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    headers.append(("MIME-Version", "1.0"))
    return _assembled(headers, rendered)


def _assembled(headers: Sequence[tuple[str, str]], rendered: RenderedMessage) -> bytes:
    kind = f'multipart/alternative; boundary="{_BOUNDARY}"'
    lines = [f"{name}: {value}" for name, value in (*headers, ("Content-Type", kind))]
    for subtype, text in (("plain", rendered.text), ("html", rendered.html)):
        # Base64 survives relays that know neither 8-bit text nor long lines.
        lines += [
            "",
            f"--{_BOUNDARY}",
            f'Content-Type: text/{subtype}; charset="utf-8"',
            "Content-Transfer-Encoding: base64",
            "",
            *_base64_lines(text),
        ]
    return "\r\n".join([*lines, "", f"--{_BOUNDARY}--", ""]).encode("ascii")


def _base64_lines(text: str) -> list[str]:
    transmitted = text.replace("\n", "\r\n").encode("utf-8", "replace")
    return base64.encodebytes(transmitted).decode("ascii").splitlines()


def mail_address(address: str) -> str:
    """Return `address` as it is transmitted, a domain such as ``школа.рф`` encoded.

    Raises:
        UnsafeHeaderError: It is not an address, or its local part is not ASCII,
            which only few relays accept.
    """
    local, at, domain = address.strip(" ").rpartition("@")
    try:
        encoded = domain.encode("idna").decode("ascii")
    except UnicodeError:
        encoded = ""
    result = f"{_checked(_LOCAL_PART, local)}{at}{_checked(_DOMAIN, encoded)}"
    if len(result) > MAX_ADDRESS_LENGTH:
        raise UnsafeHeaderError(f"too long for an address: {address!r}")
    return result


def _header_address(header: str, mailbox: Mailbox) -> str:
    spec = mail_address(mailbox.address)
    # RFC 5322 allows no empty part between two dots, and none before or after them.
    if "" in spec.rpartition("@")[0].split("."):
        raise UnsafeHeaderError(f"not a mail address: {spec!r}")
    name = one_line(mailbox.name)
    return f"{_encoded(header, name)} <{spec}>" if name else spec


@lru_cache(maxsize=1024)
def _encoded(header: str, text: str) -> str:
    """Return the text as RFC 2047 has it; names and subjects come again and again."""
    if not text:
        return ""
    encoded = Header(text, "utf-8", header_name=header).encode(linesep="\r\n")
    return encoded.strip()


def _checked(pattern: re.Pattern[str], value: str) -> str:
    if pattern.fullmatch(value) is None:
        raise UnsafeHeaderError(f"not allowed in a mail's headers: {value!r}")
    return value
