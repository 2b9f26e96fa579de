"""Messengers through Apprise, to a server on the loopback that plays Mattermost."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.notifier.channels.couriers import (
    PermanentDeliveryError,
    Receipt,
    TemporaryDeliveryError,
)
from services.notifier.channels.messenger import MessengerChannel
from tests.notifier.channels.hook_sink import HookSink, running_hooks
from tests.notifier.channels.parcels import parcel

TOKEN = "3ccdd113474722377935511fc85d3dd4"  # noqa: S105 (of nobody)


@pytest_asyncio.fixture
async def hooks() -> AsyncIterator[HookSink]:
    async with running_hooks() as running:
        yield running


async def send(address: str, *, allows_private: bool = True) -> Receipt:
    async with MessengerChannel(allows_private).courier() as courier:
        return await courier.send(parcel(address, secret=None))


async def test_a_message_reaches_the_messenger(hooks: HookSink) -> None:
    receipt = await send(f"mmost://127.0.0.1:{hooks.port}/{TOKEN}")
    assert receipt.reply == "taken by Mattermost"
    (call,) = hooks.calls
    assert TOKEN in call.target
    assert "Срок через 3 дня" in json.loads(call.body)["text"]


async def test_a_refusal_is_temporary_and_tells_no_secret(
    hooks: HookSink, capfd: pytest.CaptureFixture[str]
) -> None:
    hooks.status = 500
    with pytest.raises(TemporaryDeliveryError) as caught:
        await send(f"mmost://127.0.0.1:{hooks.port}/{TOKEN}")
    written = capfd.readouterr()
    assert TOKEN not in f"{caught.value}{written.out}{written.err}"


async def test_the_own_network_is_not_called(hooks: HookSink) -> None:
    with pytest.raises(PermanentDeliveryError):
        await send(f"mmost://127.0.0.1:{hooks.port}/{TOKEN}", allows_private=False)
    assert hooks.calls == []


@pytest.mark.parametrize(
    "address",
    ["json://127.0.0.1/", "syslog://", "dbus://", "mailto://a@b.ru", "tgram://x"],
)
async def test_what_is_no_messenger_is_refused(address: str) -> None:
    with pytest.raises(PermanentDeliveryError):
        await send(address)
