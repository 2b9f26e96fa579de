"""Trying accounts' own channels, when they ask for it."""

import asyncio
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from services.notifier.channels.couriers import (
    Channel,
    DeliveryError,
    Parcel,
    PermanentDeliveryError,
)
from services.notifier.channels.messages import RenderedMessage
from services.notifier.repository import endpoints as repository
from services.notifier.repository.endpoints import AskedTest
from services.notifier.usecases.results import presentable
from shared.domain.errors import Text
from shared.persistence.engine import Database
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now

MOST = 20

SUBJECT = Text("Проверка канала", "A test of the channel")
BODY = Text(
    "Сюда будут приходить напоминания системы «Подъём». Отвечать не нужно.",
    "Reminders of the system Podyom will come here. No answer is needed.",
)


async def make_asked_tests(engine: Database, channels: Mapping[str, Channel]) -> None:
    """Send the test messages that are asked for, and write what came of them.

    A test that dies with the process is sent again: it has the same id.
    """
    async with begin_as_system(engine) as work:
        asked = await repository.read_asked_tests(work, most=MOST)
    for each in asked:
        outcome, reply = await _send(channels[each.endpoint.channel], each)
        async with begin_as_system(engine) as work:
            await repository.note_test(
                work, each.endpoint, at=system_now(), outcome=outcome, reply=reply
            )


async def _send(channel: Channel, asked: AskedTest) -> tuple[str, str]:
    """Return what came of it, in a word and in the other side's."""
    try:
        async with channel.courier() as courier, asyncio.timeout(channel.seconds):
            receipt = await courier.send(_parcel(asked))
    except PermanentDeliveryError as error:
        return "refused", presentable(str(error))
    except DeliveryError as error:
        return "put_off", presentable(str(error))
    except TimeoutError:
        return "put_off", f"no answer within {channel.seconds:.0f} s"
    return "sent", presentable(receipt.reply)


def _parcel(asked: AskedTest) -> Parcel:
    subject, body = (each.in_language(asked.language) for each in (SUBJECT, BODY))
    number = f"test-{asked.endpoint.id}-{int(asked.asked_at.timestamp())}"
    return Parcel(
        key=number,
        kind="test",
        language=asked.language,
        name="",
        address=asked.endpoint.url,
        secret=asked.endpoint.secret,
        message=RenderedMessage(subject, body, body),
        notices=(),
        dated_at=asked.asked_at.astimezone(ZoneInfo(asked.time_zone)),
    )
