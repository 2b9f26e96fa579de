"""Setting one's own channels, and trying them."""

import secrets
from base64 import b64encode

from services.api.deliveries import channel_repository as repository
from services.api.deliveries.channel_schemas import OwnChannel, ReminderChannelIn
from services.api.http.auth import Actor
from shared.contracts.events import EventKind
from shared.domain.endpoints import (
    EndpointRefusedError,
    messenger_of,
    webhook_endpoint,
)
from shared.domain.errors import ConflictError, NotFoundError, Text
from shared.persistence.audit import Changes, created, record_change
from shared.persistence.outbox import record
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work
from shared.runtime.clock import system_now

SECRET_PREFIX = "whsec_"  # noqa: S105 (as Standard Webhooks has it)
SECRET_BYTES = 32


async def put(
    work: Work,
    actor: Actor,
    channel: OwnChannel,
    wanted: ReminderChannelIn,
    *,
    only_https: bool,
) -> tuple[AnyRow, str | None]:
    """Set a channel; return it and, where it is new, its secret.

    Raises:
        EndpointRefusedError: the address cannot be used.
        ConflictError: the account belongs to no municipality.
    """
    municipality_id = _municipality_of(actor)
    shown = _shown(channel, wanted.url, only_https=only_https)
    before = await repository.find_channel(work, actor.user_id, channel)
    secret = before.secret if before is not None else None
    told = None
    if channel == "webhook" and (secret is None or wanted.rotates_secret):
        secret = told = _new_secret()
    values: dict[str, object] = {
        "municipality_id": municipality_id,
        "user_id": actor.user_id,
        "channel": channel,
        "url": wanted.url,
        "secret": secret,
        "shown": shown,
    }
    await repository.put_channel(work, values, changed_at=system_now())
    changes = created({"channel": channel, "shown": shown})
    await _audit(work, actor, "update" if before else "create", changes)
    return await find(work, actor, channel), told


async def remove(work: Work, actor: Actor, channel: OwnChannel) -> None:
    """Take a channel away.

    Raises:
        NotFoundError: there is none.
    """
    found = await find(work, actor, channel)
    await repository.delete_channel(work, actor.user_id, channel)
    changes = {"channel": [channel, None], "shown": [found.shown, None]}
    await _audit(work, actor, "delete", changes)


async def ask_for_test(work: Work, actor: Actor, channel: OwnChannel) -> AnyRow:
    """Have the notifier send a test message.

    Raises:
        NotFoundError: there is no such channel.
    """
    await find(work, actor, channel)
    await repository.ask_for_test(work, actor.user_id, channel, at=system_now())
    await record(
        work, EventKind.CHANNEL_TEST_ASKED, municipality_id=_municipality_of(actor)
    )
    return await find(work, actor, channel)


async def find(work: Work, actor: Actor, channel: OwnChannel) -> AnyRow:
    """Return one of one's own channels.

    Raises:
        NotFoundError: there is none.
    """
    found = await repository.find_channel(work, actor.user_id, channel)
    if found is None:
        raise NotFoundError(
            Text(
                f"Канал «{channel}» у вас не задан.",
                f"You have set no channel “{channel}”.",
            )
        )
    return found


def _shown(channel: OwnChannel, url: str, *, only_https: bool) -> str:
    """Check an address; return what of it may be shown."""
    if channel == "messenger":
        return messenger_of(url)
    endpoint = webhook_endpoint(url)
    if only_https and endpoint.scheme != "https":
        raise EndpointRefusedError(
            Text(
                "Адрес не принят: нужен https://….",
                "The address is refused: it must begin with https://.",
            )
        )
    return endpoint.origin


def _municipality_of(actor: Actor) -> int:
    if actor.municipality_id is None:
        raise ConflictError(
            Text(
                "Напоминания получают учётные записи муниципалитетов и школ.",
                "Reminders are for accounts of municipalities and schools.",
            )
        )
    return actor.municipality_id


def _new_secret() -> str:
    return SECRET_PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


async def _audit(work: Work, actor: Actor, action: str, changes: Changes) -> None:
    await record_change(
        work,
        "reminder_channel",
        action,
        changes,
        municipality_id=actor.municipality_id,
        school_id=actor.school_id,
        entity_id=actor.user_id,
    )
