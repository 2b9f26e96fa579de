"""Pages of a sorted list whose places are ids: the value is looked up with the id.

For lists that were paged by ids before they could be sorted, of rows that stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from shared.persistence.paging import (
    BY_KEY,
    AnyRow,
    Key,
    Paging,
    Place,
    Sortable,
    foreign_place,
    read_sorted_page,
)
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class NumberedPaging:
    """Which page of a list: `sort` is a name or `-name`, `after` the last row's id."""

    sort: str
    after: int
    limit: int


async def read_numbered_page(
    work: Work,
    statement: Select[Any],
    paging: NumberedPaging,
    *,
    key: Key,
    by: Sortable,
) -> Sequence[AnyRow]:
    """Return up to `paging.limit + 1` rows: one more tells of a next page.

    Raises:
        InvalidInputError: the caller sees no row with the id `paging.after`.
    """
    place = await _place(work, paging, key=key, by=by)
    found = Paging(paging.sort, place, paging.limit)
    return await read_sorted_page(work, statement, found, key=key, by=by)


async def _place(
    work: Work, paging: NumberedPaging, *, key: Key, by: Sortable
) -> Place | None:
    if not paging.after:
        return None
    name = paging.sort.removeprefix("-")
    if name == BY_KEY:
        return Place(None, paging.after)
    statement = select(by[name]).where(key == paging.after)
    row = (await work.session.execute(statement)).one_or_none()
    if row is None:
        raise foreign_place()
    (value,) = row
    return Place(value.isoformat() if isinstance(value, date) else value, paging.after)
