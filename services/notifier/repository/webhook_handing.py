"""Events of the feed, handed out to the endpoints that they are for; once more on wish.

All times are the machine's.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import text

from shared.persistence.feed import read_state
from shared.persistence.work import Work

MOST_EVENTS: Final = 1_000

# Which endpoints an event is for.
_FOR = """
    c.event = 'webhook.test' AND (c.payload ->> 'endpoint_id')::bigint = e.id
    OR c.event = ANY (e.events) {bound}
      AND (cardinality(e.datasets) = 0 OR c.dataset = ANY (e.datasets))
      AND (e.municipality_id IS NULL OR c.municipality_id = e.municipality_id)
      AND (e.region_id IS NULL OR c.municipality_id IN (
        SELECT m.id FROM api.municipalities m WHERE m.region_id = e.region_id))
      AND (e.school_id IS NULL OR c.school_id IS NULL OR c.school_id = e.school_id)
"""
# A school's events follow each other, and a municipality's own; a test waits for none.
_HAND_OUT = """
    WITH chosen AS (
      SELECT e.id AS endpoint_id, c.number, c.event, c.municipality_id, c.school_id,
        CASE WHEN c.event = 'webhook.test' THEN 0
          ELSE coalesce(c.school_id, -c.municipality_id) END AS lane
      FROM api.changes c JOIN api.webhook_endpoints e ON ({match})
      WHERE c.action = 'event' AND c.number BETWEEN :first AND :last {narrowed}
    ), handed AS (
      INSERT INTO notifier.webhook_deliveries AS known (endpoint_id, number, webhook_id,
        event, municipality_id, school_id, lane, previous_number, status, attempts,
        replays, created_at, next_try_at)
      SELECT endpoint_id, number, 'evt_' || CAST(:feed AS text) || '_' || number, event,
        municipality_id, school_id, lane,
        coalesce(lag(number) OVER (PARTITION BY endpoint_id, lane ORDER BY number),
          (SELECT max(d.number) FROM notifier.webhook_deliveries d
           WHERE d.endpoint_id = chosen.endpoint_id AND d.lane = chosen.lane
             AND d.number < chosen.number)),
        'waiting', 0, 0, :at, :at
      FROM chosen
      ON CONFLICT (endpoint_id, number) {again}
      RETURNING 1
    )
    SELECT count(*) FROM handed
"""
HAND_OUT: Final = text(
    _HAND_OUT.format(
        match=_FOR.format(bound="AND c.number > e.from_number"),
        narrowed="",
        again="DO NOTHING",
    )
)
REPLAY: Final = text(
    _HAND_OUT.format(
        match=_FOR.format(bound=""),
        narrowed="AND e.id = :endpoint_id",
        again="DO UPDATE SET status = 'waiting', attempts = 0,"
        " replays = known.replays + 1, next_try_at = excluded.next_try_at,"
        " ended_at = NULL WHERE known.status <> 'waiting'",
    )
)
# The events of a batch end here, or the feed does.
_END: Final = text(
    """
    SELECT count(*) AS events, max(number) AS number FROM (
      SELECT number FROM api.changes
      WHERE action = 'event' AND number > :after AND number <= :last
      ORDER BY number LIMIT :limit) each
    """
)
_LOCKED: Final = text("SELECT number FROM notifier.webhook_cursor FOR UPDATE")
_MOVE: Final = text("UPDATE notifier.webhook_cursor SET number = :number")
_WISHES: Final = text(
    """
    INSERT INTO notifier.done_webhook_replays (replay_id, endpoint_id, count, done_at)
    SELECT r.id, r.endpoint_id, 0, :at FROM api.webhook_replays r
    WHERE NOT EXISTS (
      SELECT FROM notifier.done_webhook_replays d WHERE d.replay_id = r.id)
    ORDER BY r.id
    ON CONFLICT DO NOTHING
    RETURNING replay_id
    """
)
_WISHED: Final = text(
    "SELECT id, endpoint_id, first_number, last_number FROM api.webhook_replays"
    " WHERE id = ANY (CAST(:ids AS bigint[])) ORDER BY id"
)
_DONE: Final = text(
    "UPDATE notifier.done_webhook_replays SET count = :count WHERE replay_id = :id"
)
# Made while others were handed events that are its own as well.
_MADE: Final = text(
    """
    SELECT e.id, e.from_number, c.number
    FROM api.webhook_endpoints e CROSS JOIN notifier.webhook_cursor c
    WHERE e.from_number < c.number AND NOT EXISTS (
      SELECT FROM notifier.webhook_states s WHERE s.endpoint_id = e.id)
    ORDER BY e.id
    """
)
# What was found out of an endpoint ends when its owner enables it anew.
_SETTLE: Final = text(
    """
    WITH anew AS (
      INSERT INTO notifier.webhook_states (endpoint_id, enabled_at, failures)
      SELECT e.id, e.enabled_at, 0 FROM api.webhook_endpoints e
        LEFT JOIN notifier.webhook_states s ON s.endpoint_id = e.id
      WHERE s.endpoint_id IS NULL OR s.enabled_at < e.enabled_at
      ON CONFLICT (endpoint_id) DO UPDATE SET enabled_at = excluded.enabled_at,
        failing_since = NULL, failures = 0, held_until = NULL, disabled_at = NULL,
        disabled_reason = NULL, told_at = NULL
      RETURNING endpoint_id
    )
    UPDATE notifier.webhook_deliveries SET next_try_at = :at, attempts = 0
    WHERE status = 'waiting' AND endpoint_id IN (SELECT endpoint_id FROM anew)
      AND (lease_until IS NULL OR lease_until <= :at)
    """
)


async def settle(work: Work, *, at: datetime) -> None:
    """Begin anew with endpoints that were made or enabled, after handing out.

    One that became visible after the cursor had passed its number gets what it lacks.
    """
    made = (await work.session.execute(_MADE)).all()
    feed = (await read_state(work)).identity if made else ""
    for each in made:
        bounds = {"first": each.from_number + 1, "last": each.number, "feed": feed}
        given = bounds | {"endpoint_id": each.id, "at": at}
        await work.session.execute(REPLAY, given)
    await work.session.execute(_SETTLE, {"at": at})


async def hand_out(work: Work, *, at: datetime) -> bool:
    """Hand new events out to their endpoints; return whether more may be waiting.

    One process at a time does so; what is below the feed's last number is committed.
    """
    after = (await work.session.execute(_LOCKED)).scalar_one()
    state = await read_state(work)
    last = state.last_number
    given = {"after": after, "last": last, "limit": MOST_EVENTS}
    found = (await work.session.execute(_END, given)).one()
    is_full: bool = found.events == MOST_EVENTS
    if is_full:
        last = found.number
    if found.events:
        bounds = {"first": after + 1, "last": last, "feed": state.identity, "at": at}
        await work.session.execute(HAND_OUT, bounds)
    if last != after:
        await work.session.execute(_MOVE, {"number": last})
    return is_full


async def replay(work: Work, *, at: datetime) -> None:
    """Put the events of all new wishes on their way; each wish is fulfilled once."""
    ids = list(await work.session.scalars(_WISHES, {"at": at}))
    if not ids:
        return
    feed = (await read_state(work)).identity
    for wish in (await work.session.execute(_WISHED, {"ids": ids})).all():
        given = {"first": wish.first_number, "last": wish.last_number, "feed": feed}
        given |= {"endpoint_id": wish.endpoint_id, "at": at}
        count = (await work.session.execute(REPLAY, given)).scalar_one()
        await work.session.execute(_DONE, {"count": count, "id": wish.id})
