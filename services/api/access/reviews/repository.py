"""Who can read a school's data."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, DateTime, Text, column, func, select

from shared.persistence.paging import AnyRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work

_MOMENT = DateTime(timezone=True)


async def find_school(work: Work, school_id: int) -> AnyRow | None:
    """Return a school that the caller may see."""
    found = await work.session.execute(
        select(SchoolRow.id, SchoolRow.name, SchoolRow.municipality_id).where(
            SchoolRow.id == school_id
        )
    )
    return found.one_or_none()


async def list_access(work: Work, school_id: int) -> Sequence[AnyRow]:
    """Return accounts, tokens, clients and agreements that reach the school."""
    access = func.tenancy.access_to_school(school_id).table_valued(
        "kind",
        "id",
        "role",
        "name",
        "level",
        column("rights", ARRAY(Text)),
        "issuer_id",
        column("created_at", _MOMENT),
        column("expires_at", _MOMENT),
        column("last_used_at", _MOMENT),
    )
    rows = await work.session.execute(
        select(access).order_by(access.c.kind, access.c.level, access.c.id)
    )
    return rows.all()
