"""The state of the whole system in figures, none of which tells of a single school."""

from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, literal, select, union_all

from services.api.metrics.integrity import CHECKS
from shared.contracts.events import Topic
from shared.persistence.staleness import out_of_date_runs
from shared.persistence.tables.audit import AuditEntryRow
from shared.persistence.tables.outbox import OutboxRow
from shared.persistence.tables.reminders import MessageRow
from shared.persistence.work import Work
from shared.runtime.clock import system_now

PLANNED: Final = "planned"
DUE: Final = "due"
MESSAGE_STATES: Final = (PLANNED, DUE, "sent", "dead", "withdrawn")


async def oldest_seconds(work: Work) -> dict[str, float]:
    """Return how long the oldest of what is to be done soon has waited, in seconds.

    That is an event to be handed to the workers, an audit entry to be put into its
    chain, and a message to be sent; 0 where there is none.
    """
    machine_now = literal(system_now())
    waiting = {
        "outbox": select(_age(literal(work.now), OutboxRow.created_at)).where(
            OutboxRow.relayed_at.is_(None)
        ),
        "audit": select(_age(literal(work.now), AuditEntryRow.at)).where(
            AuditEntryRow.hash.is_(None)
        ),
        "messages": select(_age(machine_now, MessageRow.next_try_at)).where(
            MessageRow.status == PLANNED, MessageRow.next_try_at <= machine_now
        ),
    }
    ages = select(*(each.scalar_subquery() for each in waiting.values()))
    row = (await work.session.execute(ages)).one()
    return {name: float(age) for name, age in zip(waiting, row, strict=True)}


def _age(now: ColumnElement[Any], moment: Any) -> ColumnElement[float]:
    """Return the seconds since the earliest moment, never negative."""
    age = func.extract("epoch", now - func.min(moment))
    return func.greatest(func.coalesce(age, 0), 0)


async def stale_municipalities(work: Work) -> dict[str, int]:
    """Return of how many municipalities the figures are out of date, by topic."""
    counts = union_all(
        *(
            select(
                literal(topic.value).label("topic"),
                func.count(stale.c.municipality_id.distinct()).label("municipalities"),
            )
            for topic in Topic
            for stale in (out_of_date_runs(topic).subquery(),)
        )
    )
    rows = await work.session.execute(counts)
    return {row.topic: row.municipalities for row in rows}


async def messages(work: Work) -> dict[str, int]:
    """Return how many messages are in each of `MESSAGE_STATES`; `due` wait now."""
    is_due = (MessageRow.status == PLANNED) & (MessageRow.next_try_at <= system_now())
    state = case((is_due, DUE), else_=MessageRow.status)
    states = select(state.label("state")).subquery()
    rows = await work.session.execute(
        select(states.c.state, func.count().label("number")).group_by(states.c.state)
    )
    return dict.fromkeys(MESSAGE_STATES, 0) | {row.state: row.number for row in rows}


async def findings(work: Work) -> dict[str, int]:
    """Return how many rows each integrity check finds fault with."""
    counts = select(*(check.scalar_subquery() for check in CHECKS.values()))
    row = (await work.session.execute(counts)).one()
    return dict(zip(CHECKS, row, strict=True))
