"""What stands in rows of datasets, as the JSON that other systems are given."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, Select, Text, cast, func, literal, select, union_all

from services.api.datasets.dataset import Dataset
from services.api.datasets.places import FED, id_of
from shared.persistence.work import Work

RowId: TypeAlias = tuple[str, int]
Content: TypeAlias = dict[str, Any]


def as_json(statement: Select[Any]) -> Any:
    """Return the columns of what is selected as one JSON text, made by PostgreSQL."""
    rows = statement.subquery()
    whole: Any = rows.table_valued()
    return rows, cast(func.row_to_json(whole), Text)


async def read_contents(
    work: Work, wanted: Mapping[str, Sequence[int]]
) -> dict[RowId, list[Content]]:
    """Return what stands under these numbers now, by dataset and number.

    A number may stand for several rows: an indicator has one for each of its targets.
    What is gone, or not for the caller, is left out. It takes one statement.
    """
    found: defaultdict[RowId, list[Content]] = defaultdict(list)
    parts = [_part(code, ids) for code, ids in sorted(wanted.items()) if ids]
    if not parts:
        return found
    for row in await work.session.execute(union_all(*parts)):
        found[row.dataset, row.row_id].append(json.loads(row.content))
    return found


def _part(code: str, ids: Sequence[int]) -> Select[Any]:
    dataset: Dataset = FED[code]
    column = id_of(dataset)
    if column is None:
        raise ValueError(f"{code}: its rows have no numbers.")
    selected = dataset.select(municipality_id=None, academic_year=None)
    rows, content = as_json(selected.where(column.in_(ids)))
    return select(
        literal(code).label("dataset"),
        cast(rows.c.id, BigInteger).label("row_id"),
        content.label("content"),
    )
