"""Bounces, and the addresses that they concern."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, insert, select, update

from shared.persistence.paging import AnyRow
from shared.persistence.tables.contacts import MunicipalityContactRow, SchoolContactRow
from shared.persistence.tables.deliveries import BounceRow
from shared.persistence.tables.reminders import MessageRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.tables.users import UserRow
from shared.persistence.work import Work

Contacts = type[SchoolContactRow] | type[MunicipalityContactRow]
CONTACTS: dict[str, Contacts] = {
    "school_contact": SchoolContactRow,
    "municipality_contact": MunicipalityContactRow,
}
_SHOWN = (
    select(
        BounceRow.id,
        BounceRow.municipality_id,
        BounceRow.account_id,
        UserRow.role.label("account_role"),
        BounceRow.school_id,
        SchoolRow.name.label("school_name"),
        BounceRow.kind,
        BounceRow.reason,
        BounceRow.message_id.label("delivery_id"),
        BounceRow.recorded_at,
        BounceRow.cleared_at,
    )
    .outerjoin(UserRow, UserRow.id == BounceRow.account_id)
    .outerjoin(SchoolRow, SchoolRow.id == BounceRow.school_id)
)


async def list_bounces(
    work: Work, *, school_id: int | None, open_only: bool, after: int, limit: int
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` bounces, newest first, older than `after`."""
    statement = _SHOWN.order_by(BounceRow.id.desc()).limit(limit + 1)
    if school_id is not None:
        statement = statement.where(BounceRow.school_id == school_id)
    if open_only:
        statement = statement.where(BounceRow.cleared_at.is_(None))
    if after:
        statement = statement.where(BounceRow.id < after)
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def find_bounce(work: Work, bounce_id: int) -> AnyRow | None:
    """Return a bounce, if the caller may see it."""
    statement = _SHOWN.where(BounceRow.id == bounce_id)
    found: AnyRow | None = (await work.session.execute(statement)).one_or_none()
    return found


async def find_sent_mail(work: Work, message_id: str) -> AnyRow | None:
    """Return the mail with this Message-ID, and the address of its recipient now."""
    statement = (
        select(MessageRow.id, UserRow.email)
        .join(UserRow, UserRow.id == MessageRow.recipient_id)
        .where(MessageRow.message_id == message_id, MessageRow.channel == "mail")
    )
    found: AnyRow | None = (await work.session.execute(statement)).one_or_none()
    return found


async def list_accounts(work: Work, email: str) -> Sequence[AnyRow]:
    """Return the accounts of municipalities that have this address."""
    statement = select(UserRow.id, UserRow.municipality_id, UserRow.school_id).where(
        func.lower(UserRow.email) == email.lower(), UserRow.municipality_id.is_not(None)
    )
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def list_contacts(work: Work, table: Contacts, email: str) -> Sequence[AnyRow]:
    """Return the posts that have this address."""
    columns = [table.id, table.municipality_id, table.bounced_on]
    if table is SchoolContactRow:
        columns.append(SchoolContactRow.school_id)
    statement = select(*columns).where(func.lower(table.email) == email.lower())
    rows: Sequence[AnyRow] = (await work.session.execute(statement)).all()
    return rows


async def mark_contact(
    work: Work, table: Contacts, contact_id: int, *, bounced_on: date
) -> None:
    """Write that mail to a post came back."""
    await work.session.execute(
        update(table)
        .where(table.id == contact_id)
        .values(bounced_on=bounced_on, version=table.version + 1)
    )


async def insert_bounces(work: Work, rows: Sequence[dict[str, object]]) -> list[int]:
    """Write bounces; return their numbers."""
    statement = insert(BounceRow).returning(BounceRow.id, sort_by_parameter_order=True)
    return list(await work.session.scalars(statement, rows))


async def clear(work: Work, bounce_id: int) -> None:
    """Let mail be sent there again."""
    await work.session.execute(
        update(BounceRow)
        .where(BounceRow.id == bounce_id, BounceRow.cleared_at.is_(None))
        .values(cleared_at=work.now)
    )
