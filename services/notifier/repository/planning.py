"""What planning reads, and the messages and reminders that it writes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Date,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
    text,
)

from shared.contracts.events import CONCERNS_REMINDERS
from shared.domain.deadlines import DeadlineState
from shared.domain.reminders.bundles import Bundle
from shared.domain.reminders.day import Effect
from shared.domain.reminders.rule_books import Deadline
from shared.persistence.deadlines import is_owed
from shared.persistence.reminder_situations import DEADLINES, deadline_of
from shared.persistence.staleness import current_snapshot
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.municipalities import MunicipalityRow
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
# In the order of their numbers, or two planners could wait for each other.
LOCKS = text(
    """
    SELECT count(pg_advisory_xact_lock(:lock, id)) FROM (
      SELECT unnest(CAST(:ids AS int[])) AS id ORDER BY 1) AS places
    """
)
# The database keeps the plan by which it looks a message up for each reminder: one made
# while there were few messages would read all of them for ever after.
BY_INDEX = text("SELECT set_config('enable_seqscan', 'off', true)")
# What was withdrawn may be owed again, and a digest that nobody has taken up grows.
MESSAGES = text(
    """
    INSERT INTO notifier.messages AS old (municipality_id, school_id, recipient_id,
      recipient_role, channel, kind, message_id, send_after, status, attempts,
      trace_parent, planned_at, next_try_at)
    SELECT due.municipality_id, due.school_id, due.recipient_id, due.recipient_role,
      due.channel, due.kind, due.message_id, due.send_after, 'planned', 0,
      due.trace_parent, :planned_at, :next_try_at
    FROM unnest(CAST(:municipality_id AS bigint[]), CAST(:school_id AS bigint[]),
      CAST(:recipient_id AS bigint[]), CAST(:recipient_role AS text[]),
      CAST(:channel AS text[]), CAST(:kind AS text[]), CAST(:message_id AS text[]),
      CAST(:send_after AS timestamptz[]), CAST(:trace_parent AS text[]))
      AS due (municipality_id, school_id, recipient_id, recipient_role, channel, kind,
        message_id, send_after, trace_parent)
    ON CONFLICT (message_id) DO UPDATE SET status = 'planned', attempts = 0,
      planned_at = excluded.planned_at, send_after = excluded.send_after,
      next_try_at = excluded.next_try_at, lease_until = NULL, last_error = NULL,
      trace_parent = excluded.trace_parent
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
    SELECT due.*, 'planned', :planned_at
    FROM unnest(CAST(:municipality_id AS bigint[]), CAST(:school_id AS bigint[]),
      CAST(:recipient_id AS bigint[]), CAST(:recipient_role AS text[]),
      CAST(:deadline_id AS bigint[]), CAST(:due_on AS date[]), CAST(:rule AS text[]),
      CAST(:channel AS text[]), CAST(:is_late AS boolean[]),
      CAST(:message_id AS bigint[])) AS due
    ON CONFLICT ON CONSTRAINT uq_reminders_key DO UPDATE SET status = 'planned',
      reason = NULL, is_late = excluded.is_late, planned_at = excluded.planned_at,
      message_id = excluded.message_id
      WHERE old.status = 'withdrawn'
    RETURNING id)
    SELECT count(*) FROM planned
    """
)


# A hundred thousand keys are read as one column in a fraction of the time of as many
# rows; the day is the proleptic Gregorian ordinal.
PLANNED = text(
    """
    SELECT array_agg(concat_ws(' ', coalesce(old.recipient_id::text,
      old.recipient_role), old.deadline_id, old.due_on - DATE '0001-01-01' + 1,
      old.channel, old.rule))
    FROM notifier.reminders old JOIN unnest(CAST(:deadline_id AS bigint[]),
      CAST(:due_on AS date[]), CAST(:rule AS text[])) AS due (deadline_id, due_on, rule)
      USING (deadline_id, due_on, rule)
    WHERE old.status <> 'withdrawn'
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


async def lock_planning(work: Work, municipality_ids: Iterable[int]) -> None:
    """Wait until nobody else plans the municipalities; hold them to the end."""
    await work.session.execute(LOCKS, {"lock": LOCK, "ids": [*municipality_ids]})


async def read_deadlines(
    work: Work, last: Mapping[int, date]
) -> defaultdict[int, list[Deadline]]:
    """Return what is owed by the `last` day of each municipality, in that order.

    What waits for the coordinator is among it.
    """
    horizons = (
        func.unnest(
            cast(bindparam("places", [*last]), ARRAY(BigInteger)),
            cast(bindparam("days", [*last.values()]), ARRAY(Date)),
        )
        .table_valued("place", "day", name="horizons")
        .render_derived()
    )
    is_submitted = DeadlineRow.state == DeadlineState.SUBMITTED
    rows = await work.session.execute(
        DEADLINES.join(horizons, DeadlineRow.municipality_id == horizons.c.place)
        .where(or_(and_(is_owed(), DeadlineRow.due_on <= horizons.c.day), is_submitted))
        .order_by(DeadlineRow.due_on, DeadlineRow.id)
    )
    found: defaultdict[int, list[Deadline]] = defaultdict(list)
    for row in rows:
        found[row.municipality_id].append(deadline_of(row))
    return found


async def read_planned(work: Work, effects: Iterable[Effect]) -> set[str]:
    """Return what was planned of the same and not withdrawn, as `key_text` has it."""
    told = {(each.deadline_id, each.due_on, each.rule) for each in effects}
    planned = await work.session.scalar(
        PLANNED,
        {
            "deadline_id": [each for each, _, _ in told],
            "due_on": [each for _, each, _ in told],
            "rule": [each for _, _, each in told],
        },
    )
    return {*(planned or ())}


def key_text(effect: Effect) -> str:
    """Return the key of a reminder as the database writes it for `read_planned`."""
    whom = effect.recipient
    return (
        f"{whom.account_id or whom.post} {effect.deadline_id}"
        f" {effect.due_on.toordinal()} {effect.channel} {effect.rule}"
    )


async def insert_bundles(
    work: Work,
    bundles: Sequence[tuple[int, Bundle]],
    *,
    next_try_at: datetime,
    traces: Mapping[int, str],
) -> int:
    """Write messages with what they carry; return how many reminders are new.

    Each stands beside its municipality's id. `next_try_at` is machine time, unlike
    `planned_at`. `traces` has that of each municipality that is planned in one.
    """
    await work.session.execute(BY_INDEX)
    messages = {
        "municipality_id": [place for place, _ in bundles],
        "school_id": [each.recipient.school_id for _, each in bundles],
        "recipient_id": [each.recipient.account_id for _, each in bundles],
        "recipient_role": [each.recipient.post for _, each in bundles],
        "channel": [each.channel for _, each in bundles],
        "kind": [each.kind.value for _, each in bundles],
        "message_id": [each.message_id for _, each in bundles],
        "send_after": [each.send_after for _, each in bundles],
        "trace_parent": [traces.get(place) for place, _ in bundles],
        "planned_at": work.now,
        "next_try_at": next_try_at,
    }
    rows = await work.session.execute(MESSAGES, messages)
    numbers = {row.message_id: row.id for row in rows}
    carried = [
        (place, effect, numbers[bundle.message_id])
        for place, bundle in bundles
        if bundle.message_id in numbers
        for effect in bundle.effects
    ]
    reminders = {
        "municipality_id": [place for place, _, _ in carried],
        "school_id": [each.school_id for _, each, _ in carried],
        "recipient_id": [each.recipient.account_id for _, each, _ in carried],
        "recipient_role": [each.recipient.post for _, each, _ in carried],
        "deadline_id": [each.deadline_id for _, each, _ in carried],
        "due_on": [each.due_on for _, each, _ in carried],
        "rule": [each.rule for _, each, _ in carried],
        "channel": [each.channel for _, each, _ in carried],
        "is_late": [each.is_late for _, each, _ in carried],
        "message_id": [number for _, _, number in carried],
        "planned_at": work.now,
    }
    return int((await work.session.scalars(REMINDERS, reminders)).one())
