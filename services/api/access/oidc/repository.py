"""Which account an identity belongs to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from services.api.identity.provider import Identity
from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.invitations import IdentityRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

_COLUMNS: tuple[Any, ...] = (
    IdentityRow.id,
    IdentityRow.user_id.label("account_id"),
    IdentityRow.issuer,
    IdentityRow.subject,
    IdentityRow.linked_at,
)
_IDENTITIES = select(*_COLUMNS)


async def find_account_of(work: Work, identity: Identity) -> int | None:
    """Return the active account that the identity is linked to."""
    return await work.session.scalar(
        select(UserRow.id)
        .join(IdentityRow, IdentityRow.user_id == UserRow.id)
        .where(
            IdentityRow.issuer == identity.issuer,
            IdentityRow.subject == identity.subject,
            UserRow.is_active,
        )
    )


async def link(
    work: Work, account_id: int, identity: Identity, *, now: datetime
) -> int | None:
    """Link an identity and return the link's number; None if it is linked already."""
    statement = (
        insert(IdentityRow)
        .values(
            user_id=account_id,
            issuer=identity.issuer,
            subject=identity.subject,
            linked_at=now,
        )
        .on_conflict_do_nothing(index_elements=["issuer", "subject"])
        .returning(IdentityRow.id)
    )
    return await work.session.scalar(statement)


async def list_identities(
    work: Work, account_id: int, *, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` identities of an account that the caller may see."""
    statement = _IDENTITIES.where(IdentityRow.user_id == account_id)
    return await read_page(work, statement, IdentityRow.id, after=after, limit=limit)


async def find_identity(work: Work, identity_id: int) -> AnyRow:
    """Return a link that is there."""
    statement = _IDENTITIES.where(IdentityRow.id == identity_id)
    return (await work.session.execute(statement)).one()


async def unlink(work: Work, account_id: int, identity_id: int) -> bool:
    """Take a link away; False if the account has none such."""
    statement = (
        delete(IdentityRow)
        .where(IdentityRow.id == identity_id, IdentityRow.user_id == account_id)
        .returning(IdentityRow.id)
    )
    return (await work.session.scalars(statement)).one_or_none() is not None
