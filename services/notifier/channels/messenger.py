"""Any messenger that the library Apprise knows and `shared.domain.endpoints` allows.

The library blocks, so it works in threads of its own. It says whether a message was
taken, and its log says why not, with secrets: that is kept silent.
"""

import asyncio
import logging
import warnings
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache

import apprise

from services.notifier.channels.addresses import resolve
from services.notifier.channels.couriers import (
    Parcel,
    PermanentDeliveryError,
    Receipt,
    TemporaryDeliveryError,
)
from shared.domain.endpoints import (
    ANY_ADDRESS,
    EndpointRefusedError,
    messenger_of,
)

SECONDS = 30.0
AT_ONCE = 4

logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class MessengerChannel:
    """Messages by messengers; `allows_private` as for webhooks."""

    allows_private: bool = False
    couriers: int = AT_ONCE
    name: str = "messenger"
    seconds: float = SECONDS

    @asynccontextmanager
    async def courier(self) -> AsyncIterator["MessengerCourier"]:
        """Yield one of several; the threads are shared."""
        yield MessengerCourier(self.allows_private)


@dataclass(frozen=True, slots=True)
class MessengerCourier:
    """Sends one message after the other."""

    allows_private: bool

    async def connect(self) -> bool:
        """Return that each call connects for itself."""
        return False

    async def send(self, parcel: Parcel) -> Receipt:
        """Hand the parcel over; see `Courier`."""
        try:
            messenger = messenger_of(parcel.address)
        except EndpointRefusedError as error:
            raise PermanentDeliveryError(error.detail.en) from error
        loop = asyncio.get_running_loop()
        plugin = await loop.run_in_executor(_threads(), _plugin, parcel.address)
        if plugin is None:
            raise PermanentDeliveryError(f"not an address of {messenger}")
        if parcel.address.partition("://")[0].lower() in ANY_ADDRESS:
            port = plugin.port or 443
            await resolve(plugin.host, port, allows_private=self.allows_private)
        taken = await loop.run_in_executor(_threads(), _notify, plugin, parcel)
        if not taken:
            raise TemporaryDeliveryError(f"{messenger} did not take the message")
        return Receipt(f"taken by {messenger}")


def _plugin(url: str) -> apprise.NotifyBase | None:
    _load_plugins()
    asset = apprise.AppriseAsset(async_mode=False, app_id="Podyom", app_desc="Podyom")
    plugin: apprise.NotifyBase | None = apprise.Apprise.instantiate(
        url, asset=asset, suppress_exceptions=True
    )
    return plugin


def _notify(plugin: apprise.NotifyBase, parcel: Parcel) -> bool:
    return bool(
        plugin.notify(
            title=parcel.message.subject,
            body=parcel.message.text,
            body_format=apprise.NotifyFormat.TEXT,
        )
    )


@cache
def _load_plugins() -> None:
    """Load them once; one of them uses what later versions of Python will not have."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        apprise.Apprise.instantiate("json://localhost")


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="messenger")
