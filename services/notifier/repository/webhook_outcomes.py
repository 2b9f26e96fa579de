"""What came of calls: the log of them, and what was found of their endpoints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import text

from services.notifier.repository.webhook_queue import OwedEvent
from shared.persistence.work import Work

Outcome = Literal["delivered", "put_off", "failed"]

_LOG: Final = text(
    """
    INSERT INTO notifier.webhook_attempts (delivery_id, endpoint_id, number, event,
      started_at, duration_ms, outcome, code, reply)
    SELECT d.id, d.endpoint_id, d.number, d.event, CAST(:started_at AS timestamptz),
      CAST(:duration_ms AS bigint), CAST(:outcome AS text), CAST(:code AS bigint),
      CAST(:reply AS text)
    FROM notifier.webhook_deliveries d WHERE d.id = :delivery_id
    """
)
# Another process may have it by now, if this one was slower than its lease.
_END: Final = text(
    """
    UPDATE notifier.webhook_deliveries SET status = :status, ended_at = :at,
      lease_until = NULL
    WHERE id = :id AND status = 'waiting'
      AND (:status = 'delivered' OR lease_until = :until)
    """
)
_PUT_OFF: Final = text(
    """
    UPDATE notifier.webhook_deliveries SET next_try_at = :next_try_at,
      lease_until = NULL
    WHERE id = :id AND status = 'waiting' AND lease_until = :until
    """
)
_ACCEPTED: Final = text(
    """
    UPDATE notifier.webhook_states SET failing_since = NULL, failures = 0,
      held_until = NULL, delivered_at = :at
    WHERE endpoint_id = :endpoint_id
    """
)
_REFUSED: Final = text(
    """
    UPDATE notifier.webhook_states SET failures = failures + 1,
      failing_since = coalesce(failing_since, CAST(:at AS timestamptz)),
      held_until = greatest(held_until, CAST(:held_until AS timestamptz)),
      disabled_at = CASE
        WHEN disabled_at IS NOT NULL THEN disabled_at
        WHEN CAST(:is_gone AS boolean)
          OR failing_since <= CAST(:too_long AS timestamptz)
        THEN CAST(:at AS timestamptz) END,
      disabled_reason = CASE
        WHEN disabled_at IS NOT NULL THEN disabled_reason
        WHEN CAST(:is_gone AS boolean) THEN 'gone'
        WHEN failing_since <= CAST(:too_long AS timestamptz) THEN 'failing' END
    WHERE endpoint_id = :endpoint_id
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that has ended.

    `until` is the end of the lease that it was made under; `next_try_at` stands where
    it was put off, `held_until` where the other side wants to be left alone.
    """

    owed: OwedEvent
    until: datetime
    started_at: datetime
    ended_at: datetime
    outcome: Outcome
    code: int | None = None
    reply: str | None = None
    next_try_at: datetime | None = None
    held_until: datetime | None = None
    is_gone: bool = False
    is_test: bool = False


async def record(
    work: Work, calls: Sequence[Call], *, disabled_after: timedelta
) -> None:
    """Write what came of calls, and what follows for their endpoints.

    An endpoint that has failed for `disabled_after` is not called again.
    """
    for call in calls:
        await _record(work, call)
        if call.is_test:
            continue
        found: dict[str, Any] = {
            "endpoint_id": call.owed.endpoint_id,
            "at": call.ended_at,
        }
        if call.outcome == "delivered":
            await work.session.execute(_ACCEPTED, found)
            continue
        found |= {"held_until": call.held_until, "is_gone": call.is_gone}
        found |= {"too_long": call.ended_at - disabled_after}
        await work.session.execute(_REFUSED, found)


async def _record(work: Work, call: Call) -> None:
    owed = call.owed
    spent = call.ended_at - call.started_at
    await work.session.execute(
        _LOG,
        {
            "delivery_id": owed.id,
            "started_at": call.started_at,
            "duration_ms": max(round(spent.total_seconds() * 1000), 0),
            "outcome": call.outcome,
            "code": call.code,
            "reply": call.reply,
        },
    )
    ended: dict[str, Any] = {"id": owed.id, "until": call.until}
    if call.next_try_at is not None:
        put_off = ended | {"next_try_at": call.next_try_at}
        await work.session.execute(_PUT_OFF, put_off)
        return
    ended |= {"status": call.outcome, "at": call.ended_at}
    await work.session.execute(_END, ended)
