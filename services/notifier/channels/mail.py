"""Mail over SMTP: connections that are kept, errors sorted by what to do next."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiosmtplib
from aiosmtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from services.notifier.channels.couriers import (
    DeliveryError,
    Parcel,
    PermanentDeliveryError,
    Receipt,
    ServerAwayError,
    TemporaryDeliveryError,
)
from services.notifier.channels.envelopes import (
    Mailbox,
    UnsafeHeaderError,
    build_mail,
    mail_address,
)
from services.notifier.channels.smtp_url import SmtpServer
from shared.domain.errors import Text

DEFAULT_TIMEOUT = 30.0  # seconds for each step of the dialogue
SEND_SECONDS = 40.0  # for one mail, connecting included
SENDER_NAME = Text("Подъём: напоминания", "Podyom reminders")

_PERMANENT = range(500, 600)
_SERVICE_CLOSING = 421
# Refusals of the account, not of the mail (RFC 4954, 6).
_SIGN_IN_CODES = frozenset({530, 534, 535, 538})


_QUEUED_AS = re.compile(r"queued as ([A-Za-z0-9._-]{1,64})|\bid=([A-Za-z0-9._-]{1,64})")


@dataclass(frozen=True, slots=True)
class Sender:
    """Where mail is handed in, and whose name it bears; `domain` is its host's."""

    server: SmtpServer
    address: str
    domain: str


@dataclass(frozen=True, slots=True)
class MailChannel:
    """Mail by the sender's server, over so many connections at once."""

    sender: Sender
    couriers: int
    name: str = "mail"
    seconds: float = SEND_SECONDS

    @asynccontextmanager
    async def courier(self) -> AsyncIterator["MailCourier"]:
        """Yield a connection; it is opened at the first mail."""
        server, domain = self.sender.server, self.sender.domain
        async with MailSession(server, local_hostname=domain) as session:
            yield MailCourier(session, self.sender.address)


@dataclass(frozen=True, slots=True)
class MailCourier:
    """A connection to the mail server."""

    session: "MailSession"
    sender: str

    async def connect(self) -> bool:
        """Connect to the server and sign in; see `Courier`."""
        return await self.session.connect()

    async def send(self, parcel: Parcel) -> Receipt:
        """Put the parcel into a mail and transmit it; see `Courier`."""
        try:
            mail = build_mail(
                parcel.message,
                sender=Mailbox(self.sender, SENDER_NAME.in_language(parcel.language)),
                recipient=Mailbox(parcel.address, parcel.name),
                message_id=parcel.key,
                sent_at=parcel.dated_at,
                unsubscribe_url=parcel.unsubscribe_url,
            )
        except UnsafeHeaderError as error:
            raise PermanentDeliveryError(str(error)) from error
        reply = await self.session.send(
            mail, sender=self.sender, recipient=parcel.address
        )
        found = _QUEUED_AS.search(reply)
        return Receipt(reply, found and (found[1] or found[2]))


class MailSession:
    """A connection that is opened at the first mail and kept for the next ones.

    Not for concurrent use. After a lost connection the next `send` opens another.
    """

    def __init__(
        self,
        server: SmtpServer,
        *,
        local_hostname: str,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> None:
        self._client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            local_hostname=local_hostname,
            timeout=timeout,
            use_tls=server.implicit_tls,
            start_tls=server.starttls,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # After a cancellation the dialogue is in mid-sentence: no polite QUIT then.
        if self._client.is_connected and (exc is None or isinstance(exc, Exception)):
            with suppress(SMTPException, OSError):
                await self._client.quit()
        self._client.close()

    async def send(self, mail: bytes, *, sender: str, recipient: str) -> str:
        """Transmit `mail` to one recipient and return the server's reply.

        Raises:
            ServerAwayError: Nothing can be sent now; end the batch.
            TemporaryDeliveryError: Try this mail again later, with its Message-ID: it
                may have been accepted if the connection broke before the reply.
            PermanentDeliveryError: Do not try this mail again.
        """
        try:
            from_address, to_address = mail_address(sender), mail_address(recipient)
        except UnsafeHeaderError as error:
            raise PermanentDeliveryError(str(error)) from error
        await self.connect()
        try:
            _, reply = await self._client.sendmail(from_address, [to_address], mail)
        except BaseException as error:
            if not _dialogue_is_sound(error):
                self._client.close()
            if not isinstance(error, (SMTPException, OSError, ValueError)):
                raise
            raise _classified(error) from error
        return reply

    async def connect(self) -> bool:
        """Connect unless there is a connection; return whether there was none.

        Raises:
            ServerAwayError: The server cannot be reached, or does not let us in.
        """
        if self._client.is_connected:
            return False
        self._client.close()
        try:
            await self._client.connect()
        except (SMTPException, OSError, ValueError) as error:
            code, reason = _reply(error)
            raise ServerAwayError(reason, code=code) from error
        return True


def _dialogue_is_sound(error: BaseException) -> bool:
    """Tell whether the connection can carry the next mail after `error`."""
    if isinstance(error, (SMTPRecipientsRefused, SMTPResponseException)):
        code, _ = _reply(error)
        return code is not None and code > 0 and code != _SERVICE_CLOSING
    return _is_unspeakable(error)


def _is_unspeakable(error: BaseException) -> bool:
    """Tell whether the mail was refused before any of it was said to the server."""
    # A broken TLS connection is an OSError, and may be a ValueError as well.
    return isinstance(error, ValueError) and not isinstance(error, OSError)


def _classified(error: Exception) -> DeliveryError:
    code, reason = _reply(error)
    if code in _SIGN_IN_CODES:
        return ServerAwayError(reason, code=code)
    if code in _PERMANENT:
        return PermanentDeliveryError(reason, code=code)
    if isinstance(error, aiosmtplib.SMTPNotSupported) or _is_unspeakable(error):
        return PermanentDeliveryError(reason)
    return TemporaryDeliveryError(reason, code=code)


def _reply(error: Exception) -> tuple[int | None, str]:
    if isinstance(error, SMTPRecipientsRefused):
        refusal = error.recipients[0]
        return refusal.code, refusal.message
    if isinstance(error, SMTPResponseException):
        return error.code, error.message
    return None, str(error) or type(error).__name__
