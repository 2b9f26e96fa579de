"""From words to a mail: addresses and headers that nothing can be smuggled into."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from services.notifier.channels.messages import RenderedMessage, one_line

MAX_ADDRESS_LENGTH = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets

_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_DOMAIN = re.compile(r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]{1,64}@[A-Za-z0-9.-]{1,190}>")
_LIST_ID = re.compile(r"[a-z0-9.-]{1,60}")


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
) -> EmailMessage:
    """Return the mail, marked as automatic so that no robot answers it (RFC 3834).

    Args:
        rendered: Subject and both bodies.
        sender: Who sends; also the envelope's sender.
        recipient: The one who gets it.
        message_id: With its angle brackets; the same at every attempt.
        sent_at: With its time zone.
        list_id: A name like ``reminders.podyom.example.ru`` to filter mails by.

    Raises:
        UnsafeHeaderError: An address, `message_id` or `list_id` is malformed, or
            `sent_at` has no time zone.
    """
    if sent_at.tzinfo is None:
        raise UnsafeHeaderError("the date of a mail needs its time zone")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _header_address(sender)
    mail["To"] = _header_address(recipient)
    mail["Subject"] = one_line(rendered.subject)
    mail["Date"] = format_datetime(sent_at)
    mail["Message-ID"] = _checked(_MESSAGE_ID, message_id)
    mail["Auto-Submitted"] = "auto-generated"
    if list_id is not None:
        mail["List-Id"] = f"<{_checked(_LIST_ID, list_id)}>"
    # Base64 survives relays that know neither 8-bit text nor long lines.
    mail.set_content(rendered.text, cte="base64")
    mail.add_alternative(rendered.html, subtype="html", cte="base64")
    return mail


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


def _header_address(mailbox: Mailbox) -> Address:
    spec = mail_address(mailbox.address)
    try:
        return Address(display_name=one_line(mailbox.name), addr_spec=spec)
    except (MessageError, ValueError) as error:
        raise UnsafeHeaderError(f"not a mail address: {spec!r}") from error


def _checked(pattern: re.Pattern[str], value: str) -> str:
    if pattern.fullmatch(value) is None:
        raise UnsafeHeaderError(f"not allowed in a mail's headers: {value!r}")
    return value
