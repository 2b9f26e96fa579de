"""Numbering committed changes, so that whoever reads by number never misses one.

A number that a writer takes says nothing of the order in which writers commit. So a
change is noted without one, and numbered after its commit, by one process at a time.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select, text

from shared.persistence.tables.feed import FeedEntryRow, FeedStateRow, SnapshotRow
from shared.persistence.work import Work

NUMBERED: Final = "numbered"
# Sets this advisory lock apart from any others in the database.
NUMBERING_LOCK: Final = 7085

_COLUMNS: Final = (
    "action, dataset, event, row_id, municipality_id, school_id, academic_year, key,"
    " old_key, payload, request_id, at"
)
# Of one row the entry that was committed first has the lower id, and is seen whenever
# the other is: its writer held the row until then. So the lowest ids come first.
_NUMBER: Final = text(
    f"""
    WITH taken AS (
      DELETE FROM api.feed_entries WHERE id IN (
        SELECT id FROM api.feed_entries ORDER BY id LIMIT :limit)
      RETURNING *
    ), counted AS (
      UPDATE api.feed_state SET last_number = last_number + (SELECT count(*) FROM taken)
      RETURNING last_number
    ), numbered AS (
      INSERT INTO api.changes (number, {_COLUMNS}, numbered_at)
      SELECT last_number - (SELECT count(*) FROM taken)
          + row_number() OVER (ORDER BY id), {_COLUMNS}, clock_timestamp()
      FROM taken CROSS JOIN counted
      ORDER BY id
    )
    SELECT count(*) FROM taken
    """  # noqa: S608 (made of constants)
)
_FORGET: Final = text(
    """
    WITH oldest AS (
      SELECT number, numbered_at FROM api.changes ORDER BY number LIMIT :limit
    ), forgotten AS (
      DELETE FROM api.changes WHERE number IN (
        SELECT number FROM oldest WHERE numbered_at < :before)
      RETURNING number
    ), noted AS (
      UPDATE api.feed_state SET forgotten_number = (SELECT max(number) FROM forgotten)
      WHERE EXISTS (SELECT 1 FROM forgotten)
    )
    SELECT count(*) FROM forgotten
    """
)


@dataclass(frozen=True, slots=True)
class FeedState:
    """How far the feed goes; `identity` is that of the database which numbered it."""

    identity: str
    last_number: int
    forgotten_number: int


async def number_changes(work: Work, limit: int) -> int:
    """Give up to `limit` committed changes their numbers; return how many.

    Waits while another process does the same; whatever had been committed when this
    was called then has its number, unless there is more than `limit`. The transaction
    must be the system's own.
    """
    await work.session.execute(select(func.pg_advisory_xact_lock(NUMBERING_LOCK)))
    # A statement of its own, so that it sees what was committed while waiting.
    numbered = await work.session.execute(_NUMBER, {"limit": limit})
    return int(numbered.scalar_one())


async def has_unnumbered(work: Work) -> bool:
    """Tell whether committed changes wait for their numbers."""
    return bool(await work.session.scalar(select(select(FeedEntryRow.id).exists())))


async def read_state(work: Work) -> FeedState:
    """Return how far the feed goes: every change up to there is committed and seen."""
    row = (
        await work.session.execute(
            select(
                func.api.feed_identity().label("identity"),
                FeedStateRow.last_number,
                FeedStateRow.forgotten_number,
            )
        )
    ).one()
    return FeedState(row.identity, row.last_number, row.forgotten_number)


async def forget_changes(work: Work, *, before: datetime, limit: int) -> int:
    """Forget up to `limit` changes numbered before that moment; return how many.

    Snapshots as old go too: the feed no longer goes back to them.
    """
    old = delete(SnapshotRow).where(SnapshotRow.created_at < before)
    await work.session.execute(old)
    given = {"before": before, "limit": limit}
    return int((await work.session.execute(_FORGET, given)).scalar_one())
