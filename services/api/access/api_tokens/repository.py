"""API tokens and the accounts that they act for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from services.api.access.unused_repository import is_unused
from shared.domain.tree import Part
from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.api_tokens import ApiTokenRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

_COLUMNS: tuple[Any, ...] = (
    ApiTokenRow.id,
    ApiTokenRow.name,
    ApiTokenRow.scopes,
    UserRow.region_id,
    UserRow.municipality_id,
    UserRow.school_id,
    ApiTokenRow.issuer_id,
    ApiTokenRow.user_id.label("client_id"),
    ApiTokenRow.created_at,
    ApiTokenRow.expires_at,
    ApiTokenRow.revoked_at,
    ApiTokenRow.last_used_at,
)
_TOKENS = select(*_COLUMNS).join(UserRow, UserRow.id == ApiTokenRow.user_id)


async def create_client(work: Work, part: Part, *, login: str, name: str) -> int:
    """Write the account that a token acts for and return its number."""
    statement = (
        insert(UserRow)
        .values(
            login=login,
            password_hash=None,
            role="api_client",
            region_id=part.region_id,
            municipality_id=part.municipality_id,
            school_id=part.school_id,
            display_name=name,
            language="ru",
            is_active=True,
            created_at=work.now,
        )
        .returning(UserRow.id)
    )
    return (await work.session.scalars(statement)).one()


async def create_token(work: Work, values: Mapping[str, Any]) -> int:
    """Write a token and return its number."""
    statement = insert(ApiTokenRow).values(**values).returning(ApiTokenRow.id)
    return (await work.session.scalars(statement)).one()


async def list_tokens(
    work: Work, *, unused_since: datetime | None, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` tokens that the caller may see, by number.

    With `unused_since` those that are in force, were there by then, and have not been
    used since.
    """
    statement = _TOKENS
    if unused_since is not None:
        statement = statement.where(is_unused(ApiTokenRow, unused_since))
    return await read_page(work, statement, ApiTokenRow.id, after=after, limit=limit)


async def find_token(work: Work, token_id: int) -> AnyRow | None:
    """Return a token that the caller may see."""
    found = await work.session.execute(_TOKENS.where(ApiTokenRow.id == token_id))
    return found.one_or_none()


async def revoke_token(work: Work, token_id: int, *, now: datetime) -> bool:
    """End a token; False if it has ended before."""
    statement = (
        update(ApiTokenRow)
        .where(ApiTokenRow.id == token_id, ApiTokenRow.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(ApiTokenRow.id)
    )
    return (await work.session.scalars(statement)).one_or_none() is not None
