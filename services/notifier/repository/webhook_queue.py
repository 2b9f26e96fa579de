"""Events on their way to endpoints: taken on lease, forgotten.

All times are the machine's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select, text

from services.notifier.channels.event_bodies import EventNote
from shared.domain.webhook_keys import Scheme
from shared.persistence.paging import AnyRow
from shared.persistence.tables.webhooks import WebhookSecretRow
from shared.persistence.work import Work

# Sets this advisory lock apart from any others in the database.
TAKING_LOCK: Final = 7086
KEPT_FOR: Final = timedelta(days=90)  # as long as the feed
FORGOTTEN_AT_ONCE: Final = 10_000

# Whoever is failing is tried by one call at a time, so that it holds nobody up.
_TAKE: Final = text(
    """
    WITH heads AS (
      SELECT DISTINCT ON (endpoint_id, lane) *
      FROM notifier.webhook_deliveries WHERE status = 'waiting'
      ORDER BY endpoint_id, lane, number
    ), ready AS (
      SELECT h.id, h.lease_until, h.next_try_at, h.number, e.url,
        row_number() OVER (PARTITION BY h.endpoint_id
          ORDER BY h.next_try_at, h.number) AS place,
        CASE WHEN s.failing_since IS NULL THEN :most ELSE 1 END - (
          SELECT count(*) FROM heads held WHERE held.endpoint_id = h.endpoint_id
            AND held.lease_until > :at) AS free
      FROM heads h JOIN api.webhook_endpoints e ON e.id = h.endpoint_id
        JOIN notifier.webhook_states s ON s.endpoint_id = h.endpoint_id
      WHERE h.next_try_at <= :at AND (h.lease_until IS NULL OR h.lease_until <= :at)
        AND (h.event = 'webhook.test' OR (NOT e.is_paused AND s.disabled_at IS NULL
          AND (s.held_until IS NULL OR s.held_until <= :at)))
    ), taken AS (
      UPDATE notifier.webhook_deliveries d
      SET lease_until = :until, attempts = d.attempts + 1
      FROM (SELECT * FROM ready WHERE place <= free
        ORDER BY next_try_at, number LIMIT :limit) r
      WHERE d.id = r.id
      RETURNING d.id, d.endpoint_id, d.number, d.webhook_id, d.event,
        d.municipality_id, d.school_id, d.previous_number, d.attempts, r.url,
        r.lease_until AS lost_until
    )
    SELECT t.*, c.dataset, c.row_id, c.academic_year, c.payload, c.request_id, c.at
    FROM taken t LEFT JOIN api.changes c ON c.number = t.number
    ORDER BY t.number
    """
)
# Calls that are still ours, of endpoints that still want them; `_TAKE` asks the same.
_STANDING: Final = text(
    """
    SELECT d.id, e.url
    FROM unnest(CAST(:ids AS bigint[]), CAST(:untils AS timestamptz[]))
        AS ours (id, until)
      JOIN notifier.webhook_deliveries d ON d.id = ours.id AND d.status = 'waiting'
        AND d.lease_until = ours.until
      JOIN api.webhook_endpoints e ON e.id = d.endpoint_id
      JOIN notifier.webhook_states s ON s.endpoint_id = e.id
    WHERE d.event = 'webhook.test' OR (NOT e.is_paused AND s.disabled_at IS NULL
      AND (s.held_until IS NULL OR s.held_until <= :at))
    """
)
# What was not begun is no attempt.
_GIVE_BACK: Final = text(
    """
    UPDATE notifier.webhook_deliveries
    SET lease_until = NULL, attempts = greatest(attempts - 1, 0)
    WHERE id = :id AND status = 'waiting' AND lease_until = :until
    """
)
_LOST: Final = text(
    """
    INSERT INTO notifier.webhook_attempts
      (delivery_id, endpoint_id, number, event, started_at, outcome)
    VALUES (:delivery_id, :endpoint_id, :number, :event, :at, 'lost')
    """
)
_FORGET: Final = text(
    """
    DELETE FROM notifier.webhook_deliveries WHERE id IN (
      SELECT d.id FROM notifier.webhook_deliveries d
      WHERE d.created_at < :before OR NOT EXISTS (
        SELECT FROM api.webhook_endpoints e WHERE e.id = d.endpoint_id)
      LIMIT :limit)
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedEvent:
    """An event to be handed over now; `note` is None once the feed has forgotten it."""

    id: int
    endpoint_id: int
    number: int
    event: str
    webhook_id: str
    attempts: int
    url: str = field(repr=False)
    lost_until: datetime | None
    note: EventNote | None


async def take(
    work: Work, *, at: datetime, until: datetime, most: int, limit: int
) -> list[OwedEvent]:
    """Take events whose turn has come, up to `most` at once of an endpoint.

    They are held until `until`; it counts as an attempt. What another process held and
    never ended is logged as lost.
    """
    await work.session.execute(select(func.pg_advisory_xact_lock(TAKING_LOCK)))
    # A statement of its own, so that it sees what was taken while waiting.
    given = {"at": at, "until": until, "most": most, "limit": limit}
    owed = [_owed(row) for row in await work.session.execute(_TAKE, given)]
    for each in owed:
        if each.lost_until is not None:
            await work.session.execute(
                _LOST,
                {
                    "delivery_id": each.id,
                    "endpoint_id": each.endpoint_id,
                    "number": each.number,
                    "event": each.event,
                    "at": each.lost_until,
                },
            )
    return owed


def _owed(row: AnyRow) -> OwedEvent:
    note = None
    if row.at is not None:
        note = EventNote(
            id=row.webhook_id,
            number=row.number,
            previous_number=row.previous_number,
            type=row.event,
            timestamp=row.at,
            dataset=row.dataset,
            row_id=row.row_id,
            municipality_id=row.municipality_id,
            school_id=row.school_id,
            academic_year=row.academic_year,
            request_id=row.request_id,
            data=row.payload or {},
        )
    return OwedEvent(
        id=row.id,
        endpoint_id=row.endpoint_id,
        number=row.number,
        event=row.event,
        webhook_id=row.webhook_id,
        attempts=row.attempts,
        url=row.url,
        lost_until=row.lost_until,
        note=note,
    )


async def read_keys(
    work: Work, endpoint_ids: Sequence[int], *, at: datetime
) -> list[tuple[int, Scheme, str]]:
    """Return endpoint, scheme and secret of all keys that are valid, oldest first."""
    key = WebhookSecretRow
    statement = (
        select(key.endpoint_id, key.scheme, key.secret)
        .where(
            key.endpoint_id.in_(endpoint_ids),
            or_(key.valid_until.is_(None), key.valid_until > at),
        )
        .order_by(key.id)
    )
    rows = await work.session.execute(statement)
    return [(row.endpoint_id, Scheme(row.scheme), row.secret) for row in rows]


async def read_standing(
    work: Work, held: Sequence[tuple[int, datetime]], *, at: datetime
) -> dict[int, str]:
    """Return where to call, of deliveries held until then that may still be called."""
    given = {
        "ids": [delivery_id for delivery_id, _ in held],
        "untils": [until for _, until in held],
        "at": at,
    }
    rows = await work.session.execute(_STANDING, given)
    return {row.id: row.url for row in rows}


async def give_back(work: Work, delivery_id: int, *, until: datetime) -> None:
    """Let a delivery that is held until then be taken anew; it was not attempted."""
    given = {"id": delivery_id, "until": until}
    await work.session.execute(_GIVE_BACK, given)


async def forget(work: Work, *, at: datetime) -> None:
    """Forget what is older than the feed, and what belongs to no endpoint any more."""
    given = {"before": at - KEPT_FOR, "limit": FORGOTTEN_AT_ONCE}
    await work.session.execute(_FORGET, given)
