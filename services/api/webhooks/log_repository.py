"""The log of what was sent to an endpoint, and wishes to send it once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, insert, select

from shared.persistence.paging import AnyRow
from shared.persistence.tables.feed import ChangeRow
from shared.persistence.tables.municipalities import MunicipalityRow
from shared.persistence.tables.webhooks import (
    DoneWebhookReplayRow,
    WebhookAttemptRow,
    WebhookDeliveryRow,
    WebhookReplayRow,
)
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFilter:
    """What a list of deliveries is narrowed to; None narrows nothing."""

    status: str | None = None
    event: str | None = None
    school_id: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptFilter:
    """What a list of attempts is narrowed to; `contains` is of the answer."""

    outcome: str | None = None
    code: int | None = None
    number: int | None = None
    contains: str | None = None
    since: datetime | None = None
    until: datetime | None = None


_DELIVERIES = select(
    *(
        column
        for column in WebhookDeliveryRow.__table__.c
        if column.key not in {"next_try_at", "lease_until", "lane"}
    ),
    case(
        (WebhookDeliveryRow.status == "waiting", WebhookDeliveryRow.next_try_at)
    ).label("next_try_at"),
)
_REPLAY_COLUMNS: tuple[Any, ...] = (
    WebhookReplayRow.id,
    WebhookReplayRow.first_number,
    WebhookReplayRow.last_number,
    WebhookReplayRow.requested_at,
    DoneWebhookReplayRow.done_at,
    DoneWebhookReplayRow.count,
)
_REPLAYS = select(*_REPLAY_COLUMNS).outerjoin(
    DoneWebhookReplayRow, DoneWebhookReplayRow.replay_id == WebhookReplayRow.id
)


async def list_deliveries(
    work: Work, endpoint_id: int, wanted: DeliveryFilter, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` deliveries, newest first, older than `after`."""
    row = WebhookDeliveryRow
    statement = _DELIVERIES.where(row.endpoint_id == endpoint_id)
    for column, value in (
        (row.status, wanted.status),
        (row.event, wanted.event),
        (row.school_id, wanted.school_id),
        (row.number, wanted.number),
    ):
        if value is not None:
            statement = statement.where(column == value)
    return await _newest(work, statement, row.id, after=after, limit=limit)


async def list_attempts(
    work: Work, endpoint_id: int, wanted: AttemptFilter, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` attempts, newest first, older than `after`."""
    row = WebhookAttemptRow
    statement: Select[Any] = select(*row.__table__.c)
    statement = statement.where(row.endpoint_id == endpoint_id)
    for column, value in (
        (row.outcome, wanted.outcome),
        (row.code, wanted.code),
        (row.number, wanted.number),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.contains is not None:
        is_there = row.reply.icontains(wanted.contains, autoescape=True)
        statement = statement.where(is_there)
    if wanted.since is not None:
        statement = statement.where(row.started_at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(row.started_at < wanted.until)
    return await _newest(work, statement, row.id, after=after, limit=limit)


async def list_replays(
    work: Work, endpoint_id: int, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` replays, newest first, older than `after`."""
    statement = _REPLAYS.where(WebhookReplayRow.endpoint_id == endpoint_id)
    return await _newest(work, statement, WebhookReplayRow.id, after=after, limit=limit)


async def find_replay(work: Work, replay_id: int) -> AnyRow:
    """Return a replay that is there."""
    statement = _REPLAYS.where(WebhookReplayRow.id == replay_id)
    found: AnyRow = (await work.session.execute(statement)).one()
    return found


async def insert_replay(
    work: Work, endpoint_id: int, first_number: int, last_number: int
) -> int:
    """Write a wish; return its number."""
    statement = (
        insert(WebhookReplayRow)
        .values(
            endpoint_id=endpoint_id,
            first_number=first_number,
            last_number=last_number,
            requested_by=work.user_id,
            requested_at=work.now,
        )
        .returning(WebhookReplayRow.id)
    )
    return (await work.session.scalars(statement)).one()


async def numbers_between(
    work: Work, since: datetime, until: datetime
) -> tuple[int, int] | None:
    """Return the first and the last number of events told at that time."""
    statement = select(func.min(ChangeRow.number), func.max(ChangeRow.number)).where(
        ChangeRow.action == "event", ChangeRow.at >= since, ChangeRow.at < until
    )
    found: AnyRow = (await work.session.execute(statement)).one()
    return None if found[0] is None else (found[0], found[1])


async def any_municipality(work: Work, region_id: int | None) -> int | None:
    """Return some municipality, of the region if one is named."""
    statement = select(func.min(MunicipalityRow.id))
    if region_id is not None:
        statement = statement.where(MunicipalityRow.region_id == region_id)
    return await work.session.scalar(statement)


async def _newest(
    work: Work, statement: Select[Any], key: Any, *, after: int, limit: int
) -> Sequence[AnyRow]:
    if after:
        statement = statement.where(key < after)
    page = statement.order_by(key.desc()).limit(limit + 1)
    rows: Sequence[AnyRow] = (await work.session.execute(page)).all()
    return rows
