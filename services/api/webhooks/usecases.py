"""Telling other systems of events: where, signed by what, and from when on."""

import secrets
from datetime import timedelta
from typing import Any

from services.api.http.auth import Actor
from services.api.webhooks import repository
from services.api.webhooks.checking import (
    check_datasets,
    check_events,
    part_of,
    shown,
)
from services.api.webhooks.schemas import (
    WebhookEndpointIn,
    WebhookEndpointPatch,
    WebhookSecretIn,
)
from shared.domain.errors import NotFoundError, Text
from shared.domain.webhook_keys import (
    KEY_BYTES,
    Scheme,
    private_key,
    public_key,
    symmetric_secret,
)
from shared.persistence.audit import Changes, created, difference, record_change
from shared.persistence.feed import read_state
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work
from shared.runtime.clock import system_now


async def create(
    work: Work, actor: Actor, wanted: WebhookEndpointIn, *, only_https: bool
) -> tuple[AnyRow, str | None]:
    """Make an endpoint; return it and the only copy of its secret, if it has one.

    Raises:
        EndpointRefusedError: the address cannot be used.
        EventNotReadableError: an event is not for the caller.
        InvalidInputError: a dataset is unknown, or places do not go together.
        NotFoundError: the place is outside of the caller's part.
    """
    check_events(actor, wanted.events)
    check_datasets(wanted.datasets)
    part = await part_of(work, actor, wanted)
    now = system_now()
    endpoint_id = await repository.insert_endpoint(
        work,
        {
            "region_id": part.region_id,
            "municipality_id": part.municipality_id,
            "school_id": part.school_id,
            "name": wanted.name,
            "url": wanted.url,
            "shown": shown(wanted.url, only_https=only_https),
            "events": sorted(set(wanted.events)),
            "datasets": sorted(set(wanted.datasets)),
            "is_paused": False,
            "from_number": (await read_state(work)).last_number,
            "created_by": actor.user_id,
            "created_at": now,
            "enabled_at": now,
        },
    )
    told = [await _add_key(work, endpoint_id, each) for each in set(wanted.signatures)]
    row = await find(work, endpoint_id)
    values = {"shown": row.shown, "events": row.events, "datasets": row.datasets}
    await _audit(work, row, "create", created(values))
    return row, next((each for each in told if each is not None), None)


async def change(
    work: Work,
    actor: Actor,
    endpoint_id: int,
    wanted: WebhookEndpointPatch,
    *,
    only_https: bool,
) -> AnyRow:
    """Change an endpoint; another address enables it anew.

    Raises:
        NotFoundError: the caller sees no such endpoint.
        EndpointRefusedError: the address cannot be used.
        EventNotReadableError: an event is not for the caller.
        InvalidInputError: a dataset is unknown.
    """
    before = await find(work, endpoint_id)
    values: dict[str, Any] = {}
    if wanted.name is not None:
        values["name"] = wanted.name
    if wanted.url is not None:
        values["url"] = wanted.url
        values["shown"] = shown(wanted.url, only_https=only_https)
        values["enabled_at"] = system_now()
    if wanted.events is not None:
        check_events(actor, wanted.events)
        values["events"] = sorted(set(wanted.events))
    if wanted.datasets is not None:
        check_datasets(wanted.datasets)
        values["datasets"] = sorted(set(wanted.datasets))
    if not values:
        return before
    await repository.update_endpoint(work, endpoint_id, values)
    told = values.keys() - {"url", "enabled_at"}
    changes = difference(
        {name: getattr(before, name) for name in told},
        {name: values[name] for name in told},
    )
    await _audit(work, before, "update", changes)
    return await find(work, endpoint_id)


async def pause(work: Work, endpoint_id: int) -> AnyRow:
    """Send nothing more; events wait until it is resumed.

    Raises:
        NotFoundError: the caller sees no such endpoint.
    """
    before = await find(work, endpoint_id)
    if not before.is_paused:
        await repository.update_endpoint(work, endpoint_id, {"is_paused": True})
        await _audit(work, before, "update", {"is_paused": [False, True]})
    return await find(work, endpoint_id)


async def resume(work: Work, endpoint_id: int) -> AnyRow:
    """Send what waits, in its order; one that works already is left as it is.

    Raises:
        NotFoundError: the caller sees no such endpoint.
    """
    before = await find(work, endpoint_id)
    if before.is_paused or before.disabled_at is not None:
        values = {"is_paused": False, "enabled_at": system_now()}
        await repository.update_endpoint(work, endpoint_id, values)
        changes: Changes = {
            "is_paused": [before.is_paused, False],
            "disabled_at": [before.disabled_at, None],
        }
        await _audit(work, before, "update", changes)
    return await find(work, endpoint_id)


async def remove(work: Work, endpoint_id: int) -> None:
    """Remove an endpoint; what waits for it is never sent.

    Raises:
        NotFoundError: the caller sees no such endpoint.
    """
    before = await find(work, endpoint_id)
    await repository.delete_endpoint(work, endpoint_id)
    changes = {"shown": [before.shown, None], "events": [before.events, None]}
    await _audit(work, before, "delete", changes)


async def rotate(
    work: Work, endpoint_id: int, wanted: WebhookSecretIn
) -> tuple[AnyRow, str | None]:
    """Add a key; those before it sign beside it until the overlap ends.

    Returns the endpoint, and the only copy of the secret of `v1`.

    Raises:
        NotFoundError: the caller sees no such endpoint.
    """
    row = await find(work, endpoint_id)
    valid_until = system_now() + timedelta(hours=wanted.overlap_hours)
    await repository.end_keys(work, endpoint_id, wanted.scheme, valid_until=valid_until)
    secret = await _add_key(work, endpoint_id, wanted.scheme)
    changes: Changes = {"key": [None, wanted.scheme], "old_until": [None, valid_until]}
    await _audit(work, row, "rotate", changes)
    return row, secret


async def find(work: Work, endpoint_id: int) -> AnyRow:
    """Return an endpoint.

    Raises:
        NotFoundError: the caller sees no such endpoint.
    """
    found = await repository.find_endpoint(work, endpoint_id)
    if found is None:
        raise NotFoundError(
            Text(
                f"Подписки {endpoint_id} нет среди видимых вам.",
                f"There is no endpoint {endpoint_id} that you may see.",
            )
        )
    return found


async def _add_key(work: Work, endpoint_id: int, scheme: Scheme) -> str | None:
    """Write a new key; return it if both sides must have it."""
    drawn = secrets.token_bytes(KEY_BYTES)
    is_shared = scheme is Scheme.V1
    secret = symmetric_secret(drawn) if is_shared else private_key(drawn)
    await repository.insert_key(
        work,
        {
            "endpoint_id": endpoint_id,
            "scheme": scheme,
            "secret": secret,
            "public_key": None if is_shared else public_key(secret),
            "created_at": system_now(),
            "valid_until": None,
        },
    )
    return secret if is_shared else None


async def _audit(work: Work, row: AnyRow, action: str, changes: Changes) -> None:
    await record_change(
        work,
        "webhook_endpoint",
        action,
        changes,
        municipality_id=row.municipality_id,
        school_id=row.school_id,
        entity_id=row.id,
    )
