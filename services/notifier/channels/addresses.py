"""Finding the machine behind a name, and calling no machine of our own network.

A name is looked up once, and what was looked at is what is called: a name that answers
differently the next time (DNS rebinding) leads nowhere.
"""

import asyncio
import socket

from services.notifier.channels.couriers import (
    PermanentDeliveryError,
    TemporaryDeliveryError,
)
from shared.domain.endpoints import is_public


async def resolve(host: str, port: int, *, allows_private: bool) -> str:
    """Return the address to call.

    Raises:
        TemporaryDeliveryError: the name is not found now.
        PermanentDeliveryError: one of its addresses is not of the open Internet.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TemporaryDeliveryError("the host's name is not found") from error
    addresses = [str(each[4][0]) for each in found]
    if not allows_private and not all(is_public(each) for each in addresses):
        raise PermanentDeliveryError("the host is not on the open Internet")
    return addresses[0]
