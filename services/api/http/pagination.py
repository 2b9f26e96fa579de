"""Keyset pages: a page starts after the last id of the one before it."""

from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from services.api.http.ids import LARGEST_ID
from services.api.http.links import announce_next

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Any)
Model = TypeVar("Model", bound=BaseModel)

LARGEST_PAGE = 500
DEFAULT_PAGE = 50

After = Annotated[
    int,
    Query(
        ge=0,
        le=LARGEST_ID,
        description="`next_after` of the page before; 0 for the first",
    ),
]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Rows of a page")]


class PageOut(BaseModel, Generic[Item]):
    """A page of a list; `next_after` is null on the last one."""

    items: list[Item]
    next_after: int | None


def page_of(
    rows: Sequence[Row], limit: int, *, key: str = "id"
) -> tuple[Sequence[Row], int | None]:
    """Split what was read with `limit + 1` into the page and where the next begins.

    A list calls it once: it also links its answer to the next page.
    """
    if len(rows) <= limit:
        return rows, None
    next_after: int = getattr(rows[limit - 1], key)
    announce_next(next_after)
    return rows[:limit], next_after


def page_out(model: type[Model], rows: Sequence[Any], limit: int) -> "PageOut[Model]":
    """Return the page of `model` made from what was read with `limit + 1`."""
    page, next_after = page_of(rows, limit)
    items = [model.model_validate(row, from_attributes=True) for row in page]
    return PageOut[Model](items=items, next_after=next_after)
