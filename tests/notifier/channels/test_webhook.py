"""Webhooks to a real server that takes, refuses, asks to wait and hangs up."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from standardwebhooks import Webhook

from services.notifier.channels.couriers import (
    AddressGoneError,
    PermanentDeliveryError,
    Receipt,
    TemporaryDeliveryError,
)
from services.notifier.channels.posting import wish_of
from services.notifier.channels.webhook import WebhookChannel, webhook_id
from tests.notifier.channels.hook_sink import HookSink, running_hooks
from tests.notifier.channels.parcels import SECRET, parcel


@pytest_asyncio.fixture
async def hooks() -> AsyncIterator[HookSink]:
    async with running_hooks() as running:
        yield running


async def send(address: str, *, allows_private: bool = True) -> Receipt:
    async with WebhookChannel(allows_private).courier() as courier:
        return await courier.send(parcel(address))


async def test_a_webhook_is_signed_and_carries_the_messages_own_id(
    hooks: HookSink,
) -> None:
    receipt = await send(hooks.url)
    assert receipt.reply == "200 ok"
    (call,) = hooks.calls
    assert call.target == "/hook?key=of-ours"
    assert call.headers["host"] == f"127.0.0.1:{hooks.port}"
    assert call.headers["webhook-id"] == "0123456789abcdef0123456789abcdef"
    # The library checks signature and time, and raises where either is wrong.
    verified = Webhook(SECRET).verify(call.body, call.headers)
    assert verified == json.loads(call.body)
    assert verified["type"] == "reminder.reminder"
    assert verified["reminders"][0]["due_on"] == "2020-09-19"
    assert verified["subject"] == "Срок через 3 дня"


async def test_each_attempt_has_the_same_id(hooks: HookSink) -> None:
    for _ in range(2):
        await send(hooks.url)
    assert len({call.headers["webhook-id"] for call in hooks.calls}) == 1
    assert webhook_id("<abc@example.ru>") == "abc"


async def test_what_is_gone_is_not_called_again(hooks: HookSink) -> None:
    hooks.status = 410
    with pytest.raises(AddressGoneError):
        await send(hooks.url)


@pytest.mark.parametrize("status", [302, 307, 400, 404, 429, 500, 503])
async def test_other_refusals_are_temporary_and_redirects_are_not_followed(
    hooks: HookSink, status: int
) -> None:
    hooks.status = status
    hooks.headers = {"Location": hooks.url, "Retry-After": "120"}
    with pytest.raises(TemporaryDeliveryError) as caught:
        await send(hooks.url)
    assert (caught.value.code, caught.value.retry_after) == (
        status,
        timedelta(seconds=120),
    )
    assert len(hooks.calls) == 1


async def test_a_call_that_is_cut_off_is_temporary(hooks: HookSink) -> None:
    hooks.hangs_up = True
    with pytest.raises(TemporaryDeliveryError):
        await send(hooks.url)


async def test_a_long_answer_is_cut_off(hooks: HookSink) -> None:
    hooks.body = b"x" * 5_000_000
    receipt = await send(hooks.url)
    assert len(receipt.reply) < 5_000


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data",
        "https://0.0.0.0/",
        "http://example.org/",
        "ftp://example.org/",
        "https://user:password@example.org/",
    ],
)
async def test_the_own_network_is_not_called(address: str) -> None:
    with pytest.raises(PermanentDeliveryError) as caught:
        await send(address, allows_private=False)
    assert "password@" not in str(caught.value)


async def test_nothing_is_called_where_the_guard_stands(hooks: HookSink) -> None:
    with pytest.raises(PermanentDeliveryError):
        await send(hooks.url.replace("http://", "https://"), allows_private=False)
    assert hooks.calls == []


@pytest.mark.parametrize(
    ("header", "wish"),
    [
        (None, None),
        ("30", timedelta(seconds=30)),
        ("soon", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", timedelta()),
    ],
)
def test_a_wish_to_wait_is_read(header: str | None, wish: timedelta | None) -> None:
    assert wish_of(header) == wish
