"""Reading exports back as other programs do."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import httpx
from python_calamine import CalamineWorkbook

BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a workbook; of the first one its heading, header and rows."""

    names: list[str]
    heading: str
    codes: list[str]
    titles: list[str]
    rows: list[dict[str, Any]]
    content: CalamineWorkbook


async def export(
    client: httpx.AsyncClient, dataset: str, **query: str | int
) -> httpx.Response:
    """Return the export, which has to succeed."""
    answer = await client.get(f"/v1/exports/{dataset}", params=query)
    assert answer.status_code == 200, answer.text
    return answer


async def csv_rows(
    client: httpx.AsyncClient, dataset: str, **query: str | int
) -> list[dict[str, str]]:
    """Return the rows of a CSV export."""
    answer = await export(client, dataset, format="csv", **query)
    text = answer.content.decode()
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=";"))


def read_workbook(content: bytes) -> Workbook:
    """Return what a workbook holds; empty cells are None."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    table = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    codes = [str(cell) for cell in table[1]]
    rows = [
        {
            code: None if cell == "" else cell
            for code, cell in zip(codes, row, strict=True)
        }
        for row in table[3:]
    ]
    titles = [str(cell) for cell in table[2]]
    return Workbook(book.sheet_names, str(table[0][0]), codes, titles, rows, book)


async def xlsx(client: httpx.AsyncClient, dataset: str, **query: str | int) -> Workbook:
    """Return an XLSX export."""
    return read_workbook(
        (await export(client, dataset, format="xlsx", **query)).content
    )


async def listed(
    client: httpx.AsyncClient, address: str, **query: str | int
) -> list[dict[str, Any]]:
    """Return all rows of a list, page by page."""
    rows: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        answer = await client.get(
            f"/v1/{address}", params={**query, "after": after, "limit": 500}
        )
        answer.raise_for_status()
        page = answer.json()
        rows += page["items"]
        after = page["next_after"]
    return rows
