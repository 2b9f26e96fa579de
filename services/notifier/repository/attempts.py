"""What became of attempts, and the log of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import CursorResult, text
from sqlalchemy.dialects.postgresql import insert

from services.notifier.repository import deliveries
from services.notifier.repository.deliveries import Held
from services.notifier.repository.endpoints import ENDPOINTS, fall_back, mark_gone
from services.notifier.repository.owed import OwedMessage
from shared.persistence.tables.deliveries import IS_AWAY, AttemptRow
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
    UPDATE notifier.reminders SET status = 'sent', reason = NULL, sent_at = :now,
      is_late = is_late OR id = ANY (CAST(:late AS bigint[]))
    WHERE message_id IN (SELECT message_id FROM sent) AND (status = 'planned'
      OR status = 'withdrawn' AND id = ANY (CAST(:carried AS bigint[])))
    """  # noqa: S608 (made of the names above)
)
# One row is open for a server that is away, with how often it was tried since.
STILL_AWAY = text(
    """
    UPDATE notifier.attempts SET tries = tries + 1, ended_at = :ended_at, code = :code,
      reply = :reply
    WHERE channel = :channel AND outcome = 'unreachable' AND back_at IS NULL
    """
)
BACK = text(
    """
    UPDATE notifier.attempts SET back_at = greatest(:at, ended_at)
    WHERE channel = ANY (CAST(:channels AS text[])) AND outcome = 'unreachable'
      AND back_at IS NULL
    """
)
AWAY = insert(AttemptRow).on_conflict_do_nothing(
    index_elements=[AttemptRow.channel], index_where=IS_AWAY
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

    `carried` are the reminders that the message told of, and `late` those of them that
    went out after their day. `next_try_at` stands where the message was put off;
    `leased_until` is the lease under which it was tried.
    """

    message: OwedMessage
    started_at: datetime
    ended_at: datetime
    outcome: Literal["sent", "put_off", "refused", "unreachable"]
    code: int | None = None
    reply: str | None = None
    provider_id: str | None = None
    carried: Sequence[int] = ()
    late: Sequence[int] = ()
    leased_until: datetime | None = None
    next_try_at: datetime | None = None

    @property
    def was_answered(self) -> bool:
        """Whether the other side is there, whatever it said."""
        is_away = self.outcome == "unreachable"
        return not is_away and (self.outcome == "sent" or self.code is not None)


async def record(work: Work, attempts: Sequence[Attempt]) -> None:
    """Write the attempts, and what became of their messages."""
    sent = [each for each in attempts if each.outcome == "sent"]
    if sent:
        await _record_sent(work, sent)
    failed = [each for each in attempts if each.outcome in {"put_off", "refused"}]
    if failed:
        await work.session.execute(insert(AttemptRow), [_row(each) for each in failed])
    for each in failed:
        await _record_failed(work, each)
    answered = {each.message.channel for each in attempts if each.was_answered}
    if answered:
        at = max(each.ended_at for each in attempts)
        await work.session.execute(BACK, {"channels": sorted(answered), "at": at})
    for each in attempts:
        if each.outcome == "unreachable":  # the message is as it was
            await _record_away(work, each)


async def _record_failed(work: Work, attempt: Attempt) -> None:
    """Write what becomes of the message, unless the lease has become another's."""
    held = Held(attempt.message.id, attempt.leased_until)
    reason = attempt.reply or ""
    if attempt.next_try_at is None:
        await deliveries.give_up(work, held, reason=reason)
        await _see_to_endpoint(work, attempt)
    else:
        moment = attempt.next_try_at
        await deliveries.put_off(work, held, next_try_at=moment, reason=reason)


async def _record_away(work: Work, attempt: Attempt) -> None:
    """Log that a server is away: once for as long as it is, with the last try."""
    row = _row(attempt)
    said = {name: row[name] for name in ("ended_at", "code", "reply", "channel")}
    found = await work.session.execute(STILL_AWAY, said)
    if not cast("CursorResult[Any]", found).rowcount:
        await work.session.execute(AWAY, [row])


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
    carried = [reminder_id for each in sent for reminder_id in each.carried]
    await work.session.execute(
        SENT, {**columns, "late": late, "carried": carried, "now": work.now}
    )


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
