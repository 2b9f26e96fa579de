"""Own channels of accounts and schools: where they lead, and what is found out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from services.notifier.repository.owed import OwedMessage
from shared.persistence.tables.deliveries import ChannelStateRow, ReminderChannelRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

Owner: TypeAlias = tuple[int | None, int | None]  # account, school: one of them

ENDPOINTS = frozenset({"webhook", "messenger"})
GONE = "channel_gone"  # why nothing is sent there, as a word for the log

# What mail the recipient has had already is not sent again: its key is there.
FALL_BACK = text(
    """
    WITH failed AS (
      SELECT m.*, '<' || left(encode(sha256(convert_to('mail ' || m.message_id,
          'UTF8')), 'hex'), 32) || substring(m.message_id FROM '@.*$') AS mail_key
      FROM notifier.messages m JOIN api.users u ON u.id = m.recipient_id
      WHERE m.id = ANY (CAST(:ids AS bigint[])) AND u.is_active
        AND u.email IS NOT NULL
    ), missing AS (
      SELECT r.* FROM notifier.reminders r JOIN failed f ON f.id = r.message_id
      WHERE NOT EXISTS (
        SELECT FROM notifier.reminders m
        WHERE m.recipient_id = r.recipient_id AND m.deadline_id = r.deadline_id
          AND m.due_on = r.due_on AND m.rule = r.rule AND m.channel = 'mail')
    ), letters AS (
      INSERT INTO notifier.messages (municipality_id, school_id, recipient_id,
        recipient_role, channel, kind, message_id, status, attempts, planned_at,
        send_after, next_try_at)
      SELECT municipality_id, school_id, recipient_id, recipient_role, 'mail', kind,
        mail_key, 'planned', 0, :now, :now, :at
      FROM failed WHERE id IN (SELECT message_id FROM missing)
      ON CONFLICT (message_id) DO NOTHING
      RETURNING id, message_id
    )
    INSERT INTO notifier.reminders (municipality_id, school_id, recipient_id,
      recipient_role, deadline_id, due_on, rule, channel, is_late, message_id, status,
      planned_at)
    SELECT r.municipality_id, r.school_id, r.recipient_id, r.recipient_role,
      r.deadline_id, r.due_on, r.rule, 'mail', r.is_late, l.id, 'planned', :now
    FROM missing r JOIN failed f ON f.id = r.message_id
      JOIN letters l ON l.message_id = f.mail_key
    ON CONFLICT DO NOTHING
    """
)
STRANDED = text(
    """
    SELECT m.id FROM notifier.messages m
    WHERE m.channel = :channel AND m.status = 'planned' AND NOT EXISTS (
      SELECT FROM api.reminder_channels c
        LEFT JOIN notifier.channel_states s ON s.channel_id = c.id
      WHERE c.channel = m.channel AND (c.user_id = m.recipient_id
          OR m.recipient_id IS NULL AND c.school_id = m.school_id)
        AND (s.gone_at IS NULL OR s.gone_at < c.changed_at))
    ORDER BY m.id LIMIT :most FOR UPDATE OF m SKIP LOCKED
    """
)
STRAND = text(
    """
    WITH stranded AS (
      UPDATE notifier.messages SET status = 'withdrawn', lease_until = NULL
      WHERE id = ANY (CAST(:ids AS bigint[]))
    )
    UPDATE notifier.reminders SET status = 'withdrawn', reason = :reason
    WHERE message_id = ANY (CAST(:ids AS bigint[])) AND status = 'planned'
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the channel of an account or a school leads, and what it signs with."""

    id: int
    municipality_id: int
    user_id: int | None
    school_id: int | None
    channel: str
    url: str = field(repr=False)
    secret: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTest:
    """A test message that an account wants; `asked_at` is machine time."""

    endpoint: Endpoint
    language: str
    time_zone: str
    asked_at: datetime


_COLUMNS = (
    ReminderChannelRow.id,
    ReminderChannelRow.municipality_id,
    ReminderChannelRow.user_id,
    ReminderChannelRow.school_id,
    ReminderChannelRow.channel,
    ReminderChannelRow.url,
    ReminderChannelRow.secret,
)


def owner_of(message: OwedMessage) -> Owner:
    """Return whose channel a message goes over: an account's, or the school's."""
    if message.recipient_id is not None:
        return message.recipient_id, None
    return None, message.school_id


async def read_endpoints(
    work: Work, channel: str, messages: Collection[OwedMessage]
) -> dict[Owner, Endpoint]:
    """Return where the channel leads for whoever has set it of those told."""
    owners = {owner_of(message) for message in messages}
    row = ReminderChannelRow
    statement = select(*_COLUMNS).where(
        row.channel == channel,
        or_(
            row.user_id.in_([user for user, _ in owners if user is not None]),
            row.school_id.in_([school for _, school in owners if school is not None]),
        ),
    )
    rows = (await work.session.execute(statement)).mappings()
    return {(found["user_id"], found["school_id"]): Endpoint(**found) for found in rows}


async def fall_back(work: Work, message_ids: Sequence[int], *, at: datetime) -> None:
    """Let mail tell what these messages did not, where it has not told it already.

    `at` is machine time.
    """
    await work.session.execute(
        FALL_BACK, {"ids": list(message_ids), "now": work.now, "at": at}
    )


async def strand(work: Work, channel: str, *, at: datetime, most: int) -> list[int]:
    """Withdraw messages whose channel is gone, and fall back; return which."""
    found = await work.session.scalars(STRANDED, {"channel": channel, "most": most})
    ids = list(found)
    if ids:
        await fall_back(work, ids, at=at)
        await work.session.execute(STRAND, {"ids": ids, "reason": GONE})
    return ids


async def mark_gone(work: Work, message: OwedMessage, *, at: datetime) -> None:
    """Use a message's channel no more until its owner changes it, in machine time."""
    for endpoint in (await read_endpoints(work, message.channel, [message])).values():
        await _note(work, endpoint, {"gone_at": at})


async def read_asked_tests(work: Work, *, most: int) -> list[AskedTest]:
    """Return tests that were asked for and not yet made."""
    statement = (
        select(
            *_COLUMNS,
            func.coalesce(UserRow.language, "ru").label("language"),
            MunicipalityRow.time_zone,
            ReminderChannelRow.test_asked_at,
        )
        .outerjoin(UserRow, UserRow.id == ReminderChannelRow.user_id)
        .join(MunicipalityRow, MunicipalityRow.id == ReminderChannelRow.municipality_id)
        .outerjoin(
            ChannelStateRow,
            and_(
                ChannelStateRow.channel_id == ReminderChannelRow.id,
                ChannelStateRow.tested_at >= ReminderChannelRow.test_asked_at,
            ),
        )
        .where(
            or_(UserRow.is_active, ReminderChannelRow.user_id.is_(None)),
            ReminderChannelRow.test_asked_at.is_not(None),
            ChannelStateRow.channel_id.is_(None),
        )
        .order_by(ReminderChannelRow.test_asked_at)
        .limit(most)
    )
    rows = (await work.session.execute(statement)).all()
    return [
        AskedTest(
            endpoint=Endpoint(
                **{each.key: getattr(row, each.key) for each in _COLUMNS}
            ),
            language=row.language,
            time_zone=row.time_zone,
            asked_at=row.test_asked_at,
        )
        for row in rows
    ]


async def note_test(
    work: Work, endpoint: Endpoint, *, at: datetime, outcome: str, reply: str
) -> None:
    """Write what came of a test; `at` is machine time."""
    found = {"tested_at": at, "test_outcome": outcome, "test_reply": reply}
    await _note(work, endpoint, found)


async def _note(work: Work, endpoint: Endpoint, found: dict[str, object]) -> None:
    new = {
        "channel_id": endpoint.id,
        "municipality_id": endpoint.municipality_id,
        "user_id": endpoint.user_id,
        "school_id": endpoint.school_id,
        **found,
    }
    await work.session.execute(
        insert(ChannelStateRow)
        .values(new)
        .on_conflict_do_update(index_elements=["channel_id"], set_=found)
    )
