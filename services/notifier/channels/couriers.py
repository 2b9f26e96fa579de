"""What every channel is to the rest of the notifier.

A channel is one module: a class with the attributes of `Channel`, which is then named
in `services.notifier.worker`. It says how a parcel is handed over, and by the class of
its errors what is to be done next; whether to send, and when to try again, is not its
own.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from services.notifier.channels.messages import ReminderNotice, RenderedMessage

REASON_LENGTH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A message that is to be handed over now.

    `key` is the Message-ID, the same at every attempt. `address` is what the channel
    reaches the recipient by, and `secret` what it signs with.
    """

    key: str
    kind: str
    language: str
    name: str
    address: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)
    message: RenderedMessage
    notices: Sequence[ReminderNotice]
    dated_at: datetime
    unsubscribe_url: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the other side answered, and the number that it gave the message."""

    reply: str
    provider_id: str | None = None


class DeliveryError(Exception):
    """A message was not accepted; `code` is the reply's, `retry_after` its wish."""

    def __init__(
        self,
        reason: str,
        *,
        code: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        self.reason = " ".join(reason.split())[:REASON_LENGTH]
        self.code = code
        self.retry_after = retry_after
        super().__init__(self.reason if code is None else f"{code} {self.reason}")


class TemporaryDeliveryError(DeliveryError):
    """The same message may be accepted later."""


class ServerAwayError(TemporaryDeliveryError):
    """The server cannot be reached or does not let us in: nothing will pass now."""


class PermanentDeliveryError(DeliveryError):
    """This message will never be accepted as it is."""


class AddressGoneError(PermanentDeliveryError):
    """Nothing will be accepted at this address any more."""


class Courier(Protocol):
    """One way to the other side, used for one parcel at a time."""

    async def connect(self) -> bool:
        """Connect where that is done beforehand; return whether it was done now.

        Raises:
            ServerAwayError: Nothing can be sent now; end the batch.
        """

    async def send(self, parcel: Parcel) -> Receipt:
        """Hand the parcel over.

        Raises:
            ServerAwayError: Nothing can be sent now; end the batch.
            TemporaryDeliveryError: Try again later, with the same key: it may have been
                accepted if the connection broke before the reply.
            AddressGoneError: Do not try this address again.
            PermanentDeliveryError: Do not try this message again.
        """


class Channel(Protocol):
    """How messages leave; `couriers` at once, each for `seconds` at most."""

    @property
    def name(self) -> str:
        """What it is called in the tables."""

    @property
    def couriers(self) -> int:
        """How many parcels are on their way at once."""

    @property
    def seconds(self) -> float:
        """How long handing one over may take, connecting included."""

    def courier(self) -> AbstractAsyncContextManager[Courier]:
        """Return a courier, which connects when it is first needed."""
