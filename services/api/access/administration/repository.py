"""Accounts of people, as those who look after them see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from shared.persistence.numbered_pages import NumberedPaging, read_numbered_page
from shared.persistence.paging import AnyRow, Sortable
from shared.persistence.tables.sessions import SessionRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

CLIENT = "api_client"

_COLUMNS: tuple[Any, ...] = tuple(
    column for column in UserRow.__table__.c if column.name != "password_hash"
)
_PEOPLE = select(*_COLUMNS).where(UserRow.role != CLIENT)
SORTS: Sortable = {
    "id": UserRow.__table__.c.id,
    "login": UserRow.__table__.c.login,
    "role": UserRow.__table__.c.role,
}


async def list_accounts(
    work: Work, narrowed: Mapping[str, Any], paging: NumberedPaging
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` accounts that the caller may see, by number."""
    statement = _PEOPLE
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
