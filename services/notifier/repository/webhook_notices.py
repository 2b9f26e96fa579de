"""Endpoints that were disabled, and who is to be told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import text

from services.notifier.repository import inboxes
from shared.persistence.work import Work

_UNTOLD: Final = text(
    """
    SELECT e.id, e.name, e.shown, e.municipality_id, e.created_by, s.disabled_at,
      s.disabled_reason, s.failing_since,
      (SELECT count(*) FROM notifier.webhook_deliveries d
       WHERE d.endpoint_id = e.id AND d.status = 'waiting') AS waiting
    FROM notifier.webhook_states s JOIN api.webhook_endpoints e ON e.id = s.endpoint_id
    WHERE s.disabled_at IS NOT NULL AND s.told_at IS NULL
      AND s.enabled_at = e.enabled_at
    ORDER BY e.id
    """
)
# Who made it, or those who answer for its part now.
_OWNERS: Final = text(
    """
    WITH people AS (
      SELECT id, municipality_id, role, email, language, display_name FROM api.users
      WHERE is_active AND role <> 'api_client'
    ), makers AS (
      SELECT * FROM people WHERE id = :created_by
    )
    SELECT p.id, p.municipality_id, p.language, p.display_name,
      CASE WHEN NOT EXISTS (
        SELECT FROM api.bounces b WHERE b.kind = 'permanent' AND b.cleared_at IS NULL
          AND b.address_digest =
            encode(sha256(convert_to(lower(btrim(p.email)), 'UTF8')), 'hex'))
      THEN p.email END AS email
    FROM (
      SELECT * FROM makers
      UNION ALL
      SELECT * FROM people WHERE NOT EXISTS (SELECT FROM makers) AND CASE
        WHEN CAST(:municipality_id AS bigint) IS NULL THEN role = 'administrator'
        ELSE role = 'municipal_coordinator' AND municipality_id = :municipality_id END
    ) p ORDER BY p.id
    """
)
_MESSAGE: Final = text(
    """
    INSERT INTO notifier.messages (municipality_id, recipient_id, channel, kind,
      message_id, status, attempts, planned_at, send_after, next_try_at, sent_at)
    VALUES (:municipality_id, :recipient_id, 'inbox', 'alarm', :key, 'sent', 1, :now,
      :now, :at, :now)
    ON CONFLICT (message_id) DO NOTHING
    RETURNING id
    """
)
_INBOX: Final = text(
    """
    INSERT INTO notifier.inbox_messages (message_id, municipality_id, recipient_id,
      subject, body, created_at)
    VALUES (:message_id, :municipality_id, :recipient_id, :subject, :body, :now)
    """
)
_TOLD: Final = text(
    "UPDATE notifier.webhook_states SET told_at = :at WHERE endpoint_id = :id"
    " AND disabled_at IS NOT NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disabled:
    """An endpoint that is not called any more; times are the machine's."""

    id: int
    name: str
    shown: str
    municipality_id: int | None
    created_by: int
    disabled_at: datetime
    disabled_reason: str
    failing_since: datetime | None
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who is told; without an address, or where mail came back, by the inbox only."""

    id: int
    municipality_id: int | None
    language: str
    display_name: str
    email: str | None = field(repr=False)


async def read_untold(work: Work) -> list[Disabled]:
    """Return the endpoints whose owners have not been told."""
    rows = (await work.session.execute(_UNTOLD)).mappings()
    return [Disabled(**row) for row in rows]


async def read_owners(work: Work, endpoint: Disabled) -> list[Owner]:
    """Return who made it or, if that account is no more, who answers for its part."""
    given = {
        "created_by": endpoint.created_by,
        "municipality_id": endpoint.municipality_id,
    }
    rows = (await work.session.execute(_OWNERS, given)).mappings()
    return [Owner(**row) for row in rows]


async def put_into_inboxes(
    work: Work, messages: Sequence[tuple[Owner, str, str, str]], *, at: datetime
) -> None:
    """Put (owner, key, subject, body) into inboxes; a key that is there is passed over.

    Who is of no municipality has no inbox.
    """
    await work.session.execute(inboxes.ONE_AT_A_TIME)
    for owner, key, subject, body in messages:
        if owner.municipality_id is None:
            continue
        given = {"municipality_id": owner.municipality_id, "recipient_id": owner.id}
        found = await work.session.scalars(
            _MESSAGE, given | {"key": key, "now": work.now, "at": at}
        )
        if (number := found.one_or_none()) is None:
            continue
        words = {"subject": subject, "body": body, "now": work.now}
        await work.session.execute(_INBOX, given | words | {"message_id": number})


async def mark_told(work: Work, endpoint_id: int, *, at: datetime) -> None:
    """Write that its owners know."""
    await work.session.execute(_TOLD, {"id": endpoint_id, "at": at})
