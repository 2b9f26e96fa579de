"""Entries that tell of many rows at once, as an import writes them.

Such an entry has the numbers of its rows in `row_ids`, and in `row_changes` a text of
JSON by number: ``{"95": {"n": [24, 25]}}``; of rows that came into being, their values
alone: ``{"95": {"n": 25}}``. What is read of one row looks like an entry of its own.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ScalarSelect,
    case,
    cast,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB, array

from shared.persistence.tables.audit import AuditEntryRow

ROWS_OF_ENTRY = 500  # about as many; an entry is sealed and read as a whole
SET_TARGET = (
    "api.audit_entries (municipality_id, school_id, entity, action, row_ids, first_row,"
    " last_row, row_changes, changes, reason, import_id, actor_id, request_id, address,"
    " at)"
)
_ENTRY = AuditEntryRow.__table__.c


def tells_of(entity: str | None, row_id: int) -> ColumnElement[bool]:
    """Say that an entry is of a row, or of a set with it; of any entity without one.

    They are looked for apart: an array cannot be looked into by an index here, since
    the policies of rows come first; its ends can.
    """
    of_entity = () if entity is None else (_ENTRY.entity == entity,)
    single = select(_ENTRY.number).where(*of_entity, _ENTRY.entity_id == row_id)
    in_set = select(_ENTRY.number).where(
        *of_entity,
        _ENTRY.row_ids.is_not(None),
        _ENTRY.first_row <= row_id,
        _ENTRY.last_row >= row_id,
        _ENTRY.row_ids.contains([row_id]),
    )
    return _ENTRY.number.in_(union_all(single, in_set))


def changes_of(row_id: int) -> ColumnElement[Any]:
    """Return what an entry says of one row: ``[old, new]`` by field."""
    of_row = cast(_ENTRY.row_changes, JSONB)[str(row_id)]
    return case(
        (_ENTRY.row_ids.is_(None), _ENTRY.changes),
        (_ENTRY.action == "create", _from_nothing(of_row)),
        else_=of_row,
    )


def rows_of_entry() -> ColumnElement[int]:
    """Return the number of each row that an entry tells of, a row of its own each."""
    single = array([cast(_ENTRY.entity_id, BigInteger)])
    return func.unnest(func.coalesce(_ENTRY.row_ids, single))


def count_of_entry() -> ColumnElement[int]:
    """Return how many rows an entry tells of."""
    return func.coalesce(func.cardinality(_ENTRY.row_ids), 1)


def _from_nothing(values: ColumnElement[Any]) -> ScalarSelect[Any]:
    """Return the changes that brought values about; the school stands in the entry."""
    each = func.jsonb_each(values).table_valued("key", "value")
    pair = func.jsonb_build_array(null(), each.c.value)
    news = (each.c.key != "school_id", func.jsonb_typeof(each.c.value) != "null")
    joined = func.jsonb_object_agg(each.c.key, pair)
    return select(joined).select_from(each).where(*news).scalar_subquery()
