"""Headers and addresses of a mail, friendly and hostile."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.channels.envelopes import (
    Mailbox,
    UnsafeHeaderError,
    build_mail,
    mail_address,
)
from services.notifier.channels.messages import RenderedMessage

AT = datetime(2020, 9, 16, 2, 0, tzinfo=UTC)
HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
}


def mail(
    *,
    subject: str = "Срок сегодня",
    name: str = "Подъём",
    recipient: str = "school@example.ru",
    message_id: str = "<1@example.ru>",
    list_id: str | None = None,
    sent_at: datetime = AT,
    unsubscribe_url: str | None = None,
) -> bytes:
    return build_mail(
        RenderedMessage(subject, "text\n", "<p>html</p>\n"),
        sender=Mailbox("podyom@example.ru", name),
        recipient=Mailbox(recipient),
        message_id=message_id,
        sent_at=sent_at,
        list_id=list_id,
        unsubscribe_url=unsubscribe_url,
    )


def transmitted(built: bytes) -> EmailMessage:
    return message_from_bytes(built, policy=policy.default)


def test_a_mail_is_marked_as_automatic_and_may_name_its_list() -> None:
    received = transmitted(mail(list_id="reminders.example.ru"))
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["List-Id"] == "<reminders.example.ru>"
    assert received["Date"].datetime == AT
    assert received.get_content_type() == "multipart/alternative"
    assert set(transmitted(mail()).keys()) == HEADERS


@pytest.mark.parametrize("length", [3, 60, 186])
def test_a_long_domain_leaves_the_message_id_whole(length: int) -> None:
    message_id = f"<{'a' * 32}@{'b' * length}.ru>"
    assert f"Message-ID: {message_id}\r\n".encode() in mail(message_id=message_id)


@pytest.mark.parametrize("injected", ["\r\nBcc: x@y.ru", "\nBcc: x@y.ru", "\rBcc: x"])
def test_a_line_break_in_a_subject_or_name_adds_no_header(injected: str) -> None:
    received = transmitted(mail(subject=f"Срок{injected}", name=f"Подъём{injected}"))
    assert set(received.keys()) == HEADERS
    assert received["Subject"] == f"Срок {injected.strip()}"
    assert [box.addr_spec for box in received["From"].addresses] == [
        "podyom@example.ru"
    ]


@given(subject=st.text(max_size=200), name=st.text(max_size=80))
def test_no_subject_and_no_name_can_add_a_header(subject: str, name: str) -> None:
    received = transmitted(mail(subject=subject, name=name))
    assert set(received.keys()) == HEADERS
    assert received["To"].addresses[0].addr_spec == "school@example.ru"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "school",
        "@example.ru",
        "school@",
        "a@b@c.ru",
        "a b@c.ru",
        "a@c.ru\r\nBcc: x@y.ru",
        "a@c.ru\n",
        "a@c.ru, b@c.ru",
        "Имя <a@c.ru>",
        "a@c.ru>",
        "школа@example.ru",
        "a..b@example.ru",
        f"{'a' * 65}@example.ru",
        f"a@{'b' * 64}.ru",
        f"{'a' * 64}@{'.'.join(['b' * 60] * 4)}",
    ],
)
def test_a_malformed_address_is_refused(address: str) -> None:
    with pytest.raises(UnsafeHeaderError):
        mail(recipient=address)


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("school@example.ru", "school@example.ru"),
        (" school+vpr@example.ru ", "school+vpr@example.ru"),
        ("school@пример.рф", "school@xn--e1afmkfd.xn--p1ai"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_an_address_is_written_as_relays_know_it(address: str, sent: str) -> None:
    assert mail_address(address) == sent
    assert transmitted(mail(recipient=address))["To"].addresses[0].addr_spec == sent


@pytest.mark.parametrize(
    "message_id", ["1@example.ru", "<1>", "<1@a.ru>\r\nBcc: x@y.ru", "<1@a.ru>\n", ""]
)
def test_a_malformed_message_id_is_refused(message_id: str) -> None:
    with pytest.raises(UnsafeHeaderError):
        mail(message_id=message_id)


def test_a_malformed_list_or_a_date_without_zone_is_refused() -> None:
    with pytest.raises(UnsafeHeaderError):
        mail(list_id="a>\r\nBcc: <x@y.ru")
    with pytest.raises(UnsafeHeaderError):
        mail(sent_at=datetime(2020, 9, 16))  # noqa: DTZ001 - that is the point


def test_a_mail_that_may_be_switched_off_says_how() -> None:
    url = "https://podyom.example.ru/v1/reminder-stops/abc?x=1"
    received = transmitted(mail(unsubscribe_url=url))
    assert received["List-Unsubscribe"] == f"<{url}>"
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("url", ["javascript:x", "https://a.ru/>\r\nBcc: <x", "", "a"])
def test_a_malformed_address_to_switch_off_is_refused(url: str) -> None:
    with pytest.raises(UnsafeHeaderError):
        mail(unsubscribe_url=url)
