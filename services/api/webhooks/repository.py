"""Webhook endpoints and their keys."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func, insert, or_, select, update

from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.webhooks import (
    WebhookDeliveryRow,
    WebhookEndpointRow,
    WebhookSecretRow,
    WebhookStateRow,
)
from shared.persistence.work import Work

# What was found out of an endpoint before it was enabled anew says nothing.
_KNOWN = WebhookStateRow.enabled_at == WebhookEndpointRow.enabled_at
_WAITING = (
    select(func.count())
    .where(
        WebhookDeliveryRow.endpoint_id == WebhookEndpointRow.id,
        WebhookDeliveryRow.status == "waiting",
    )
    .correlate(WebhookEndpointRow)
    .scalar_subquery()
)
_FOUND = (
    WebhookStateRow.disabled_at,
    WebhookStateRow.disabled_reason,
    WebhookStateRow.failing_since,
    WebhookStateRow.held_until,
)
_SHOWN = select(
    *(column for column in WebhookEndpointRow.__table__.c if column.key != "url"),
    *(case((_KNOWN, each)).label(each.key) for each in _FOUND),
    WebhookStateRow.delivered_at,
    _WAITING.label("waiting"),
).outerjoin(WebhookStateRow, WebhookStateRow.endpoint_id == WebhookEndpointRow.id)


async def list_endpoints(work: Work, *, after: int, limit: int) -> Sequence[AnyRow]:
    """Return up to `limit + 1` endpoints that the caller may see, by number."""
    return await read_page(
        work, _SHOWN, WebhookEndpointRow.id, after=after, limit=limit
    )


async def find_endpoint(work: Work, endpoint_id: int) -> AnyRow | None:
    """Return an endpoint, if the caller may see it."""
    statement = _SHOWN.where(WebhookEndpointRow.id == endpoint_id)
    found: AnyRow | None = (await work.session.execute(statement)).one_or_none()
    return found


async def list_keys(
    work: Work, endpoint_ids: Sequence[int], *, at: datetime
) -> dict[int, list[AnyRow]]:
    """Return the keys that are valid, oldest first, by endpoint; without secrets."""
    key = WebhookSecretRow
    statement = (
        select(
            key.endpoint_id, key.scheme, key.public_key, key.created_at, key.valid_until
        )
        .where(
            key.endpoint_id.in_(endpoint_ids),
            or_(key.valid_until.is_(None), key.valid_until > at),
        )
        .order_by(key.id)
    )
    found: defaultdict[int, list[AnyRow]] = defaultdict(list)
    for row in (await work.session.execute(statement)).all():
        found[row.endpoint_id].append(row)
    return found


async def insert_endpoint(work: Work, values: Mapping[str, Any]) -> int:
    """Write an endpoint; return its number."""
    statement = (
        insert(WebhookEndpointRow).values(**values).returning(WebhookEndpointRow.id)
    )
    return (await work.session.scalars(statement)).one()


async def update_endpoint(
    work: Work, endpoint_id: int, values: Mapping[str, Any]
) -> None:
    """Change an endpoint."""
    await work.session.execute(
        update(WebhookEndpointRow)
        .where(WebhookEndpointRow.id == endpoint_id)
        .values(**values)
    )


async def delete_endpoint(work: Work, endpoint_id: int) -> None:
    """Remove an endpoint with its keys; what waits for it is never sent."""
    await work.session.execute(
        delete(WebhookEndpointRow).where(WebhookEndpointRow.id == endpoint_id)
    )


async def insert_key(work: Work, values: Mapping[str, Any]) -> None:
    """Write a key."""
    await work.session.execute(insert(WebhookSecretRow).values(**values))


async def end_keys(
    work: Work, endpoint_id: int, scheme: str, *, valid_until: datetime
) -> None:
    """Let the keys of a scheme that are in use end then."""
    await work.session.execute(
        update(WebhookSecretRow)
        .where(
            WebhookSecretRow.endpoint_id == endpoint_id,
            WebhookSecretRow.scheme == scheme,
            or_(
                WebhookSecretRow.valid_until.is_(None),
                WebhookSecretRow.valid_until > valid_until,
            ),
        )
        .values(valid_until=valid_until)
    )
