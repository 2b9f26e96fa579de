"""Keyset pages: a page starts after the last row of the one before it.

A list in one order names its places by the id of a row: `After`, `page_out`. A list
that can be sorted has `paging_by`, `sorted_page_out`; its places are opaque. One that
was paged by ids first keeps them: `numbered_paging_by`, `page_out`.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import Query
from pydantic import AfterValidator, BaseModel

from services.api.http.ids import LARGEST_ID
from services.api.http.links import announce_next
from services.api.http.refusals import RefusedValueError
from shared.persistence.numbered_pages import NumberedPaging
from shared.persistence.paging import BY_KEY, Paging, Place, foreign_place

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Any)
Model = TypeVar("Model", bound=BaseModel)

LARGEST_PAGE = 500
DEFAULT_PAGE = 50
LONGEST_PLACE: Final = 2_000
FIRST: Final = "0"  # as in lists whose places are ids: before the first row
PLACE_FIELDS: Final = 3  # the sort, its value, the key

After = Annotated[
    int,
    Query(
        ge=0,
        le=LARGEST_ID,
        description="`next_after` of the page before; 0 for the first",
    ),
]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Rows of a page")]
AfterPlace = Annotated[
    str | None,
    Query(
        max_length=LONGEST_PLACE,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="`next_after` of the page before, with the same `sort`",
    ),
]


class PageOut(BaseModel, Generic[Item]):
    """A page of a list; `next_after` is null on the last one."""

    items: list[Item]
    next_after: int | None


class SortedPageOut(BaseModel, Generic[Item]):
    """A page of a list that can be sorted; `next_after` is null on the last one."""

    items: list[Item]
    next_after: str | None


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


def sort_by(*names: str, first: str) -> Any:
    """Return the type of the parameter `sort` of a list with these sort keys.

    `first` is the list's own order; each may be turned round by a minus. The last
    word belongs to the key, so that no row is lost or repeated where values are equal.
    """
    choices = [sign + name for name in names for sign in ("", "-")]

    def check(sort: str) -> str:
        if sort not in choices:
            names = ", ".join(choices)
            raise RefusedValueError(
                f"Выберите одно из: {names}.", f"Choose one of: {names}."
            )
        return sort

    description = "What the rows are sorted by; `-` turns it round, nulls come last"
    declared = {"enum": choices, "default": first}
    return Annotated[
        str,
        AfterValidator(check),
        Query(description=description, json_schema_extra=declared),
    ]


def paging_by(
    *names: str, first: str | None = None
) -> Callable[..., Awaitable[Paging]]:
    """Return the dependency of a list that can be sorted by these names.

    `names` are those of the repository's sort keys; `first` is the order without
    `sort`, that by the first of them where it is not said.
    """
    usual = first or names[0]

    async def page(
        sort: str = usual, after: AfterPlace = None, limit: Limit = DEFAULT_PAGE
    ) -> Paging:
        return Paging(sort, place_of(after, sort), limit)

    page.__annotations__["sort"] = sort_by(*names, first=usual)
    return page


def numbered_paging_by(*names: str) -> Callable[..., Awaitable[NumberedPaging]]:
    """Return the dependency of a sorted list whose places are ids: see `After`.

    `names` are those of the repository's sort keys, the list's own order first.
    """

    async def page(
        sort: str = names[0], after: After = 0, limit: Limit = DEFAULT_PAGE
    ) -> NumberedPaging:
        return NumberedPaging(sort, after, limit)

    page.__annotations__["sort"] = sort_by(*names, first=names[0])
    return page


def sorted_page_of(
    rows: Sequence[Row],
    paging: Paging,
    *,
    key: str = BY_KEY,
    value_of: Callable[[str], Callable[[Row], Any]] = attrgetter,
) -> tuple[Sequence[Row], str | None]:
    """Split what was read with a row more into the page and where the next begins.

    A list calls it once: it also links its answer to the next page.
    """
    if len(rows) <= paging.limit:
        return rows, None
    last = rows[paging.limit - 1]
    name = paging.shape.name
    value = None if name == BY_KEY else value_of(name)(last)
    next_after = text_of(paging.sort, Place(value, value_of(key)(last)))
    announce_next(next_after)
    return rows[: paging.limit], next_after


def sorted_page_out(
    model: type[Model], rows: Sequence[Any], paging: Paging, *, key: str = BY_KEY
) -> "SortedPageOut[Model]":
    """Return the page of `model` made from what `read_sorted_page` has read."""
    page, next_after = sorted_page_of(rows, paging, key=key)
    items = [model.model_validate(row, from_attributes=True) for row in page]
    return SortedPageOut[Model](items=items, next_after=next_after)


def text_of(sort: str, place: Place) -> str:
    """Return the place as callers hand it back."""
    text = json.dumps([sort, place.value, place.key], default=_plain)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: object) -> str:
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            raise TypeError(type(value).__name__)


def place_of(after: str | None, sort: str) -> Place | None:
    """Return the place that a page has given, None before the first row.

    Raises:
        InvalidInputError: no page that was sorted like this has given it.
    """
    if after is None or after == FIRST:
        return None
    try:
        padded = after + "=" * (-len(after) % 4)
        found = json.loads(urlsafe_b64decode(padded))
    except (ValueError, RecursionError):
        raise foreign_place() from None
    if not isinstance(found, list) or len(found) != PLACE_FIELDS or found[0] != sort:
        raise foreign_place()
    return Place(found[1], found[2])
