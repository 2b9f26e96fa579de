"""The municipalities that are computed together: mostly one, at times a country."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute

from services.scoring.repository.columns import read_columns, write_columns
from services.scoring.repository.copying import copy_in, copy_out
from shared.persistence.tables.base import Base
from shared.persistence.work import Work

# Beyond so many rows a table to copy them into is quicker than parameters.
MOST_PARAMETERS: Final = 300


@dataclass(frozen=True, slots=True)
class Area:
    """One municipality or more, by their numbers in ascending order.

    `kept_results` is where those of a year are kept once they are read, for as long as
    one transaction; None keeps none.
    """

    municipality_ids: tuple[int, ...]
    kept_results: dict[int, pl.DataFrame] | None = field(
        default=None, compare=False, repr=False
    )

    @classmethod
    def of(cls, *municipality_ids: int) -> "Area":
        """Return the area of these municipalities."""
        return cls(tuple(sorted(set(municipality_ids))))

    def keeping(self) -> "Area":
        """Return the same area, which keeps the results that are read of it."""
        return Area(self.municipality_ids, {})

    def part(self, municipality_ids: Iterable[int]) -> "Area":
        """Return the area of some of them, and where it is of all this one itself."""
        part = Area.of(*municipality_ids)
        return self if part == self else part

    @property
    def first(self) -> int:
        """The municipality with the lowest number."""
        return self.municipality_ids[0]

    def holds(
        self, municipality_id: InstrumentedAttribute[int] | ColumnElement[int]
    ) -> ColumnElement[bool]:
        """Tell in SQL whether a row is of one of the municipalities."""
        if len(self.municipality_ids) == 1:
            return municipality_id == self.municipality_ids[0]
        return municipality_id.in_(self.municipality_ids)

    async def read(
        self, work: Work, statement: Select[*tuple[Any, ...]], schema: pl.Schema
    ) -> pl.DataFrame:
        """Read a statement over the area into columns."""
        if len(self.municipality_ids) == 1:
            return await read_columns(work, statement, schema)
        flags = [name for name, dtype in schema.items() if dtype == pl.Boolean]
        texts = pl.Schema({**schema, **dict.fromkeys(flags, pl.String())})
        rows = await copy_out(work, statement, texts)
        # PostgreSQL writes a boolean as t or f.
        return rows.with_columns(pl.col(name) == "t" for name in flags)

    def split(self, frame: pl.DataFrame) -> dict[int, pl.DataFrame]:
        """Return each municipality's rows in their order, without the column of it.

        A municipality without rows has an empty frame.
        """
        found = partitions(frame, "municipality_id")
        nothing = frame.drop("municipality_id").clear()
        return {each: found.get(each, nothing) for each in self.municipality_ids}


def partitions(frame: pl.DataFrame, key: str) -> dict[int, pl.DataFrame]:
    """Return the rows of each number in a column, in their order and without it."""
    parts = frame.partition_by(key, as_dict=True, include_key=False)
    return {number: part for (number,), part in parts.items()}


async def write_rows(
    work: Work, table: type[Base], runs: Mapping[int, int], frame: pl.DataFrame
) -> None:
    """Write what runs came to, in the frame's order.

    Args:
        work: The transaction.
        table: Its columns are those of the frame, and ``run_id``.
        runs: The number of each municipality's run.
        frame: With ``municipality_id``.
    """
    if frame.is_empty():
        return
    if len(runs) == 1 and frame.height <= MOST_PARAMETERS:
        ((municipality_id, run_id),) = runs.items()
        own = frame.drop("municipality_id")
        await write_columns(work, table, run_id, municipality_id, own)
        return
    numbers = pl.col("municipality_id").replace_strict(runs, return_dtype=pl.Int64)
    await copy_in(work, table, frame.with_columns(run_id=numbers))
