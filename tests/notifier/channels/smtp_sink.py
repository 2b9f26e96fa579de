"""A real SMTP server on the loopback, which can be told how to misbehave."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USERNAME = "podyom"
PASSWORD = "p@ss:w/rd"  # noqa: S105 - a password of the test's own server

_CREDENTIALS = LoginPassword(login=USERNAME.encode(), password=PASSWORD.encode())


@dataclass
class SmtpSink:
    """What arrived, and what to answer."""

    port: int = 0
    connections: int = 0
    sign_ins: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    sender_reply: str | None = None
    recipient_replies: dict[str, str] = field(default_factory=dict)
    data_reply: str | None = None
    accepted_reply: str = "250 Accepted"
    drop_next_data: bool = False
    release_data: asyncio.Event | None = None
    data_reached: asyncio.Event = field(default_factory=asyncio.Event)
    release_reply: asyncio.Event | None = None
    reply_due: asyncio.Event = field(default_factory=asyncio.Event)

    def accept(self) -> SMTP:
        """Make the server's side of one connection."""
        self.connections += 1
        return SMTP(
            self,
            hostname="sink.example.ru",
            authenticator=self._sign_in,
            auth_require_tls=False,
        )

    async def handle_MAIL(  # noqa: N802 - aiosmtpd looks for this name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take the sender or refuse it."""
        if self.sender_reply is not None:
            return self.sender_reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - as above
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take a recipient or refuse it."""
        if address in self.recipient_replies:
            return self.recipient_replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - as above
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take a mail or refuse it; fall silent or hang up before or after taking."""
        if self.data_reply is not None:
            return self.data_reply
        self.data_reached.set()
        if self.release_data is not None:
            await self.release_data.wait()
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(mail)
        self.recipients += envelope.rcpt_tos
        if self.drop_next_data:
            self.drop_next_data = False
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if self.release_reply is not None:
            self.reply_due.set()
            await self.release_reply.wait()
        return self.accepted_reply

    def _sign_in(
        self,
        _server: SMTP,
        _session: Session,
        _envelope: Envelope,
        _mechanism: str,
        data: object,
    ) -> AuthResult:
        self.sign_ins += 1
        return AuthResult(success=data == _CREDENTIALS, handled=False)


@asynccontextmanager
async def running_sink(port: int = 0) -> AsyncIterator[SmtpSink]:
    """Run a sink on the loopback, on a free port unless one is named."""
    sink = SmtpSink()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(sink.accept, "127.0.0.1", port)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        for held in (sink.release_data, sink.release_reply):
            if held is not None:
                held.set()
        server.close()
        await server.wait_closed()
