"""Sending messages once more."""

from services.api.deliveries import repository
from services.api.deliveries.repository import DeliveryFilter
from services.api.deliveries.schemas import ResendIn, ResendOut
from shared.contracts.events import EventKind
from shared.domain.errors import ConflictError, InvalidInputError, NotFoundError, Text
from shared.persistence.audit import record_change
from shared.persistence.outbox import record
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

MOST_AT_ONCE = 10_000


class NothingToResendError(ConflictError):
    """No message can be sent once more: still on its way, withdrawn, or inside."""

    code = "nothing_to_resend"
    title = Text("Нечего отправлять повторно", "Nothing to send once more")


async def find(work: Work, delivery_id: int) -> AnyRow:
    """Return a message.

    Raises:
        NotFoundError: the caller sees no such message.
    """
    found = await repository.find_delivery(work, delivery_id)
    if found is None:
        raise NotFoundError(
            Text(
                f"Сообщения {delivery_id} нет среди видимых вам.",
                f"There is no message {delivery_id} that you may see.",
            )
        )
    return found


async def resend_one(work: Work, delivery_id: int, reason: str | None) -> ResendOut:
    """Have a message sent once more, under its own key.

    Raises:
        NotFoundError: the caller sees no such message.
        NothingToResendError: it is on its way, was withdrawn, or is in an inbox.
    """
    found = await find(work, delivery_id)
    if found.status not in {"sent", "dead"} or found.channel == "inbox":
        raise NothingToResendError(
            Text(
                "Повторно отправляется только то, что уже ушло или от чего отказались, "
                "и только наружу: входящие в системе не теряются.",
                "Only what was sent or given up is sent once more, and only to the "
                "outside: inboxes lose nothing.",
            )
        )
    return await _resend(work, found.municipality_id, [found.id], reason)


async def resend_range(work: Work, wanted: ResendIn) -> list[ResendOut]:
    """Have all messages of a range sent once more, each under its own key.

    Raises:
        NothingToResendError: there is none.
        InvalidInputError: there are too many at once.
    """
    chosen = DeliveryFilter(
        school_id=wanted.school_id,
        channel=wanted.channel,
        status=wanted.status,
        since=wanted.since,
        until=wanted.until,
    )
    found = await repository.find_resendable(work, chosen, most=MOST_AT_ONCE)
    count = sum(len(ids) for ids in found.values())
    if not count:
        raise NothingToResendError(
            Text(
                "За этот промежуток таких сообщений нет.",
                "There are no such messages in this range.",
            )
        )
    if count > MOST_AT_ONCE:
        raise InvalidInputError(
            Text(
                f"Сообщений больше {MOST_AT_ONCE}: возьмите промежуток короче.",
                f"There are more than {MOST_AT_ONCE} messages: take a shorter range.",
            )
        )
    return [
        await _resend(work, municipality_id, ids, wanted.reason)
        for municipality_id, ids in found.items()
    ]


async def _resend(
    work: Work, municipality_id: int, ids: list[int], reason: str | None
) -> ResendOut:
    number = await repository.insert_resend(work, municipality_id, ids, reason)
    await record_change(
        work,
        "resend",
        "create",
        {
            "messages": [None, len(ids)],
            "first": [None, ids[0]],
            "last": [None, ids[-1]],
        },
        municipality_id=municipality_id,
        entity_id=number,
        reason=reason,
    )
    await record(
        work,
        EventKind.RESEND_REQUESTED,
        municipality_id=municipality_id,
        payload={"resend_id": number, "messages": len(ids)},
    )
    return ResendOut(
        id=number,
        municipality_id=municipality_id,
        count=len(ids),
        requested_at=work.now,
    )
