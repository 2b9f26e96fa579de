"""What planning reads, in columns, and the reminders that it writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from polars import DataType
from sqlalchemy import ColumnElement, Select, and_, select, text

from services.notifier.planning.reminders import (
    DEADLINES_SCHEMA,
    PLANNED_SCHEMA,
    RECIPIENTS_SCHEMA,
)
from shared.contracts.events import CONCERNS_REMINDERS
from shared.domain.permissions import Role
from shared.persistence.deadlines import is_owed
from shared.persistence.staleness import current_snapshot
from shared.persistence.tables.deadlines import DeadlineRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.reminders import ReminderRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

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
# A message and what it carries that were withdrawn may be owed again.
INSERT = text(
    """
    WITH message AS (
    INSERT INTO notifier.messages AS old (municipality_id, school_id, recipient_id,
      channel, kind, message_id, status, attempts, planned_at, send_after, next_try_at)
    SELECT due.*, 'planned', 0, :planned_at, :planned_at, :next_try_at
    FROM unnest(CAST(:municipality_id AS bigint[]), CAST(:school_id AS bigint[]),
      CAST(:recipient_id AS bigint[]), CAST(:channel AS text[]), CAST(:kind AS text[]),
      CAST(:message_id AS text[])) AS due
    ON CONFLICT (message_id) DO UPDATE SET status = 'planned', attempts = 0,
      planned_at = excluded.planned_at, send_after = excluded.send_after,
      next_try_at = excluded.next_try_at, lease_until = NULL, last_error = NULL
      WHERE old.status = 'withdrawn'
    RETURNING id, message_id, municipality_id, school_id, recipient_id, channel),
    planned AS (
    INSERT INTO notifier.reminders AS old (municipality_id, school_id, recipient_id,
      channel, deadline_id, due_on, rule, is_late, message_id, status, planned_at)
    SELECT message.municipality_id, message.school_id, message.recipient_id,
      message.channel, due.deadline_id, due.due_on, due.rule, due.is_late, message.id,
      'planned', :planned_at
    FROM unnest(CAST(:deadline_id AS bigint[]), CAST(:due_on AS date[]),
      CAST(:rule AS text[]), CAST(:is_late AS boolean[]), CAST(:message_id AS text[]))
      AS due (deadline_id, due_on, rule, is_late, message_id)
    JOIN message USING (message_id)
    ON CONFLICT ON CONSTRAINT uq_reminders_key DO UPDATE SET status = 'planned',
      reason = NULL, is_late = excluded.is_late, planned_at = excluded.planned_at,
      message_id = excluded.message_id
      WHERE old.status = 'withdrawn'
    RETURNING id)
    SELECT count(*) FROM planned
    """
)
INSERTED = (
    "municipality_id",
    "school_id",
    "recipient_id",
    "deadline_id",
    "due_on",
    "rule",
    "channel",
    "is_late",
    "message_id",
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


async def read_deadlines(work: Work, *, first: date, last: date) -> pl.DataFrame:
    """Return the deadlines owed from `first` to `last` (`DEADLINES_SCHEMA`)."""
    statement = select(
        DeadlineRow.id,
        DeadlineRow.municipality_id,
        DeadlineRow.school_id,
        DeadlineRow.due_on,
        DeadlineRow.state,
    ).where(_is_owed_and_due(first, last))
    return await _frame(work, statement, DEADLINES_SCHEMA)


async def read_recipients(work: Work) -> pl.DataFrame:
    """Return who answers for schools and municipalities, once for each channel.

    A school's deadlines are its editors' business, a municipality's own ones its
    coordinators'. Everybody has an inbox, mail only those with an address.
    """
    rows = await work.session.execute(
        select(
            UserRow.id, UserRow.municipality_id, UserRow.school_id, UserRow.email
        ).where(
            UserRow.is_active,
            UserRow.role.in_([Role.SCHOOL_EDITOR, Role.MUNICIPAL_COORDINATOR]),
        )
    )
    recipients = [
        (row.id, row.municipality_id, row.school_id, channel)
        for row in rows
        for channel in (("inbox", "mail") if row.email else ("inbox",))
    ]
    return pl.DataFrame(recipients, schema=RECIPIENTS_SCHEMA, orient="row")


async def read_planned(work: Work, *, first: date, last: date) -> pl.DataFrame:
    """Return the reminders that exist for these deadlines (`PLANNED_SCHEMA`)."""
    statement = (
        select(
            ReminderRow.recipient_id,
            ReminderRow.deadline_id,
            ReminderRow.due_on,
            ReminderRow.rule,
            ReminderRow.channel,
        )
        .join(DeadlineRow, DeadlineRow.id == ReminderRow.deadline_id)
        .where(
            _is_owed_and_due(first, last),
            ReminderRow.status != "withdrawn",
            ReminderRow.recipient_id.is_not(None),
        )
    )
    return await _frame(work, statement, PLANNED_SCHEMA)


async def insert_planned(
    work: Work, due: pl.DataFrame, *, next_try_at: datetime
) -> int:
    """Write planned reminders; return how many nobody else had planned meanwhile.

    `next_try_at` is machine time, unlike `planned_at`.
    """
    columns = due.select(INSERTED).to_dict(as_series=False)
    columns["kind"] = ["reminder"] * len(due)
    moments = {"planned_at": work.now, "next_try_at": next_try_at}
    return int((await work.session.scalars(INSERT, {**columns, **moments})).one())


def _is_owed_and_due(first: date, last: date) -> ColumnElement[bool]:
    return and_(is_owed(), DeadlineRow.due_on.between(first, last))


async def _frame(
    work: Work,
    statement: Select[*tuple[Any, ...]],
    schema: Mapping[str, type[DataType]],
) -> pl.DataFrame:
    rows = (await work.session.execute(statement)).all()
    return pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")
