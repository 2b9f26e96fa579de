"""Writing rows that may be there already, and counting what that changed."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from shared.persistence.audit import record_change
from shared.persistence.tables.base import Base
from shared.persistence.work import Work


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows were new, and how many were there with other values."""

    new: int = 0
    changed: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(self.new + other.new, self.changed + other.changed)

    def __bool__(self) -> bool:
        return bool(self.new or self.changed)


async def upsert(
    work: Work,
    table: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    keep: Sequence[str] = (),
    is_audited: bool = True,
) -> Written:
    """Insert rows, or update those whose `key` exists and whose values differ.

    All rows have the same columns; those in `keep` are written for new rows only.
    An equal row is not touched, so that loading the same data twice changes nothing.
    The audit gets one entry with the counts for each municipality that rows changed of,
    unless what the rows follow from is in it already.
    """
    if not rows:
        return Written()
    statement = _statement(table, list(rows[0]), key, keep)
    written: defaultdict[int | None, Written] = defaultdict(Written)
    for is_new, municipality_id in await work.session.execute(
        text(statement), {"rows": json.dumps(list(map(dict, rows)), default=str)}
    ):
        written[municipality_id] += Written(int(is_new), int(not is_new))
    for municipality_id, count in written.items() if is_audited else ():
        await record_change(
            work,
            table.__tablename__,
            "load",
            {"new": [None, count.new], "changed": [None, count.changed]},
            municipality_id=municipality_id,
        )
    return sum(written.values(), Written())


def _statement(
    table: type[Base], columns: Sequence[str], key: Sequence[str], keep: Sequence[str]
) -> str:
    """Return the statement, which takes all rows as one JSON parameter.

    A statement with a parameter for each value takes longer to compile than to run.
    An inserted row has never been locked or deleted, hence its xmax is 0.
    """
    name = table.__table__.fullname  # type: ignore[attr-defined] # it is a Table
    listed = ", ".join(f'"{column}"' for column in columns)
    changing = [c for c in columns if c not in key and c not in keep]
    owner = "municipality_id" if "municipality_id" in columns else "NULL::bigint"
    action = "DO NOTHING"
    if changing:
        assigned = [f'"{c}" = excluded."{c}"' for c in changing]
        if "version" in table.__table__.c and "version" not in columns:
            assigned.append("version = existing.version + 1")
        assignments = ", ".join(assigned)
        differences = " OR ".join(
            f'existing."{c}" IS DISTINCT FROM excluded."{c}"' for c in changing
        )
        action = f"DO UPDATE SET {assignments} WHERE {differences}"
    return f"""
        INSERT INTO {name} AS existing ({listed})
        SELECT {listed}
        FROM jsonb_populate_recordset(NULL::{name}, CAST(:rows AS jsonb))
        ON CONFLICT ({", ".join(key)}) {action}
        RETURNING xmax = 0, {owner}
    """  # noqa: S608 (names of our own tables and columns; values are a parameter)
