"""Invitations, and the accounts that come of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from shared.persistence.paging import AnyRow, read_page
from shared.persistence.tables.invitations import InvitationRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

_COLUMNS: tuple[Any, ...] = tuple(
    column for column in InvitationRow.__table__.c if column.name != "code_hash"
)
_INVITATIONS = select(*_COLUMNS)


async def create_invitation(work: Work, values: Mapping[str, Any]) -> int:
    """Write an invitation and return its number."""
    statement = insert(InvitationRow).values(**values).returning(InvitationRow.id)
    return (await work.session.scalars(statement)).one()


async def list_invitations(work: Work, *, after: int, limit: int) -> Sequence[AnyRow]:
    """Return up to `limit + 1` invitations that the caller may see, by number."""
    return await read_page(
        work, _INVITATIONS, InvitationRow.id, after=after, limit=limit
    )


async def find_invitation(work: Work, invitation_id: int) -> AnyRow | None:
    """Return an invitation that the caller may see."""
    statement = _INVITATIONS.where(InvitationRow.id == invitation_id)
    return (await work.session.execute(statement)).one_or_none()


async def lock_by_code(work: Work, code_hash: bytes) -> AnyRow | None:
    """Return the invitation with this code, for this transaction alone."""
    statement = _INVITATIONS.where(InvitationRow.code_hash == code_hash)
    return (await work.session.execute(statement.with_for_update())).one_or_none()


async def find_issuer(work: Work, issuer_id: int) -> AnyRow:
    """Return role, place and state of the account that has invited."""
    statement = select(
        UserRow.role, UserRow.region_id, UserRow.municipality_id, UserRow.is_active
    ).where(UserRow.id == issuer_id)
    return (await work.session.execute(statement)).one()


async def accept_invitation(
    work: Work, invitation_id: int, account_id: int, *, now: datetime
) -> None:
    """Write which account came of it."""
    await work.session.execute(
        update(InvitationRow)
        .where(InvitationRow.id == invitation_id)
        .values(accepted_at=now, account_id=account_id)
    )


async def revoke_invitation(work: Work, invitation_id: int, *, now: datetime) -> bool:
    """Take an invitation back; False if it was accepted or taken back before."""
    statement = (
        update(InvitationRow)
        .where(
            InvitationRow.id == invitation_id,
            InvitationRow.accepted_at.is_(None),
            InvitationRow.revoked_at.is_(None),
        )
        .values(revoked_at=now)
        .returning(InvitationRow.id)
    )
    return (await work.session.scalars(statement)).one_or_none() is not None
