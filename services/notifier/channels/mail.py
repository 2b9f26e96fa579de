"""Mail over SMTP: one connection for a batch, errors sorted by what to do next."""

from contextlib import suppress
from email.message import EmailMessage
from types import TracebackType
from typing import Self

import aiosmtplib
from aiosmtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from services.notifier.channels.envelopes import UnsafeHeaderError, mail_address
from services.notifier.channels.smtp_url import SmtpServer

DEFAULT_TIMEOUT = 30.0  # seconds for each step of the dialogue
REASON_LENGTH = 500

_PERMANENT = range(500, 600)
_SERVICE_CLOSING = 421
# Refusals of the account, not of the mail (RFC 4954, 6).
_SIGN_IN_CODES = frozenset({530, 534, 535, 538})


class MailError(Exception):
    """A mail was not accepted; `code` is the server's reply code, if it gave one."""

    def __init__(self, reason: str, *, code: int | None = None) -> None:
        self.reason = " ".join(reason.split())[:REASON_LENGTH]
        self.code = code
        super().__init__(self.reason if code is None else f"{code} {self.reason}")


class TemporaryMailError(MailError):
    """The same mail may be accepted later."""


class MailServerError(TemporaryMailError):
    """The server cannot be reached or does not let us in: no mail will pass now."""


class PermanentMailError(MailError):
    """This mail will never be accepted as it is."""


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

    async def send(self, mail: EmailMessage, *, sender: str, recipient: str) -> str:
        """Transmit `mail` to one recipient and return the server's reply.

        Raises:
            MailServerError: Nothing can be sent now; end the batch.
            TemporaryMailError: Try this mail again later, with its Message-ID: it
                may have been accepted if the connection broke before the reply.
            PermanentMailError: Do not try this mail again.
        """
        try:
            from_address, to_address = mail_address(sender), mail_address(recipient)
        except UnsafeHeaderError as error:
            raise PermanentMailError(str(error)) from error
        await self._connect()
        try:
            _, reply = await self._client.send_message(
                mail, sender=from_address, recipients=[to_address]
            )
        except BaseException as error:
            if not _dialogue_is_sound(error):
                self._client.close()
            if not isinstance(error, (SMTPException, OSError, ValueError)):
                raise
            raise _classified(error) from error
        return reply

    async def _connect(self) -> None:
        if self._client.is_connected:
            return
        self._client.close()
        try:
            await self._client.connect()
        except (SMTPException, OSError, ValueError) as error:
            code, reason = _reply(error)
            raise MailServerError(reason, code=code) from error


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


def _classified(error: Exception) -> MailError:
    code, reason = _reply(error)
    if code in _SIGN_IN_CODES:
        return MailServerError(reason, code=code)
    if code in _PERMANENT:
        return PermanentMailError(reason, code=code)
    if isinstance(error, aiosmtplib.SMTPNotSupported) or _is_unspeakable(error):
        return PermanentMailError(reason)
    return TemporaryMailError(reason, code=code)


def _reply(error: Exception) -> tuple[int | None, str]:
    if isinstance(error, SMTPRecipientsRefused):
        refusal = error.recipients[0]
        return refusal.code, refusal.message
    if isinstance(error, SMTPResponseException):
        return error.code, error.message
    return None, str(error) or type(error).__name__
