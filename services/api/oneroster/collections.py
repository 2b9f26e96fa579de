"""What all collections of OneRoster have alike: pages, filters, order, fields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from urllib.parse import parse_qsl, urlencode

from fastapi import Path, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, FromClause, Select, func, select, true

from services.api.http.ids import LARGEST_ID
from services.api.oneroster.filters import as_sql
from services.api.oneroster.refusals import BadQueryError, CodeMinor
from shared.domain.errors import NotFoundError, Text
from shared.persistence.paging import AnyRow
from shared.persistence.work import Work

LARGEST_PAGE: Final = 10_000
USUAL_PAGE: Final = 100
LONGEST_FILTER: Final = 2_000
LONGEST_SOURCED_ID: Final = 255

Item = dict[str, Any]
# Printable ASCII: what PostgreSQL cannot hold is in no sourcedId.
SourcedId = Annotated[
    str, Path(min_length=1, max_length=LONGEST_SOURCED_ID, pattern=r"^[ -~]+$")
]
Fields = Annotated[
    str | None,
    Field(
        max_length=LONGEST_FILTER,
        description="Names of fields, divided by commas; the others are left out",
    ),
]


class Selection(BaseModel):
    """Which fields of one thing are wanted."""

    model_config = ConfigDict(extra="forbid")

    fields: Fields = None


class Page(BaseModel):
    """Which rows of a collection are wanted, in which order, with which fields."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = USUAL_PAGE
    offset: Annotated[int, Field(ge=0, le=LARGEST_ID)] = 0
    sort: Annotated[
        str | None,
        Field(max_length=100, description="A field; by an unknown one, nothing sorts"),
    ] = None
    order_by: Annotated[Literal["asc", "desc"], Field(alias="orderBy")] = "asc"
    filter: Annotated[
        str | None,
        Field(
            max_length=LONGEST_FILTER,
            description="`type='school' AND dateLastModified>'2020-09-01'`",
        ),
    ] = None
    fields: Fields = None


@dataclass(frozen=True, slots=True)
class Collection:
    """Things of a kind: their rows in the database, and what becomes of a row.

    `columns` are what can be filtered and sorted by; `names` are the fields of a thing
    in JSON. `is_named` finds the thing with a sourcedId. `order` is the usual order,
    and decides between equal values.
    """

    plural: str
    singular: str
    rows: FromClause
    is_named: Callable[[str], ColumnElement[bool]]
    order: tuple[ColumnElement[Any], ...]
    columns: Mapping[str, ColumnElement[Any]]
    names: tuple[str, ...]
    shown: Callable[[AnyRow, str], Item]

    def select(self) -> Select[Any]:
        """Return the query of all rows, which asks for the moment `now`."""
        return select(*self.rows.c)


async def answer_page(
    request: Request,
    work: Work,
    collection: Collection,
    page: Page,
    *narrowed: ColumnElement[bool],
) -> JSONResponse:
    """Return a page with the number of all, and links to its neighbours.

    Raises:
        BadQueryError: a filter or a selection cannot be answered.
    """
    names = _selected(collection, page.fields)
    wanted = collection.select().where(*narrowed)
    if page.filter is not None:
        wanted = wanted.where(as_sql(page.filter, collection.columns))
    total, rows = await _read(work, wanted, collection, page)
    root = str(request.base_url).rstrip("/")
    items = [_cut(collection.shown(row, root), names) for row in rows]
    headers = {"X-Total-Count": str(total), "Link": _links(request, page, total)}
    return JSONResponse({collection.plural: items}, headers=headers)


async def answer_one(
    request: Request,
    work: Work,
    collection: Collection,
    sourced_id: str,
    selection: Selection,
    *narrowed: ColumnElement[bool],
) -> JSONResponse:
    """Return one thing.

    Raises:
        NotFoundError: the caller sees no such thing.
        BadQueryError: it has no such field.
    """
    names = _selected(collection, selection.fields)
    row = await find_one(work, collection, sourced_id, *narrowed)
    shown = collection.shown(row, str(request.base_url).rstrip("/"))
    return JSONResponse({collection.singular: _cut(shown, names)})


async def find_one(
    work: Work,
    collection: Collection,
    sourced_id: str,
    *narrowed: ColumnElement[bool],
) -> AnyRow:
    """Return the row of one thing.

    Raises:
        NotFoundError: the caller sees no such thing.
    """
    statement = collection.select().where(collection.is_named(sourced_id), *narrowed)
    found = await work.session.execute(statement, {"now": work.now})
    row: AnyRow | None = found.one_or_none()
    if row is None:
        raise NotFoundError(
            Text(
                f"Нет {collection.singular} с sourcedId «{sourced_id}».",
                f"There is no {collection.singular} with the sourcedId '{sourced_id}'.",
            )
        )
    return row


def named_in(column: ColumnElement[str]) -> Callable[[str], ColumnElement[bool]]:
    """Return what finds a thing by its sourcedId, where there are few of them."""

    def is_named(sourced_id: str) -> ColumnElement[bool]:
        return column == sourced_id

    return is_named


def reference(root: str, path: str, sourced_id: str, kind: str) -> Item:
    """Return how one thing names another (GUIDRef)."""
    address = f"{root}/ims/oneroster/rostering/v1p2/{path}/{sourced_id}"
    return {"href": address, "sourcedId": sourced_id, "type": kind}


def without_nulls(item: Item) -> Item:
    """Leave out what there is not: the standard knows no nulls."""
    return {name: value for name, value in item.items() if value is not None}


async def _read(
    work: Work, wanted: Select[Any], collection: Collection, page: Page
) -> tuple[int, list[AnyRow]]:
    """Return the number of all rows, and those of the page.

    One statement reads both: a change between two would be in one of them alone.
    """
    counted = select(func.count().label("of_all")).select_from(wanted.subquery())
    order = _order(collection, page, collection.rows)
    rows = wanted.order_by(*order).limit(page.limit).offset(page.offset)
    number, found = counted.subquery("number"), rows.subquery("page")
    # The number is there on an empty page too.
    both = (
        select(number.c.of_all, found)
        .select_from(number.outerjoin(found, true()))
        .order_by(*_order(collection, page, found))
    )
    read = (await work.session.execute(both, {"now": work.now})).all()
    return read[0].of_all, [row for row in read if row.sourcedId is not None]


def _order(
    collection: Collection, page: Page, rows: FromClause
) -> list[ColumnElement[Any]]:
    """Return the order of rows, which have the columns of the collection's."""
    usual: list[Any] = [rows.c[str(column.key)] for column in collection.order]
    # The standard asks for the usual order where nobody knows the field.
    if (named := collection.columns.get(page.sort or "")) is None:
        return usual
    column = rows.c[str(named.key)]
    wanted = column.desc() if page.order_by == "desc" else column.asc()
    return [wanted.nulls_last(), *usual]


def _selected(collection: Collection, fields: str | None) -> frozenset[str]:
    if fields is None:
        return frozenset(collection.names)
    wanted = {name.strip() for name in fields.split(",")}
    unknown = sorted(wanted - {*collection.names})
    if unknown:
        known = ", ".join(collection.names)
        raise BadQueryError(
            CodeMinor.INVALID_SELECTION_FIELD,
            Text(
                f"Полей нет: {', '.join(unknown)}. Есть: {known}.",
                f"There are no fields {', '.join(unknown)}. There are: {known}.",
            ),
        )
    return frozenset(wanted)


def _cut(item: Item, names: frozenset[str]) -> Item:
    return {name: value for name, value in item.items() if name in names}


def _links(request: Request, page: Page, total: int) -> str:
    """Return links to other pages (RFC 8288): first and last always."""
    last = (total - 1) // page.limit * page.limit if total else 0
    offsets = {"first": 0, "last": last}
    if page.offset + page.limit < total:
        offsets["next"] = page.offset + page.limit
    if page.offset > 0:
        offsets["prev"] = max(min(page.offset, total) - page.limit, 0)
    query = parse_qsl(request.url.query, keep_blank_values=True)
    kept = [each for each in query if each[0] not in {"limit", "offset"}]
    address = str(request.url.replace(query="", fragment="")).rstrip("?")
    return ", ".join(
        f"<{address}?{urlencode([*kept, ('limit', page.limit), ('offset', offset)])}>; "
        f'rel="{relation}"'
        for relation, offset in offsets.items()
    )
