"""Telling owners that their endpoint is not called any more: by inbox and mail."""

import asyncio
from html import escape

import structlog

from services.notifier.channels.couriers import (
    Channel,
    DeliveryError,
    Parcel,
    PermanentDeliveryError,
)
from services.notifier.channels.messages import RenderedMessage, one_line
from services.notifier.repository import webhook_notices as repository
from services.notifier.repository.webhook_notices import Disabled, Owner
from shared.domain.errors import Text
from shared.persistence.engine import Database
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now

log = structlog.stdlib.get_logger()

SUBJECT = Text("Вебхук отключён: {name}", "A webhook was disabled: {name}")
REASONS = {
    "gone": Text(
        "Принимающая система ответила, что адреса больше нет (410).",
        "The receiving system answered that the address is gone (410).",
    ),
    "failing": Text(
        "Принимающая система не принимает события с {since} (UTC).",
        "The receiving system has taken no event since {since} (UTC).",
    ),
}
BODY = Text(
    "Адрес {shown}, подписка «{name}».\n{reason}\n"
    "События больше не отправляются, но и не теряются: ждут отправки — {waiting}; "
    "они есть и в ленте изменений. Что отвечала система: "
    "GET /v1/webhook-endpoints/{id}/attempts. Когда она снова готова: "
    "PUT /v1/webhook-endpoints/{id}/resumed.\n",
    "Address {shown}, endpoint “{name}”.\n{reason}\n"
    "Events are no longer sent, and none is lost: {waiting} wait, and all of them are "
    "in the change feed. What the system answered: "
    "GET /v1/webhook-endpoints/{id}/attempts. Once it is ready again: "
    "PUT /v1/webhook-endpoints/{id}/resumed.\n",
)


async def tell_owners(engine: Database, mail: Channel, *, domain: str) -> None:
    """Tell the owners of endpoints that were disabled.

    Inboxes get it once, by its key; a mail goes out again if the process dies before it
    is noted, or the server does not take it now.
    """
    async with begin_as_system(engine) as work:
        untold = await repository.read_untold(work)
        owners = {each.id: await repository.read_owners(work, each) for each in untold}
    for endpoint in untold:
        told = [_worded(endpoint, owner, domain) for owner in owners[endpoint.id]]
        async with begin_as_system(engine) as work:
            await repository.put_into_inboxes(work, told, at=system_now())
        try:
            for owner, key, subject, body in told:
                await _mail(mail, owner, key, subject, body)
        except (DeliveryError, TimeoutError) as error:
            log.warning("owner_not_told", endpoint_id=endpoint.id, error=str(error))
            continue
        async with begin_as_system(engine) as work:
            await repository.mark_told(work, endpoint.id, at=system_now())


def _worded(
    endpoint: Disabled, owner: Owner, domain: str
) -> tuple[Owner, str, str, str]:
    def words(text: Text, **given: object) -> str:
        return text.in_language(owner.language).format(**given)

    since = endpoint.failing_since or endpoint.disabled_at
    reason = words(REASONS[endpoint.disabled_reason], since=f"{since:%Y-%m-%d %H:%M}")
    body = words(
        BODY,
        shown=endpoint.shown,
        name=endpoint.name,
        reason=reason,
        waiting=endpoint.waiting,
        id=endpoint.id,
    )
    moment = int(endpoint.disabled_at.timestamp())
    key = f"<webhook-{endpoint.id}-{moment}-{owner.id}@{domain}>"
    return owner, key, one_line(words(SUBJECT, name=endpoint.name)), body


async def _mail(
    channel: Channel, owner: Owner, key: str, subject: str, body: str
) -> None:
    """Mail it; what will never be accepted is left to the inbox.

    Raises:
        DeliveryError: the server does not take it now.
        TimeoutError: it does not answer.
    """
    if owner.email is None:
        return
    parcel = Parcel(
        key=key,
        kind="webhook_disabled",
        language=owner.language,
        name=owner.display_name,
        address=owner.email,
        message=RenderedMessage(subject, body, f"<pre>{escape(body)}</pre>"),
        notices=(),
        dated_at=system_now(),
    )
    try:
        async with channel.courier() as courier, asyncio.timeout(channel.seconds):
            await courier.send(parcel)
    except PermanentDeliveryError as error:
        log.warning("owner_not_mailed", error=str(error))
