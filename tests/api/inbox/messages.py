"""Messages that the notifier has put into an inbox."""

import asyncpg

PUT = """
WITH planned AS (
  INSERT INTO notifier.messages (municipality_id, school_id, recipient_id, channel,
    kind, message_id, status, attempts, planned_at, send_after, next_try_at, sent_at)
  SELECT municipality_id, school_id, id, 'inbox', 'reminder', gen_random_uuid()::text,
    'sent', 1, now(), now(), now(), now()
  FROM api.users WHERE login = $1
  RETURNING id, municipality_id, school_id, recipient_id
)
INSERT INTO notifier.inbox_messages (message_id, municipality_id, school_id,
  recipient_id, subject, body, created_at)
SELECT id, municipality_id, school_id, recipient_id, $2, $2, now() FROM planned
RETURNING id
"""


async def put_message(database: asyncpg.Connection, login: str, subject: str) -> int:
    """Put a message into the account's inbox; return its number."""
    return int(await database.fetchval(PUT, login, subject))
