"""Writing rows that may be there already, and counting what that changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, literal_column, or_
from sqlalchemy.dialects.postgresql import insert

from shared.persistence.tables.base import Base
from shared.persistence.work import Work

# PostgreSQL takes 65,535 parameters a statement; no row of ours has 60 columns.
ROWS_PER_STATEMENT = 1000


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
) -> Written:
    """Insert rows, or update those whose `key` exists and whose values differ.

    All rows have the same columns; those in `keep` are written for new rows only.
    An equal row is not touched, so that loading the same data twice changes nothing.
    """
    written = Written()
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        batch = [dict(row) for row in rows[start : start + ROWS_PER_STATEMENT]]
        statement = insert(table).values(batch)
        updated = {
            name: statement.excluded[name]
            for name in batch[0]
            if name not in key and name not in keep
        }
        columns = table.__table__.c
        # An inserted row has never been locked or deleted, hence its xmax is 0.
        is_new: ColumnElement[bool] = literal_column("xmax = 0")
        if updated:
            statement = statement.on_conflict_do_update(
                index_elements=list(key),
                set_=updated,
                where=or_(
                    *(
                        columns[name].is_distinct_from(value)
                        for name, value in updated.items()
                    )
                ),
            )
        else:
            statement = statement.on_conflict_do_nothing(index_elements=list(key))
        flags = (await work.session.scalars(statement.returning(is_new))).all()
        written += Written(flags.count(True), flags.count(False))
    return written
