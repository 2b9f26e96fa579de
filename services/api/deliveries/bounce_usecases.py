"""Marking addresses from which mail came back."""

from collections.abc import Sequence

from services.api.deliveries import bounce_repository as repository
from services.api.deliveries.schemas import BounceIn
from shared.domain.errors import NotFoundError, Text
from shared.persistence.audit import record_change
from shared.persistence.bounces import tell_of_bounce
from shared.persistence.paging import AnyRow
from shared.persistence.tables.deliveries import address_digest
from shared.persistence.work import Work


class AddressUnknownError(NotFoundError):
    """No account and no post within the caller's part has the address."""

    code = "address_unknown"
    title = Text("Адрес не найден", "The address is not known")


async def report(work: Work, told: BounceIn) -> list[AnyRow]:
    """Note that mail came back; return a bounce for each account concerned.

    Posts with the address are marked in their contacts. Nothing more is sent there
    after a permanent bounce, until it is cleared or the account has another address;
    who can mend it is told of it in the inbox.

    Raises:
        AddressUnknownError: nobody within the caller's part has it.
    """
    message_id, email = None, told.email
    if told.message_id is not None:
        sent = await repository.find_sent_mail(work, told.message_id)
        if sent is None or sent.email is None:
            raise _unknown()
        message_id, email = sent.id, sent.email
    email = (email or "").strip()
    accounts = await repository.list_accounts(work, email)
    contacts = await _mark_contacts(work, email, told)
    if not accounts and not contacts:
        raise _unknown()
    numbers = await repository.insert_bounces(
        work,
        [
            _bounce(work, told, each, address_digest(email), message_id)
            for each in (accounts or contacts[:1])
        ],
    )
    found = [await find(work, number) for number in numbers]
    for each in found:
        await _audit(work, each, "create", told.reason)
    for each in found if told.kind == "permanent" else ():
        await tell_of_bounce(work, each)
    return found


async def find(work: Work, bounce_id: int) -> AnyRow:
    """Return a bounce.

    Raises:
        NotFoundError: the caller sees no such bounce.
    """
    found = await repository.find_bounce(work, bounce_id)
    if found is None:
        raise NotFoundError(
            Text(
                f"Записи о возврате {bounce_id} нет среди видимых вам.",
                f"There is no bounce {bounce_id} that you may see.",
            )
        )
    return found


async def clear(work: Work, bounce_id: int) -> AnyRow:
    """Let mail be sent there again; a second time changes nothing.

    Raises:
        NotFoundError: the caller sees no such bounce.
    """
    found = await find(work, bounce_id)
    if found.cleared_at is None:
        await repository.clear(work, bounce_id)
        await _audit(work, found, "update", None)
    return await find(work, bounce_id)


async def _mark_contacts(work: Work, email: str, told: BounceIn) -> list[AnyRow]:
    """Mark the posts with the address; return them."""
    today = work.now.date()
    marked: list[AnyRow] = []
    for entity, table in repository.CONTACTS.items():
        rows: Sequence[AnyRow] = await repository.list_contacts(work, table, email)
        marked += rows
        for row in rows if told.kind == "permanent" else ():
            await repository.mark_contact(work, table, row.id, bounced_on=today)
            await record_change(
                work,
                entity,
                "update",
                {"bounced_on": [row.bounced_on, today]},
                municipality_id=row.municipality_id,
                school_id=getattr(row, "school_id", None),
                entity_id=row.id,
                reason=told.reason,
            )
    return marked


def _bounce(
    work: Work, told: BounceIn, row: AnyRow, digest: str, message_id: int | None
) -> dict[str, object]:
    is_account = not hasattr(row, "bounced_on")
    return {
        "municipality_id": row.municipality_id,
        "account_id": row.id if is_account else None,
        "school_id": getattr(row, "school_id", None),
        "address_digest": digest,
        "kind": told.kind,
        "reason": told.reason,
        "message_id": message_id,
        "recorded_by": work.user_id,
        "recorded_at": work.now,
    }


async def _audit(work: Work, row: AnyRow, action: str, reason: str | None) -> None:
    changes = (
        {"cleared_at": [None, work.now]}
        if action == "update"
        else {
            "account_id": [None, row.account_id],
            "kind": [None, row.kind],
        }
    )
    await record_change(
        work,
        "bounce",
        action,
        changes,
        municipality_id=row.municipality_id,
        school_id=row.school_id,
        entity_id=row.id,
        reason=reason,
    )


def _unknown() -> AddressUnknownError:
    return AddressUnknownError(
        Text(
            "Такого адреса или письма нет среди видимых вам.",
            "There is no such address or mail that you may see.",
        )
    )
