"""Keyset pages: a page starts after the last id of the one before it."""

from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Any)

LARGEST_PAGE = 500
DEFAULT_PAGE = 50

After = Annotated[
    int, Query(ge=0, description="`next_after` of the page before; 0 for the first")
]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Rows of a page")]


class PageOut(BaseModel, Generic[Item]):
    """A page of a list; `next_after` is null on the last one."""

    items: list[Item]
    next_after: int | None


def page_of(rows: Sequence[Row], limit: int) -> tuple[Sequence[Row], int | None]:
    """Split what was read with `limit + 1` into the page and where the next begins."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], rows[limit - 1].id
