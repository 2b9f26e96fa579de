"""Reading what a run of conditions says of schools, and the received list of them."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import and_, func, or_, select

from services.api.identification.repository import LIST_KIND, LISTS_FOLLOW_WITHIN
from shared.persistence.paging import AnyRow
from shared.persistence.tables.conditions import ListMembershipRow
from shared.persistence.tables.school_conditions import SchoolConditionsRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work

DIFFICULT_LIST: Final = "difficult_conditions"


async def list_conditions(work: Work, run_id: int) -> Sequence[AnyRow]:
    """Return what a run says of the schools that the caller may see."""
    row = SchoolConditionsRow
    columns = (
        row.school_id,
        row.index.label("index_value"),
        row.index_reason,
        row.outcome,
        row.expected,
        row.z,
        row.expected_reason,
        row.difficulty,
        row.resilience,
    )
    statement = (
        select(*columns, SchoolRow.name.label("school_name"))
        .join(SchoolRow, SchoolRow.id == row.school_id)
        .where(row.run_id == run_id)
    )
    return (await work.session.execute(statement)).all()


async def read_received(
    work: Work, municipality_id: int, year: int
) -> frozenset[int] | None:
    """Return the schools of the received list that goes with a year.

    It is the first of the year itself or of the two after it, and without one that
    which is still in force; None where there is no list at all.
    """
    listed = ListMembershipRow
    own = and_(
        listed.municipality_id == municipality_id, listed.list_kind == DIFFICULT_LIST
    )
    first = await work.session.scalar(
        select(func.min(listed.year)).where(
            own, listed.year.between(year, year + LISTS_FOLLOW_WITHIN)
        )
    )
    list_year = year if first is None else first
    held = select(
        listed.school_id,
        or_(
            listed.valid_to.is_(None),
            listed.valid_to >= func.make_date(list_year, 9, 1),
        ).label("is_held"),
    ).where(own, listed.year <= list_year)
    rows = (await work.session.execute(held)).all()
    return frozenset(row.school_id for row in rows if row.is_held) if rows else None


async def has_list_of_low_results(work: Work, municipality_id: int) -> bool:
    """Tell whether the municipality was ever sent a list of such schools."""
    listed = ListMembershipRow
    found = select(listed.id).where(
        listed.municipality_id == municipality_id, listed.list_kind == LIST_KIND
    )
    return bool(await work.session.scalar(select(found.exists())))
