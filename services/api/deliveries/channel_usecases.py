"""Setting own channels, an account's or a school's, and trying them."""

import secrets

from services.api.deliveries import channel_repository as repository
from services.api.deliveries.channel_repository import Owner
from services.api.deliveries.channel_schemas import OwnChannel, ReminderChannelIn
from services.api.http.auth import Actor
from shared.contracts.events import EventKind
from shared.domain.endpoints import (
    EndpointRefusedError,
    messenger_of,
    webhook_endpoint,
)
from shared.domain.errors import ConflictError, NotFoundError, Text
from shared.domain.webhook_keys import KEY_BYTES, symmetric_secret
from shared.persistence.audit import Changes, created, record_change
from shared.persistence.outbox import record
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work
from shared.runtime.clock import system_now


async def put(
    work: Work,
    owner: Owner,
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
    _municipality_of(owner)
    shown = _shown(channel, wanted.url, only_https=only_https)
    before = await repository.find_channel(work, owner, channel)
    secret = before.secret if before is not None else None
    told = None
    if channel == "webhook" and (secret is None or wanted.rotates_secret):
        secret = told = _new_secret()
    values: dict[str, object] = {
        "channel": channel,
        "url": wanted.url,
        "secret": secret,
        "shown": shown,
    }
    await repository.put_channel(work, owner, values, changed_at=system_now())
    changes = created({"channel": channel, "shown": shown})
    await _audit(work, owner, "update" if before else "create", changes)
    return await find(work, owner, channel), told


async def remove(work: Work, owner: Owner, channel: OwnChannel) -> None:
    """Take a channel away.

    Raises:
        NotFoundError: there is none.
    """
    found = await find(work, owner, channel)
    await repository.delete_channel(work, owner, channel)
    changes = {"channel": [channel, None], "shown": [found.shown, None]}
    await _audit(work, owner, "delete", changes)


async def ask_for_test(work: Work, owner: Owner, channel: OwnChannel) -> AnyRow:
    """Have the notifier send a test message.

    Raises:
        NotFoundError: there is no such channel.
    """
    await find(work, owner, channel)
    await repository.ask_for_test(work, owner, channel, at=system_now())
    await record(
        work, EventKind.CHANNEL_TEST_ASKED, municipality_id=_municipality_of(owner)
    )
    return await find(work, owner, channel)


async def find(work: Work, owner: Owner, channel: OwnChannel) -> AnyRow:
    """Return one of one's own channels.

    Raises:
        NotFoundError: there is none.
    """
    found = await repository.find_channel(work, owner, channel)
    if found is None:
        raise NotFoundError(
            Text(
                f"Канал «{channel}» не задан.",
                f"There is no channel “{channel}” set.",
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


def owner_of(actor: Actor) -> Owner:
    """Return the actor as the owner of channels."""
    return Owner(
        municipality_id=actor.municipality_id,
        user_id=actor.user_id,
        place_id=actor.school_id,
    )


async def owner_of_school(work: Work, actor: Actor, school_id: int) -> Owner:
    """Return a school as the owner of channels: the actor's own, or one it keeps.

    Raises:
        NotFoundError: there is no such school for the actor.
    """
    municipality_id = await repository.municipality_of_school(work, school_id)
    if municipality_id is None or actor.school_id not in {None, school_id}:
        raise NotFoundError(
            Text(
                f"Школы {school_id} нет или её каналы ведёте не вы.",
                f"There is no school {school_id}, or its channels are not yours.",
            )
        )
    return Owner(
        municipality_id=municipality_id, school_id=school_id, place_id=school_id
    )


def _municipality_of(owner: Owner) -> int:
    if owner.municipality_id is None:
        raise ConflictError(
            Text(
                "Напоминания получают учётные записи муниципалитетов и школ.",
                "Reminders are for accounts of municipalities and schools.",
            )
        )
    return owner.municipality_id


def _new_secret() -> str:
    return symmetric_secret(secrets.token_bytes(KEY_BYTES))


async def _audit(work: Work, owner: Owner, action: str, changes: Changes) -> None:
    await record_change(
        work,
        "reminder_channel",
        action,
        changes,
        municipality_id=owner.municipality_id,
        school_id=owner.place_id,
        entity_id=owner.user_id,
    )
