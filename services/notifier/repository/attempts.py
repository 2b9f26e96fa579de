"""What became of attempts, and the log of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import insert, text

from services.notifier.repository import deliveries
from services.notifier.repository.endpoints import ENDPOINTS, fall_back, mark_gone
from services.notifier.repository.owed import OwedMessage
from shared.persistence.tables.deliveries import AttemptRow
from shared.persistence.work import Work

SENT_COLUMNS = {
    "municipality_id": "bigint",
    "school_id": "bigint",
    "message_id": "bigint",
    "channel": "text",
    "started_at": "timestamptz",
    "ended_at": "timestamptz",
    "reply": "text",
    "provider_id": "text",
}
SENT = text(
    f"""
    WITH sent AS (
      INSERT INTO notifier.attempts (outcome, {", ".join(SENT_COLUMNS)})
      SELECT 'sent', each.* FROM unnest(
        {", ".join(f"CAST(:{name} AS {t}[])" for name, t in SENT_COLUMNS.items())}
      ) AS each
      RETURNING message_id
    ), messages AS (
      UPDATE notifier.messages SET status = 'sent', sent_at = :now,
        lease_until = NULL, last_error = NULL
      WHERE id IN (SELECT message_id FROM sent)
    )
    UPDATE notifier.reminders SET status = 'sent', sent_at = :now,
      is_late = is_late OR id = ANY (CAST(:late AS bigint[]))
    WHERE message_id IN (SELECT message_id FROM sent) AND status = 'planned'
    """  # noqa: S608 (made of the names above)
)
UNADDRESSED = text(
    """
    INSERT INTO notifier.attempts (municipality_id, school_id, message_id, channel,
      started_at, ended_at, outcome, reply)
    SELECT municipality_id, school_id, id, channel, :at, :at, 'no_address', :reason
    FROM notifier.messages WHERE id = ANY (CAST(:ids AS bigint[]))
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt that has ended; all times are the machine's.

    `late` are the reminders of the message that went out after their day, and
    `next_try_at` stands where the message was put off.
    """

    message: OwedMessage
    started_at: datetime
    ended_at: datetime
    outcome: Literal["sent", "put_off", "refused", "unreachable"]
    code: int | None = None
    reply: str | None = None
    provider_id: str | None = None
    late: Sequence[int] = ()
    next_try_at: datetime | None = None


async def record(work: Work, attempts: Sequence[Attempt]) -> None:
    """Write the attempts, and what became of their messages."""
    sent = [each for each in attempts if each.outcome == "sent"]
    if sent:
        await _record_sent(work, sent)
    failed = [each for each in attempts if each.outcome != "sent"]
    if failed:
        await work.session.execute(insert(AttemptRow), [_row(each) for each in failed])
    for each in failed:
        if each.outcome == "unreachable":
            continue  # the message is as it was
        reason = each.reply or ""
        if each.next_try_at is None:
            await deliveries.give_up(work, each.message.id, reason=reason)
            await _see_to_endpoint(work, each)
        else:
            moment = each.next_try_at
            await deliveries.put_off(
                work, each.message.id, next_try_at=moment, reason=reason
            )


async def _see_to_endpoint(work: Work, attempt: Attempt) -> None:
    """Use a dead channel of an account no more, and let mail tell what it did not."""
    message, at = attempt.message, attempt.ended_at
    if message.channel in ENDPOINTS:
        await mark_gone(work, message, at=at)
        await fall_back(work, [message.id], at=at)


async def _record_sent(work: Work, sent: Sequence[Attempt]) -> None:
    """Write all of it in one round trip: this is what a notifier does most."""
    rows = [_row(each) for each in sent]
    columns = {name: [row[name] for row in rows] for name in SENT_COLUMNS}
    late = [reminder_id for each in sent for reminder_id in each.late]
    await work.session.execute(SENT, {**columns, "late": late, "now": work.now})


async def record_lost(
    work: Work, messages: Sequence[OwedMessage], *, at: datetime
) -> None:
    """Log the attempts that nobody has recorded before their leases ran out."""
    lost = [
        Attempt(message=each, started_at=at, ended_at=at, outcome="sent")
        for each in messages
        if each.lease_until is not None
    ]
    if lost:
        rows = [_row(each) | {"outcome": "lost", "started_at": None} for each in lost]
        await work.session.execute(insert(AttemptRow), rows)


async def record_posted(
    work: Work, messages: Sequence[OwedMessage], *, started_at: datetime, at: datetime
) -> None:
    """Log that messages were put into inboxes, which they are with this transaction."""
    rows = [
        _row(Attempt(message=each, started_at=started_at, ended_at=at, outcome="sent"))
        for each in messages
    ]
    await work.session.execute(insert(AttemptRow), rows)


async def record_unaddressed(
    work: Work, message_ids: Sequence[int], *, at: datetime, reason: str
) -> None:
    """Log that messages could not be tried, since no address leads to the recipient."""
    if message_ids:
        await work.session.execute(
            UNADDRESSED, {"ids": list(message_ids), "at": at, "reason": reason}
        )


def _row(attempt: Attempt) -> dict[str, object]:
    return {
        "municipality_id": attempt.message.municipality_id,
        "school_id": attempt.message.school_id,
        "message_id": attempt.message.id,
        "channel": attempt.message.channel,
        "started_at": attempt.started_at,
        "ended_at": attempt.ended_at,
        "outcome": attempt.outcome,
        "code": attempt.code,
        "reply": attempt.reply,
        "provider_id": attempt.provider_id,
    }
