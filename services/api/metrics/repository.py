"""The state of the whole system in figures, none of which tells of a single school."""

from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, literal, select, union_all

from services.api.metrics.integrity import CHECKS
from shared.contracts.events import Topic
from shared.persistence.staleness import out_of_date_runs
from shared.persistence.tables.audit import AuditEntryRow
from shared.persistence.tables.outbox import OutboxRow
from shared.persistence.tables.reminders import MessageRow
from shared.persistence.tables.webhooks import (
    WebhookAttemptRow,
    WebhookDeliveryRow,
    WebhookEndpointRow,
    WebhookStateRow,
)
from shared.persistence.work import Work
from shared.runtime.clock import system_now

PLANNED: Final = "planned"
DUE: Final = "due"
WAITING: Final = "waiting"
WEBHOOK_STATES: Final = (WAITING, "delivered", "failed")
ENDPOINT_STATES: Final = ("active", "failing", "paused", "disabled")
OUTCOMES: Final = ("delivered", "put_off", "failed", "lost")
MESSAGE_STATES: Final = (PLANNED, DUE, "sent", "dead", "withdrawn")


async def oldest_seconds(work: Work) -> dict[str, float]:
    """Return how long the oldest of what is to be done soon has waited, in seconds.

    That is an event to be handed to the workers, an audit entry to be put into its
    chain, a message to be sent, and an event for another system; 0 where there is none.
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
        "webhooks": select(_age(machine_now, WebhookDeliveryRow.created_at)).where(
            WebhookDeliveryRow.status == WAITING
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


async def webhooks(work: Work) -> dict[str, int]:
    """Return how many events for other systems are in each of `WEBHOOK_STATES`."""
    status = WebhookDeliveryRow.status
    rows = await work.session.execute(select(status, func.count()).group_by(status))
    return dict.fromkeys(WEBHOOK_STATES, 0) | {row[0]: row[1] for row in rows}


async def webhook_calls(work: Work) -> dict[str, int]:
    """Return how many calls of the last 90 days had each of `OUTCOMES`."""
    outcome = WebhookAttemptRow.outcome
    rows = await work.session.execute(select(outcome, func.count()).group_by(outcome))
    return dict.fromkeys(OUTCOMES, 0) | {row[0]: row[1] for row in rows}


async def webhook_endpoints(work: Work) -> dict[str, int]:
    """Return how many endpoints are in each of `ENDPOINT_STATES`."""
    found, endpoint = WebhookStateRow, WebhookEndpointRow
    is_known = found.enabled_at == endpoint.enabled_at
    state = case(
        (is_known & found.disabled_at.is_not(None), "disabled"),
        (endpoint.is_paused, "paused"),
        (is_known & found.failing_since.is_not(None), "failing"),
        else_="active",
    )
    states = (
        select(state.label("state"))
        .outerjoin_from(endpoint, found, found.endpoint_id == endpoint.id)
        .subquery()
    )
    rows = await work.session.execute(
        select(states.c.state, func.count()).group_by(states.c.state)
    )
    return dict.fromkeys(ENDPOINT_STATES, 0) | {row[0]: row[1] for row in rows}


async def findings(work: Work) -> dict[str, int]:
    """Return how many rows each integrity check finds fault with."""
    counts = select(*(check.scalar_subquery() for check in CHECKS.values()))
    row = (await work.session.execute(counts)).one()
    return dict(zip(CHECKS, row, strict=True))
