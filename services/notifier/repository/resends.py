"""Wishes to send messages once more."""

from sqlalchemy import text

from shared.persistence.work import Work

# Whoever comes first writes the answer; the other finds it there, and does nothing.
RESEND = text(
    """
    WITH wished AS (
      SELECT r.id, r.municipality_id, r.message_ids FROM api.resends r
      WHERE NOT EXISTS (
        SELECT FROM notifier.done_resends d WHERE d.resend_id = r.id)
    ), answered AS (
      INSERT INTO notifier.done_resends (resend_id, municipality_id, count, done_at)
      SELECT w.id, w.municipality_id, (
          SELECT count(*) FROM notifier.messages m
          WHERE m.id = ANY (w.message_ids) AND m.status IN ('sent', 'dead')
        ), :now
      FROM wished w
      ON CONFLICT DO NOTHING
      RETURNING resend_id
    ), again AS (
      UPDATE notifier.messages m SET status = 'planned', attempts = 0,
        resends = m.resends + 1, next_try_at = :at, lease_until = NULL
      FROM wished w JOIN answered a ON a.resend_id = w.id
      WHERE m.id = ANY (w.message_ids) AND m.status IN ('sent', 'dead')
        AND m.municipality_id = w.municipality_id
      RETURNING m.id
    ), carried AS (
      UPDATE notifier.reminders SET status = 'planned'
      WHERE message_id IN (SELECT id FROM again) AND status IN ('sent', 'dead')
    )
    SELECT count(*) FROM again
    """
)


async def put_on_their_way(work: Work, *, at: object) -> int:
    """Let the messages of all wishes be sent again; return how many.

    `at` is machine time.
    """
    found = await work.session.scalars(RESEND, {"now": work.now, "at": at})
    return int(found.one())
