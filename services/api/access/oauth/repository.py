"""Clients as they prove themselves; every time here is the machine's."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, aliased

from shared.persistence.paging import AnyRow
from shared.persistence.tables.clients import (
    ClientAssertionRow,
    ClientCredentialRow,
    ClientRow,
)
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

SWEPT_AT_ONCE: Final = 100
WRITTEN_EVERY: Final = timedelta(minutes=1)


async def find_client(work: Work, client_id: str, *, now: datetime) -> AnyRow | None:
    """Return a client that is in force, with the role of its issuer."""
    issuer, own = aliased(UserRow), aliased(UserRow)
    statement = (
        select(
            ClientRow.id,
            ClientRow.user_id,
            ClientRow.scopes,
            ClientRow.rate_limit,
            ClientRow.expires_at,
            issuer.role.label("issuer_role"),
        )
        .join(issuer, issuer.id == ClientRow.issuer_id)
        .join(own, own.id == ClientRow.user_id)
        .where(
            ClientRow.client_id == client_id,
            ClientRow.revoked_at.is_(None),
            ClientRow.expires_at > now,
            issuer.is_active,
            own.is_active,
        )
    )
    return (await work.session.execute(statement)).one_or_none()


def _valid(client: int, kind: str, now: datetime) -> ColumnElement[bool]:
    return (
        (ClientCredentialRow.client_id == client)
        & (ClientCredentialRow.kind == kind)
        & ClientCredentialRow.revoked_at.is_(None)
        & or_(
            ClientCredentialRow.expires_at.is_(None),
            ClientCredentialRow.expires_at > now,
        )
    )


async def list_secrets(
    work: Work, client: int, *, now: datetime
) -> Sequence[tuple[int, bytes]]:
    """Return number and hash of the secrets that the client may use."""
    statement = select(ClientCredentialRow.id, ClientCredentialRow.secret_hash)
    rows = await work.session.execute(statement.where(_valid(client, "secret", now)))
    return [(row.id, row.secret_hash) for row in rows]


async def list_keys(
    work: Work, client: int, *, now: datetime
) -> Sequence[tuple[int, dict[str, Any]]]:
    """Return number and content of the public keys of the client."""
    statement = select(ClientCredentialRow.id, ClientCredentialRow.public_key)
    rows = await work.session.execute(statement.where(_valid(client, "key", now)))
    return [(row.id, row.public_key) for row in rows]


async def use_assertion(
    work: Work, client: int, jti_hash: bytes, *, expires_at: datetime
) -> bool:
    """Write that an assertion is used; False if it was used before.

    Of two at once the later waits until the first has committed.
    """
    statement = (
        insert(ClientAssertionRow)
        .values(client_id=client, jti_hash=jti_hash, expires_at=expires_at)
        .on_conflict_do_nothing()
        .returning(ClientAssertionRow.jti_hash)
    )
    return (await work.session.scalars(statement)).one_or_none() is not None


async def forget_assertions(work: Work, *, now: datetime) -> None:
    """Delete some that have expired; others' locked rows are passed over."""
    key = (ClientAssertionRow.client_id, ClientAssertionRow.jti_hash)
    old = (
        select(*key)
        .where(ClientAssertionRow.expires_at < now)
        .limit(SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    for client_id, jti_hash in (await work.session.execute(old)).all():
        await work.session.execute(
            delete(ClientAssertionRow).where(key[0] == client_id, key[1] == jti_hash)
        )


async def note_use(
    work: Work, client: int, credential: int, *, address: str | None, now: datetime
) -> None:
    """Write when and from where a client got a token, once a minute at most."""
    written: tuple[tuple[Any, InstrumentedAttribute[int], int], ...] = (
        (ClientRow, ClientRow.id, client),
        (ClientCredentialRow, ClientCredentialRow.id, credential),
    )
    for table, key, number in written:
        await work.session.execute(
            update(table)
            .where(
                key == number,
                or_(
                    table.last_used_at.is_(None),
                    table.last_used_at < now - WRITTEN_EVERY,
                ),
            )
            .values(last_used_at=now, last_used_address=address)
        )
