"""What follows from the answer to a call of an endpoint."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from services.notifier.channels.couriers import DeliveryError
from services.notifier.channels.posting import Answer
from services.notifier.planning.webhook_retries import pause_after
from services.notifier.repository.webhook_outcomes import Call
from services.notifier.repository.webhook_queue import OwedEvent
from services.notifier.usecases.results import presentable
from shared.contracts.domain_events import WEBHOOK_TEST
from shared.runtime.clock import system_now

ACCEPTED: Final = range(200, 300)
# Answers after which the whole endpoint is left alone for as long as it asks.
BUSY: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


def ended(
    owed: OwedEvent,
    until: datetime,
    started_at: datetime,
    result: Answer | DeliveryError,
    *,
    chance: float,
) -> Call:
    """Return the call with what follows; a test is made once, whatever comes of it."""
    now = system_now()
    is_test = owed.event == WEBHOOK_TEST
    code = result.code
    if code in ACCEPTED and isinstance(result, Answer):
        return Call(
            owed=owed,
            until=until,
            started_at=started_at,
            ended_at=now,
            outcome="delivered",
            code=code,
            reply=presentable(result.said),
            is_test=is_test,
        )
    wish = result.retry_after
    pause = None
    if code != HTTPStatus.GONE and not is_test:
        pause = pause_after(owed.attempts, chance=chance, retry_after=wish)
    is_held = code in BUSY and wish is not None
    return Call(
        owed=owed,
        until=until,
        started_at=started_at,
        ended_at=now,
        outcome="failed" if pause is None else "put_off",
        code=code,
        reply=presentable(_said(result)),
        next_try_at=None if pause is None else now + pause,
        held_until=now + (wish or timedelta()) if is_held else None,
        is_gone=code == HTTPStatus.GONE,
        is_test=is_test,
    )


def forgotten(owed: OwedEvent, until: datetime, at: datetime) -> Call:
    """Return that an event can no longer be delivered: the feed has forgotten it."""
    return Call(
        owed=owed,
        until=until,
        started_at=at,
        ended_at=at,
        outcome="failed",
        reply="the feed has forgotten it",
        is_test=True,
    )


def _said(result: Answer | DeliveryError) -> str:
    return result.said if isinstance(result, Answer) else result.reason
