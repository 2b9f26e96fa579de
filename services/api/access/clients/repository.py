"""Clients, and what they prove themselves by."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, or_, select, update

from services.api.access.unused_repository import is_unused
from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.clients import ClientCredentialRow, ClientRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

_COLUMNS: tuple[Any, ...] = (
    ClientRow.id,
    ClientRow.client_id,
    ClientRow.name,
    ClientRow.scopes,
    UserRow.region_id,
    UserRow.municipality_id,
    UserRow.school_id,
    ClientRow.issuer_id,
    ClientRow.user_id.label("account_id"),
    ClientRow.rate_limit,
    ClientRow.created_at,
    ClientRow.expires_at,
    ClientRow.revoked_at,
    ClientRow.last_used_at,
    ClientRow.last_used_address,
)
_CLIENTS = select(*_COLUMNS).join(UserRow, UserRow.id == ClientRow.user_id)
_SHOWN: tuple[Any, ...] = (
    ClientCredentialRow.id,
    ClientCredentialRow.kind,
    ClientCredentialRow.key_id,
    ClientCredentialRow.created_at,
    ClientCredentialRow.expires_at,
    ClientCredentialRow.revoked_at,
    ClientCredentialRow.last_used_at,
    ClientCredentialRow.last_used_address,
)
_CREDENTIALS = select(*_SHOWN)


async def create_client(work: Work, values: Mapping[str, Any]) -> int:
    """Write a client and return its number."""
    statement = insert(ClientRow).values(**values).returning(ClientRow.id)
    return (await work.session.scalars(statement)).one()


async def list_clients(
    work: Work, *, unused_since: datetime | None, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` clients that the caller may see, by number.

    With `unused_since` those that are in force, were there by then, and have not been
    used since.
    """
    statement = _CLIENTS
    if unused_since is not None:
        statement = statement.where(is_unused(ClientRow, unused_since))
    return await read_page(work, statement, ClientRow.id, after=after, limit=limit)


async def find_client(work: Work, number: int) -> AnyRow | None:
    """Return a client that the caller may see."""
    found = await work.session.execute(_CLIENTS.where(ClientRow.id == number))
    return found.one_or_none()


async def lock_client(work: Work, number: int) -> AnyRow | None:
    """Return a client that the caller may see, for one change at a time."""
    wanted = _CLIENTS.where(ClientRow.id == number).with_for_update(of=ClientRow)
    return (await work.session.execute(wanted)).one_or_none()


async def change_client(work: Work, number: int, values: Mapping[str, Any]) -> None:
    """Write new values of a client."""
    await work.session.execute(
        update(ClientRow).where(ClientRow.id == number).values(**values)
    )


async def create_credential(work: Work, values: Mapping[str, Any]) -> AnyRow:
    """Write a secret or a key and return it as it is shown."""
    statement = (
        insert(ClientCredentialRow).values(**values).returning(ClientCredentialRow.id)
    )
    number = (await work.session.scalars(statement)).one()
    wanted = _CREDENTIALS.where(ClientCredentialRow.id == number)
    return (await work.session.execute(wanted)).one()


async def list_credentials(
    work: Work, client: int, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` secrets and keys of a client, by number."""
    wanted = _CREDENTIALS.where(ClientCredentialRow.client_id == client)
    key = ClientCredentialRow.id
    return await read_page(work, wanted, key, after=after, limit=limit)


async def has_key_id(work: Work, client: int, key_id: str) -> bool:
    """Tell whether the client has or had a key of this name."""
    wanted = select(ClientCredentialRow.id).where(
        ClientCredentialRow.client_id == client, ClientCredentialRow.key_id == key_id
    )
    return await work.session.scalar(wanted) is not None


def _is_valid(now: datetime) -> ColumnElement[bool]:
    return ClientCredentialRow.revoked_at.is_(None) & or_(
        ClientCredentialRow.expires_at.is_(None), ClientCredentialRow.expires_at > now
    )


async def count_valid(work: Work, client: int, kind: str, *, now: datetime) -> int:
    """Return how many secrets, or keys, the client can prove itself by."""
    wanted = select(func.count()).where(
        ClientCredentialRow.client_id == client,
        ClientCredentialRow.kind == kind,
        _is_valid(now),
    )
    return (await work.session.scalars(wanted)).one()


async def end_secrets(
    work: Work, client: int, *, now: datetime, at: datetime
) -> Sequence[int]:
    """Let all valid secrets of the client end by then; return which that concerns."""
    statement = (
        update(ClientCredentialRow)
        .where(
            ClientCredentialRow.client_id == client,
            ClientCredentialRow.kind == "secret",
            _is_valid(now),
            or_(
                ClientCredentialRow.expires_at.is_(None),
                ClientCredentialRow.expires_at > at,
            ),
        )
        .values(expires_at=at)
        .returning(ClientCredentialRow.id)
    )
    return sorted(await work.session.scalars(statement))


async def find_revoked_at(
    work: Work, client: int, credential: int
) -> tuple[datetime | None] | None:
    """Return when a secret or a key of the client was revoked; None without it."""
    wanted = select(ClientCredentialRow.revoked_at).where(
        ClientCredentialRow.client_id == client, ClientCredentialRow.id == credential
    )
    found = (await work.session.execute(wanted)).one_or_none()
    return None if found is None else (found.revoked_at,)


async def revoke_credential(work: Work, credential: int, *, now: datetime) -> None:
    """End a secret or a key, and all tokens that came of it."""
    await work.session.execute(
        update(ClientCredentialRow)
        .where(ClientCredentialRow.id == credential)
        .values(revoked_at=now)
    )
