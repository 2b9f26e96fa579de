"""Accounts of people, as those who look after them see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, func, select, update

from shared.persistence.numbered_pages import NumberedPaging, read_numbered_page
from shared.persistence.paging import AnyRow, Sortable
from shared.persistence.tables.sessions import SessionRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

CLIENT = "api_client"

_LAST_SEEN = func.tenancy.last_seen(UserRow.id, type_=DateTime(timezone=True))
_COLUMNS: tuple[Any, ...] = (
    *(column for column in UserRow.__table__.c if column.name != "password_hash"),
    _LAST_SEEN.label("last_seen_at"),
)
_PEOPLE = select(*_COLUMNS).where(UserRow.role != CLIENT)
SORTS: Sortable = {
    "id": UserRow.__table__.c.id,
    "login": UserRow.__table__.c.login,
    "role": UserRow.__table__.c.role,
}


async def list_accounts(
    work: Work,
    narrowed: Mapping[str, Any],
    paging: NumberedPaging,
    *,
    unused_since: datetime | None = None,
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` accounts that the caller may see, by number.

    With `unused_since` those that are active, were there by then, and have not been
    signed in since.
    """
    statement = _PEOPLE
    if unused_since is not None:
        used_at = func.coalesce(_LAST_SEEN, UserRow.created_at)
        statement = statement.where(used_at < unused_since, UserRow.is_active)
    for name, value in narrowed.items():
        if value is not None:
            statement = statement.where(UserRow.__table__.c[name] == value)
    return await read_numbered_page(
        work, statement, paging, key=UserRow.__table__.c.id, by=SORTS
    )


async def find_account(work: Work, account_id: int) -> AnyRow | None:
    """Return an account that the caller may see."""
    statement = _PEOPLE.where(UserRow.id == account_id)
    return (await work.session.execute(statement)).one_or_none()


async def find_account_of_login(work: Work, login: str) -> AnyRow | None:
    """Return an account that the caller may see, by what it signs in with."""
    statement = _PEOPLE.where(UserRow.login == login)
    return (await work.session.execute(statement)).one_or_none()


async def lock_account(work: Work, account_id: int) -> AnyRow | None:
    """Return an account that nobody else can change until the transaction ends."""
    statement = _PEOPLE.where(UserRow.id == account_id).with_for_update()
    return (await work.session.execute(statement)).one_or_none()


async def change_account(
    work: Work, account_id: int, values: Mapping[str, Any]
) -> None:
    """Write what shall be otherwise."""
    await work.session.execute(
        update(UserRow).where(UserRow.id == account_id).values(**values)
    )


async def end_sessions(work: Work, account_id: int, *, now: datetime) -> None:
    """End all sessions of an account; only the system itself sees them."""
    await work.session.execute(
        update(SessionRow)
        .where(SessionRow.user_id == account_id, SessionRow.revoked_at.is_(None))
        .values(revoked_at=now)
    )
