"""Sending mail to a real server that accepts, refuses, hangs or hangs up."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from services.notifier.channels.couriers import (
    PermanentDeliveryError,
    ServerAwayError,
    TemporaryDeliveryError,
)
from services.notifier.channels.envelopes import Mailbox, build_mail
from services.notifier.channels.mail import MailSession
from services.notifier.channels.messages import RenderedMessage
from services.notifier.channels.smtp_url import parse_smtp_url
from tests.notifier.channels.smtp_sink import PASSWORD, USERNAME, SmtpSink, running_sink

SENDER = "podyom@example.ru"
SCHOOL = "school@example.ru"
OTHER = "other@example.ru"


@pytest_asyncio.fixture
async def sink() -> AsyncIterator[SmtpSink]:
    async with running_sink() as running:
        yield running


def session(sink: SmtpSink, *, before: str = "", after: str = "") -> MailSession:
    server = parse_smtp_url(f"smtp://{before}127.0.0.1:{sink.port}{after}")
    return MailSession(server, local_hostname="podyom.example.ru", timeout=5)


async def send(
    open_session: MailSession, recipient: str = SCHOOL, number: int = 1
) -> str:
    mail = build_mail(
        RenderedMessage("Срок через 3 дня", "Срок\n.\nточка\n", "<p>Срок</p>"),
        sender=Mailbox(SENDER, "Подъём: напоминания"),
        recipient=Mailbox(recipient),
        message_id=f"<{number:032x}@podyom.example.ru>",
        sent_at=datetime(2020, 9, 16, 9, tzinfo=ZoneInfo("Asia/Krasnoyarsk")),
    )
    return await open_session.send(mail, sender=SENDER, recipient=recipient)


async def test_a_mail_arrives_as_it_was_written(sink: SmtpSink) -> None:
    async with session(sink) as mails:
        assert await send(mails) == "Accepted"
    (mail,) = sink.mails
    assert sink.recipients == [SCHOOL]
    assert mail["Subject"] == "Срок через 3 дня"
    assert mail["From"] == '"Подъём: напоминания" <podyom@example.ru>'
    assert mail["Message-ID"] == f"<{1:032x}@podyom.example.ru>"
    assert mail["Date"] == "Wed, 16 Sep 2020 09:00:00 +0700"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == ["Срок", ".", "точка"]
    assert html.get_content().strip() == "<p>Срок</p>"


async def test_one_connection_carries_a_batch(sink: SmtpSink) -> None:
    async with session(sink) as mails:
        for number in range(20):
            await send(mails, number=number)
    assert len(sink.mails) == 20
    assert sink.connections == 1


async def test_a_session_without_mail_opens_no_connection(sink: SmtpSink) -> None:
    async with session(sink):
        pass
    assert sink.connections == 0


@pytest.mark.parametrize(
    ("reply", "error", "code"),
    [
        ("550 no such user", PermanentDeliveryError, 550),
        ("552 mailbox full", PermanentDeliveryError, 552),
        ("451 try again", TemporaryDeliveryError, 451),
        ("450 greylisted", TemporaryDeliveryError, 450),
        ("530 sign in first", ServerAwayError, 530),
    ],
)
@pytest.mark.parametrize("stage", ["sender", "recipient", "data"])
async def test_a_refused_mail_leaves_the_connection_for_the_next(
    sink: SmtpSink, stage: str, reply: str, error: type[Exception], code: int
) -> None:
    async with session(sink) as mails:
        match stage:
            case "sender":
                sink.sender_reply = reply
            case "recipient":
                sink.recipient_replies[SCHOOL] = reply
            case _:
                sink.data_reply = reply
        with pytest.raises(error) as caught:
            await send(mails)
        assert type(caught.value) is error
        assert str(caught.value) == reply
        assert caught.value.code == code  # type: ignore[attr-defined] # by parameter
        sink.sender_reply = sink.data_reply = None
        await send(mails, OTHER)
    assert sink.recipients == [OTHER]
    assert sink.connections == 1


async def test_a_closing_server_is_left_and_called_again(sink: SmtpSink) -> None:
    async with session(sink) as mails:
        sink.data_reply = "421 going down"
        with pytest.raises(TemporaryDeliveryError, match="421 going down"):
            await send(mails)
        sink.data_reply = None
        await send(mails)
    assert (len(sink.mails), sink.connections) == (1, 2)


async def test_a_dropped_connection_is_temporary_and_opened_anew(
    sink: SmtpSink,
) -> None:
    sink.drop_next_data = True
    async with session(sink) as mails:
        with pytest.raises(TemporaryDeliveryError) as caught:
            await send(mails)
        assert caught.value.code is None
        await send(mails)
    assert sink.connections == 2
    assert len({mail["Message-ID"] for mail in sink.mails}) == 1


async def test_a_silent_server_is_temporary(sink: SmtpSink) -> None:
    sink.release_data = asyncio.Event()
    server = parse_smtp_url(f"smtp://127.0.0.1:{sink.port}")
    async with MailSession(server, local_hostname="x", timeout=0.2) as mails:
        with pytest.raises(TemporaryDeliveryError):
            await send(mails)
        sink.release_data.set()
        sink.release_data = None
        await send(mails, OTHER)
    assert sink.connections == 2
    assert OTHER in sink.recipients


async def test_a_cancelled_batch_stops_at_once(sink: SmtpSink) -> None:
    sink.release_data = asyncio.Event()

    async def batch() -> None:
        async with session(sink) as mails:
            await send(mails)

    task = asyncio.create_task(batch())
    await sink.data_reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_unreachable_server_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: refuses
        port = taken.getsockname()[1]
        server = parse_smtp_url(f"smtp://127.0.0.1:{port}")
        async with MailSession(server, local_hostname="x", timeout=5) as mails:
            with pytest.raises(ServerAwayError, match=f"port {port}") as caught:
                await send(mails)
    assert "\n" not in str(caught.value)


async def test_signing_in_uses_the_url_once_a_connection(sink: SmtpSink) -> None:
    user = f"{USERNAME}:{quote(PASSWORD, safe='')}@"
    async with session(sink, before=user, after="?starttls=never") as mails:
        await send(mails)
        await send(mails)
    assert (sink.sign_ins, len(sink.mails)) == (1, 2)


async def test_a_wrong_password_stops_the_batch_and_is_not_shown(
    sink: SmtpSink,
) -> None:
    before = f"{USERNAME}:wrong-secret@"
    async with session(sink, before=before, after="?starttls=never") as mails:
        with pytest.raises(ServerAwayError) as caught:
            await send(mails)
    assert caught.value.code == 535
    assert "wrong-secret" not in str(caught.value)
    assert sink.mails == []


async def test_a_password_is_not_sent_unless_encrypted(sink: SmtpSink) -> None:
    async with session(sink, before="podyom:secret@") as mails:
        with pytest.raises(ServerAwayError, match="STARTTLS"):
            await send(mails)
    assert sink.sign_ins == 0


async def test_tls_to_a_plain_server_is_a_server_error(sink: SmtpSink) -> None:
    server = parse_smtp_url(f"smtps://127.0.0.1:{sink.port}")
    async with MailSession(server, local_hostname="x", timeout=5) as mails:
        with pytest.raises(ServerAwayError):
            await send(mails)


@pytest.mark.parametrize(
    "recipient", ["a@b.ru> SIZE=1", "a@b.ru\r\nRCPT TO:<c@d.ru>", "школа@пример.рф"]
)
async def test_an_address_that_cannot_be_spoken_is_permanent(
    sink: SmtpSink, recipient: str
) -> None:
    mail = build_mail(
        RenderedMessage("s", "t", "h"),
        sender=Mailbox(SENDER),
        recipient=Mailbox(SCHOOL),
        message_id="<1@example.ru>",
        sent_at=datetime(2020, 9, 16, 9, tzinfo=ZoneInfo("UTC")),
    )
    async with session(sink) as mails:
        with pytest.raises(PermanentDeliveryError):
            await mails.send(mail, sender=SENDER, recipient=recipient)
        await send(mails, OTHER)
    assert sink.recipients == [OTHER]
    assert sink.connections == 1
