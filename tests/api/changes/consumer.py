"""A system elsewhere that keeps a copy of every dataset by snapshot and feed."""

import asyncio
import csv
import io
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from services.api.datasets.columns import Kind
from services.api.datasets.definitions import DATASETS
from services.api.exports.cells import cell_of, csv_text

FEED = "/v1/changes"
SNAPSHOTS = "/v1/snapshots"

Row = dict[str, Any]


def lines_of(answer: httpx.Response) -> list[Row]:
    """Return the lines of an answer, which must be whole, without the last."""
    assert answer.status_code == 200, answer.text
    *lines, end = [json.loads(line, parse_float=str) for line in answer.iter_lines()]
    assert end["type"] == "end"
    assert end["rows"] == len(lines)
    return lines


@dataclass
class Consumer:
    """Keeps the rows of each dataset by their numbers, or by what a run is of."""

    client: httpx.AsyncClient
    feed: str = ""
    number: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    copies: dict[str, dict[Any, list[Row]]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    async def copy(self, **wanted: Any) -> None:
        """Take a snapshot, and read its partitions at the same time."""
        answer = await self.client.post(SNAPSHOTS, json=wanted)
        assert answer.status_code == 201, answer.text
        snapshot = answer.json()
        self.feed, self.number = snapshot["feed"], snapshot["number"]
        await asyncio.gather(*(self._read(each) for each in snapshot["partitions"]))

    async def _read(self, partition: Row) -> None:
        for line in lines_of(await self.client.get(partition["url"])):
            self._keep(partition["dataset"], line["row"])

    def _keep(self, dataset: str, row: Row) -> None:
        self.copies[dataset].setdefault(_key_of(row), []).append(row)

    async def catch_up(self, *, limit: int = 100) -> None:
        """Follow the feed to its end."""
        while True:
            query: dict[str, Any] = {"after": self.number, "limit": limit}
            known = {"feed": self.feed} if self.feed else {}
            answer = await self.client.get(FEED, params=query | known)
            assert answer.status_code == 200, answer.text
            page = json.loads(answer.text, parse_float=str)
            for change in page["items"]:
                assert change["number"] > self.number
                self.number = change["number"]
                await self._apply(change)
            self.number = page["next_after"]
            if page["is_last"]:
                return

    async def _apply(self, change: Row) -> None:
        self.actions[change["action"]] += 1
        if change["action"] == "event":
            return
        copy = self.copies[change["dataset"]]
        match change["action"]:
            case "delete":
                copy.pop(change["row_id"], None)
            case "upsert":
                copy[change["row_id"]] = change["rows"]
            case "replace":
                key = change["municipality_id"], change["academic_year"]
                copy.pop(key, None)
                for line in lines_of(await self.client.get(change["rows_url"])):
                    self._keep(change["dataset"], line["row"])

    def as_exported(self, dataset: str) -> Counter[tuple[str, ...]]:
        """Return the copy as an export would have it, whatever the order."""
        columns = DATASETS[dataset].columns
        return Counter(
            tuple(_text(row[each.name], each.kind) for each in columns)
            for rows in self.copies[dataset].values()
            for row in rows
        )


def _key_of(row: Row) -> Any:
    if "id" in row:
        return row["id"]
    return row["municipality_id"], row["academic_year"]


def _text(value: Any, kind: Kind) -> str:
    if value is None:
        return ""
    if kind is Kind.MOMENT:
        value = datetime.fromisoformat(value)
    elif kind in {Kind.NUMBER, Kind.DECIMAL}:
        return _number(str(value))
    return csv_text(cell_of(value, kind))


def _number(text: str) -> str:
    return repr(float(text.replace(",", "."))) if text else ""


async def exported(client: httpx.AsyncClient, dataset: str) -> Counter[tuple[str, ...]]:
    """Return the rows of an export, whatever their order."""
    answer = await client.get(f"/v1/exports/{dataset}", params={"format": "csv"})
    assert answer.status_code == 200, answer.text
    rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    next(rows)
    kinds = [column.kind for column in DATASETS[dataset].columns]
    return Counter(
        tuple(
            _number(cell) if kind in {Kind.NUMBER, Kind.DECIMAL} else cell
            for cell, kind in zip(row, kinds, strict=True)
        )
        for row in rows
    )
