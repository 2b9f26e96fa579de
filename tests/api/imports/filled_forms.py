"""Rows as bodies and as lines of a filled form, and bad ones made of good ones."""

import csv
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx

from services.api.datasets.columns import Column, Kind, Need
from services.api.datasets.definitions import DATASETS
from services.api.datasets.limits import bounds_of
from services.api.imports.formats import FORMATS
from tests.api.imports.test_forms import upload

Body = dict[str, Any]
SEED = 20_200_901
MOST = 12  # bad rows of each dataset
CODES = [code for code in DATASETS if code in FORMATS and DATASETS[code].recording]
OF_PLACE = {"school_id", "municipality_id"}
# What a later row of a file is told because of an earlier one.
OF_ANOTHER = "of the sheet"
NUMBERS = (-1, 2**31, 2**63, 10**19)
DAYS = ("0001-01-01", "2018-09-01", "2035-09-01", "2999-12-31")


def written(code: str) -> list[Column]:
    """Return the columns that people fill in."""
    columns = DATASETS[code].columns
    return [column for column in columns if column.need is not Need.SYSTEM]


def form_of(code: str, bodies: Sequence[Body]) -> bytes:
    """Return rows as a filled form."""
    names = [each.name for each in written(code) if each.name != "municipality_id"]
    target = io.StringIO()
    lines = csv.writer(target, delimiter=";")
    lines.writerow(names)
    lines.writerows([_cell(body.get(name)) for name in names] for body in bodies)
    return target.getvalue().encode()


async def judged(client: httpx.AsyncClient, code: str, bodies: list[Body]) -> list[str]:
    """Return by row why a form with these rows is not taken; empty where it is."""
    preview = await upload(client, code, form_of(code, bodies), "form.csv")
    query = {"action": "bad", "limit": "500"}
    lines = await client.get(f"/v1/imports/{preview['id']}/lines", params=query)
    refused = {
        line["row"]: faults
        for line in lines.json()["items"]
        if (faults := [f for f in line["faults"] if OF_ANOTHER not in f["reason_en"]])
    }
    for faults in refused.values():
        for fault in faults:
            assert fault["sheet"]
            assert fault["column"]
            assert fault["reason_ru"]
    return [str(refused.get(row, "")) for row in range(2, len(bodies) + 2)]


def bad_rows(code: str, body: Body, others: Mapping[str, Sequence[int]]) -> list[Body]:
    """Return rows of which each has one other value; not all of them are bad.

    `others` are numbers of rows of other schools and municipalities by their column.
    """
    recording = DATASETS[code].recording
    assert recording is not None
    made = [
        {**body, column.name: value}
        for column in written(code)
        if column.name not in OF_PLACE
        for value in (*_values(column), *others.get(column.name, ()))
        if value is not None or column.name in body
    ]
    random.Random(SEED).shuffle(made)  # noqa: S311 (the same rows at each run)
    named = [row for row in made if any(row.get(n) != body.get(n) for n in others)]
    chosen = [*named, *(row for row in made if row not in named)]
    return [_as_body(code, row) for row in chosen[:MOST]]


def _values(column: Column) -> Iterator[Any]:
    if column.allowed:
        yield "нет такого"
        yield None
        return
    least, most = bounds_of(column)
    match column.kind:
        case Kind.TEXT:
            yield from ("я" * 301, "я" * 4001, "А.Б. Вымышленный", None)
        case Kind.INTEGER | Kind.NUMBER:
            yield from NUMBERS
            yield from (each - 1 for each in [least] if each is not None)
            yield from (each + 1 for each in [most] if each is not None)
            yield None
        case Kind.DECIMAL:
            yield from ("-1.00", "1.234", "1234567890123.00", "12345678901234.00")
        case Kind.DATE:
            yield from (*DAYS, None)
        case Kind.LIST:
            yield from (["я"] * 201, ["я" * 4001], [])
        case Kind.BOOLEAN:
            yield from (True, False)


def _as_body(code: str, row: Body) -> Body:
    """Return a row without what a blank cell leaves to the system."""
    left = {
        column.name
        for column in written(code)
        if row.get(column.name) is None
        and (column.default is not None or column.kind is Kind.LIST)
    }
    return {name: value for name, value in row.items() if name not in left}


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return " | ".join(value)
        case _:
            return str(value)
