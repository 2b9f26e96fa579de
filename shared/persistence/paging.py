"""Reading a page of a list by the key that orders it."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import Row, Select
from sqlalchemy.orm import InstrumentedAttribute

from shared.persistence.work import Work

AnyRow: TypeAlias = Row[*tuple[Any, ...]]


async def read_page(
    work: Work,
    statement: Select[Any],
    key: InstrumentedAttribute[int],
    *,
    after: int,
    limit: int,
) -> Sequence[AnyRow]:
    """Return up to `limit + 1` rows after the key `after`: one more tells of a next."""
    page = statement.where(key > after).order_by(key).limit(limit + 1)
    rows: Sequence[AnyRow] = (await work.session.execute(page)).all()
    return rows
