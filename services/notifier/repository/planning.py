"""What planning reads, and the messages and reminders that it writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select, text

from shared.contracts.events import CONCERNS_REMINDERS
from shared.domain.deadlines import DeadlineState
from shared.domain.reminders.bundles import Bundle
from shared.domain.reminders.day import Effect, Key
from shared.domain.reminders.rule_books import Deadline
from shared.persistence.deadlines import is_owed
from shared.persistence.reminder_situations import DEADLINES, deadline_of
from shared.persistence.staleness import current_snapshot
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.reminders import ReminderRow
from shared.persistence.work import Work

LOCK = 5_701  # of planning; the second number is the municipality's

# Numbers are allotted before the commit, so that a later number may be seen earlier:
# only a snapshot tells which events have been seen.
CHANGED = text(
    """
    SELECT DISTINCT municipality_id FROM api.outbox
    WHERE kind = ANY (CAST(:kinds AS text[]))
      AND txid >= pg_snapshot_xmin(CAST(CAST(:seen AS text) AS pg_snapshot))
      AND NOT pg_visible_in_snapshot(txid, CAST(CAST(:seen AS text) AS pg_snapshot))
    """
)
# What was withdrawn may be owed again, and a digest that nobody has taken up grows.
MESSAGES = text(
    """
    INSERT INTO notifier.messages AS old (municipality_id, school_id, recipient_id,
      recipient_role, channel, kind, message_id, send_after, status, attempts,
      planned_at, next_try_at)
    SELECT CAST(:municipality_id AS bigint), due.*, 'planned', 0, :planned_at,
      :next_try_at
    FROM unnest(CAST(:school_id AS bigint[]), CAST(:recipient_id AS bigint[]),
      CAST(:recipient_role AS text[]), CAST(:channel AS text[]),
      CAST(:kind AS text[]), CAST(:message_id AS text[]),
      CAST(:send_after AS timestamptz[])) AS due
    ON CONFLICT (message_id) DO UPDATE SET status = 'planned', attempts = 0,
      planned_at = excluded.planned_at, send_after = excluded.send_after,
      next_try_at = excluded.next_try_at, lease_until = NULL, last_error = NULL
      WHERE old.status = 'withdrawn' OR (old.kind = 'digest'
        AND old.status = 'planned' AND old.attempts = 0 AND old.lease_until IS NULL)
    RETURNING message_id, id
    """
)
REMINDERS = text(
    """
    WITH planned AS (
    INSERT INTO notifier.reminders AS old (municipality_id, school_id, recipient_id,
      recipient_role, deadline_id, due_on, rule, channel, is_late, message_id, status,
      planned_at)
    SELECT CAST(:municipality_id AS bigint), due.*, 'planned', :planned_at
    FROM unnest(CAST(:school_id AS bigint[]), CAST(:recipient_id AS bigint[]),
      CAST(:recipient_role AS text[]), CAST(:deadline_id AS bigint[]),
      CAST(:due_on AS date[]), CAST(:rule AS text[]), CAST(:channel AS text[]),
      CAST(:is_late AS boolean[]), CAST(:message_id AS bigint[])) AS due
    ON CONFLICT ON CONSTRAINT uq_reminders_key DO UPDATE SET status = 'planned',
      reason = NULL, is_late = excluded.is_late, planned_at = excluded.planned_at,
      message_id = excluded.message_id
      WHERE old.status = 'withdrawn'
    RETURNING id)
    SELECT count(*) FROM planned
    """
)


@dataclass(frozen=True, slots=True)
class Tenant:
    """A municipality and the zone that its dates are in."""

    id: int
    time_zone: str


async def read_snapshot(work: Work) -> str:
    """Return which transactions can be seen now, for `read_changed` later on."""
    return str(await work.session.scalar(select(current_snapshot())))


async def read_changed(work: Work, *, seen: str) -> set[int]:
    """Return where events that concern reminders were committed since `seen`."""
    kinds = sorted(CONCERNS_REMINDERS)
    return set(await work.session.scalars(CHANGED, {"kinds": kinds, "seen": seen}))


async def read_tenants(work: Work) -> list[Tenant]:
    """Return the municipalities that the transaction may see."""
    statement = select(MunicipalityRow.id, MunicipalityRow.time_zone)
    rows = await work.session.execute(statement.order_by(MunicipalityRow.id))
    return [Tenant(*row) for row in rows]


async def lock_planning(work: Work, municipality_id: int) -> None:
    """Wait until nobody else plans the municipality; hold it to the end."""
    await work.session.execute(
        select(func.pg_advisory_xact_lock(LOCK, municipality_id))
    )


async def read_deadlines(
    work: Work, municipality_id: int, *, last: date
) -> list[Deadline]:
    """Return what is owed by `last`, and what waits for the coordinator."""
    is_submitted = DeadlineRow.state == DeadlineState.SUBMITTED
    rows = await work.session.execute(
        DEADLINES.where(
            DeadlineRow.municipality_id == municipality_id,
            or_(and_(is_owed(), DeadlineRow.due_on <= last), is_submitted),
        ).order_by(DeadlineRow.due_on, DeadlineRow.id)
    )
    return [deadline_of(row) for row in rows]


async def read_planned(work: Work, effects: Sequence[Effect]) -> set[Key]:
    """Return the keys of what was planned of these deadlines and not withdrawn."""
    row = ReminderRow
    rows = await work.session.execute(
        select(
            row.recipient_id,
            row.recipient_role,
            row.deadline_id,
            row.due_on,
            row.rule,
            row.channel,
        ).where(
            row.deadline_id == func.any(sorted({each.deadline_id for each in effects})),
            row.rule == func.any(sorted({each.rule for each in effects})),
            row.status != "withdrawn",
        )
    )
    return {(a, b, c, d, e, f) for a, b, c, d, e, f in rows}


async def insert_bundles(
    work: Work,
    municipality_id: int,
    bundles: Sequence[Bundle],
    *,
    next_try_at: datetime,
) -> int:
    """Write messages with what they carry; return how many reminders are new.

    `next_try_at` is machine time, unlike `planned_at`.
    """
    common = {"municipality_id": municipality_id, "planned_at": work.now}
    messages = {
        "school_id": [each.recipient.school_id for each in bundles],
        "recipient_id": [each.recipient.account_id for each in bundles],
        "recipient_role": [each.recipient.post for each in bundles],
        "channel": [each.channel for each in bundles],
        "kind": [each.kind.value for each in bundles],
        "message_id": [each.message_id for each in bundles],
        "send_after": [each.send_after for each in bundles],
        "next_try_at": next_try_at,
    }
    rows = await work.session.execute(MESSAGES, {**common, **messages})
    numbers = {row.message_id: row.id for row in rows}
    carried = [
        (effect, numbers[bundle.message_id])
        for bundle in bundles
        if bundle.message_id in numbers
        for effect in bundle.effects
    ]
    reminders = {
        "school_id": [each.school_id for each, _ in carried],
        "recipient_id": [each.recipient.account_id for each, _ in carried],
        "recipient_role": [each.recipient.post for each, _ in carried],
        "deadline_id": [each.deadline_id for each, _ in carried],
        "due_on": [each.due_on for each, _ in carried],
        "rule": [each.rule for each, _ in carried],
        "channel": [each.channel for each, _ in carried],
        "is_late": [each.is_late for each, _ in carried],
        "message_id": [number for _, number in carried],
    }
    return int((await work.session.scalars(REMINDERS, {**common, **reminders})).one())
