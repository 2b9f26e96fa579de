"""Reading what a run of conditions says of schools, and the received list of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from services.api.identification.repository import LIST_KIND, LISTS_FOLLOW_WITHIN
from shared.domain.periods import AcademicYear
from shared.persistence.paging import AnyRow
from shared.persistence.tables.conditions import ListMembershipRow
from shared.persistence.tables.school_conditions import SchoolConditionsRow
from shared.persistence.tables.schools import SchoolRow
from shared.persistence.work import Work

DIFFICULT_LIST: Final = "difficult_conditions"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLists:
    """Lists that the municipality was sent, as far as the caller sees them.

    `difficult` are the schools on the list that goes with the year, None without one.
    """

    has_low_results: bool
    difficult: frozenset[int] | None


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


async def read_lists(work: Work, municipality_id: int, year: int) -> ReceivedLists:
    """Return the received lists that go with a year.

    That of difficult conditions is the first of the year itself or of the two after
    it, and without one that which is still in force.
    """
    listed = ListMembershipRow
    rows = (
        await work.session.execute(
            select(
                listed.list_kind, listed.school_id, listed.year, listed.valid_to
            ).where(listed.municipality_id == municipality_id)
        )
    ).all()
    difficult = [row for row in rows if row.list_kind == DIFFICULT_LIST]
    following = range(year, year + LISTS_FOLLOW_WITHIN + 1)
    list_year = min(
        (row.year for row in difficult if row.year in following), default=year
    )
    first_day = AcademicYear(list_year).starts_on
    held = frozenset(
        row.school_id
        for row in difficult
        if row.year <= list_year and (row.valid_to is None or row.valid_to >= first_day)
    )
    return ReceivedLists(
        has_low_results=any(row.list_kind == LIST_KIND for row in rows),
        difficult=held if difficult else None,
    )
