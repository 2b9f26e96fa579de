"""What follows from the result of handing a message over."""

import random
import re
from datetime import datetime

import structlog

from services.notifier.channels.couriers import (
    DeliveryError,
    PermanentDeliveryError,
    Receipt,
)
from services.notifier.channels.messages import one_line
from services.notifier.planning.retries import delay_after
from services.notifier.repository.attempts import Attempt
from services.notifier.usecases.letters import Letter
from shared.runtime.clock import system_now

log = structlog.stdlib.get_logger()

_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")


def presentable(reason: str) -> str:
    """Return a server's reply as one line in which no address can be read."""
    return _ADDRESS.sub("…", one_line(reason))


def ended(
    letter: Letter,
    result: Receipt | DeliveryError,
    started_at: datetime,
    *,
    leased_until: datetime,
) -> Attempt:
    """Return the attempt with what follows from its result."""
    ended_at = system_now()
    if isinstance(result, Receipt):
        return Attempt(
            message=letter.owed,
            started_at=started_at,
            ended_at=ended_at,
            outcome="sent",
            reply=presentable(result.reply),
            provider_id=result.provider_id,
            carried=[each.id for each in letter.reminders],
            late=letter.late,
        )
    delay = None
    if not isinstance(result, PermanentDeliveryError):
        delay = delay_after(
            letter.owed.attempts + 1,
            chance=random.random(),  # noqa: S311 (spreads load, guards nothing)
            retry_after=result.retry_after,
        )
    log.info("not_delivered", message_id=letter.owed.id, again=delay is not None)
    return Attempt(
        message=letter.owed,
        started_at=started_at,
        ended_at=ended_at,
        outcome="refused" if delay is None else "put_off",
        code=result.code,
        reply=presentable(str(result)),
        leased_until=leased_until,
        next_try_at=None if delay is None else ended_at + delay,
    )


def unreachable(letter: Letter, error: Exception, started_at: datetime) -> Attempt:
    """Return the try that met a server which takes nothing at all now."""
    reason = str(error) or "no answer in time"
    return Attempt(
        message=letter.owed,
        started_at=started_at,
        ended_at=system_now(),
        outcome="unreachable",
        code=error.code if isinstance(error, DeliveryError) else None,
        reply=presentable(reason),
    )
