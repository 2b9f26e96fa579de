"""Pages of a sorted list hold every row once, with equal values and without any."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import Column, Date, DateTime, Integer, MetaData, Table, Text, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.api.http.pagination import place_of, sorted_page_of
from shared.domain.errors import InvalidInputError
from shared.persistence.paging import Paging, Place, ordered, read_sorted_page
from shared.persistence.work import Work, begin_as_system

TABLE = Table(
    "sorted",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("grade", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("written_on", Date, nullable=True),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    prefixes=["TEMPORARY"],
)
BY = {name: TABLE.c[name] for name in ("id", "grade", "name", "written_on")} | {
    "updated_at": TABLE.c.updated_at
}
ROWS: list[dict[str, Any]] = [
    {
        "id": number,
        "grade": number % 3,
        "name": "Ёж" if number % 4 else "Аист",
        "written_on": date(2020, 1, number % 2 + 1) if number % 5 else None,
        "updated_at": datetime(2020, 9, 1, 8, number % 2, 0, 123456, tzinfo=UTC),
    }
    for number in range(1, 24)
]
SORTS = [sign + name for name in BY for sign in ("", "-")]


@pytest_asyncio.fixture
async def work(engine: AsyncEngine) -> AsyncIterator[Work]:
    async with begin_as_system(engine) as work:
        connection = await work.session.connection()
        await connection.run_sync(TABLE.create)
        await work.session.execute(TABLE.insert(), ROWS)
        yield work
        await connection.run_sync(TABLE.drop)


async def paged(work: Work, sort: str, limit: int) -> list[int]:
    """Return the ids page by page, each place going through its text."""
    ids: list[int] = []
    after: str | None = "0"
    while after is not None:
        paging = Paging(sort, place_of(after, sort), limit)
        rows = await read_sorted_page(
            work, select(TABLE), paging, key=TABLE.c.id, by=BY
        )
        page, after = sorted_page_of(rows, paging)
        ids += [row.id for row in page]
    return ids


def expected(sort: str) -> list[int]:
    name, turned = sort.removeprefix("-"), sort.startswith("-")

    def value_and_id(row: dict[str, Any]) -> tuple[Any, int]:
        return row[name], row["id"]

    filled = [row for row in ROWS if row[name] is not None]
    empty = [row for row in ROWS if row[name] is None]
    rows = [
        *sorted(filled, key=value_and_id, reverse=turned),
        *sorted(empty, key=lambda row: row["id"], reverse=turned),
    ]
    return [row["id"] for row in rows]


async def test_every_sort_gives_each_row_once_in_its_order(work: Work) -> None:
    for sort in SORTS:
        for limit in (1, 4, 23):
            assert await paged(work, sort, limit) == expected(sort), (sort, limit)


@pytest.mark.parametrize(
    ("sort", "value", "key"),
    [
        ("id", None, "7"),
        ("id", None, True),
        ("id", None, 2**63),
        ("grade", "2", 1),
        ("grade", 2**64, 1),
        ("name", "a\x00b", 1),
        ("name", 5, 1),
        ("written_on", "2020-13-01", 1),
        ("updated_at", "2020-01-01T00:00:00", 1),
    ],
)
def test_a_place_that_no_page_gave_is_refused(
    sort: str, value: object, key: object
) -> None:
    place = Place(value, key)  # type: ignore[arg-type] # as a caller may make it up
    with pytest.raises(InvalidInputError):
        Paging(sort, place, 5).parameters(BY)


@pytest.mark.parametrize("after", ["x", "bm8", "W10", "WyJpZCIsMSwyLDNd", "_" * 999])
def test_a_place_that_is_no_text_of_ours_is_refused(after: str) -> None:
    with pytest.raises(InvalidInputError):
        place_of(after, "id")


def test_a_place_of_another_sort_is_refused() -> None:
    rows = [type("Row", (), row)() for row in ROWS]
    _, after = sorted_page_of(rows, Paging("grade", None, 5))
    with pytest.raises(InvalidInputError):
        place_of(after, "-grade")


def test_a_column_without_nulls_is_compared_as_a_whole_row() -> None:
    statement = str(
        ordered(
            select(TABLE),
            Paging("-grade", Place(1, 1), 5).shape,
            key=TABLE.c.id,
            by=BY,
        )
    )
    assert "(sorted.grade, sorted.id) < (:after_value, :after_key)" in statement
