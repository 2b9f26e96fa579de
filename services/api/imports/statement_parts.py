"""What the statements of a target have in common.

Records are JSON by columns of the table. A figure whose key a record does not have is
left alone; `given` is the record as columns.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Boolean, Float, Integer, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from services.api.imports.targets import TargetTable

SOURCE = {
    "import_id": "line.import_id",
    "import_sheet": "line.sheet",
    "import_row": "line.row",
}


def source_of(target: TargetTable) -> dict[str, str]:
    """Return the columns that say where a row was imported from, if it has them."""
    return SOURCE if target.keeps_source else {}


def restored(target: TargetTable) -> tuple[str, ...]:
    """Return the columns that undoing puts back."""
    return (*target.written, *source_of(target))


def types(table: Table, names: tuple[str, ...]) -> str:
    """Declare columns as `jsonb_to_record` wants them: it wants one at least."""
    return ", ".join(f"{name} {column_type(table, name)}" for name in names or ("id",))


def column_type(table: Table, name: str) -> str:
    """Return the type of a column in SQL."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return str(table.c[name].type.compile(dialect))


def given(target: TargetTable) -> str:
    """Join the record of a line as columns."""
    named = types(target.table, (*target.key, *target.written))
    return f"CROSS JOIN LATERAL jsonb_to_record(line.record) AS given({named})"


def is_same(target: TargetTable, row: str) -> str:
    """Say that a row has all figures that the line states, if there are any."""
    same = " AND ".join(
        f"(NOT line.record ? '{name}'"
        f" OR {row}.{name} IS NOT DISTINCT FROM given.{name})"
        for name in target.figures
    )
    return same or "true"


def assigned(values: Mapping[str, str]) -> str:
    """Write the next version of `result`, with SQL by columns."""
    given = {"version": "result.version + 1", **values}
    return ", ".join(f"{name} = {value}" for name, value in given.items())


def or_default(target: TargetTable, name: str) -> str:
    """Return the figure of a line, or what stands for one that it does not state."""
    default = target.defaults.get(name)
    return f"given.{name}" if default is None else f"coalesce(given.{name}, {default})"


def removed(target: TargetTable) -> str:
    """Return the changes that `result` has gone by, as text."""
    return _changes(
        f"""'"{name}":[' || {_text(target, "result", name)} || ',null]'"""
        for name in (*target.key, *target.figures)
        if name != "school_id"
    )


def differences(target: TargetTable) -> str:
    """Return the changes that made `before` into `result`, as text."""
    return _changes(
        f"""CASE WHEN before.{name} IS DISTINCT FROM result.{name} THEN '"{name}":['"""
        f""" || coalesce({_text(target, "before", name)}, 'null') || ','"""
        f""" || coalesce({_text(target, "result", name)}, 'null') || ']' END"""
        for name in target.figures
    )


def _changes(pairs: Iterable[str]) -> str:
    # Twice as fast as building the object from values; what is null is left out.
    listed = ", ".join(pairs) or "NULL"
    return f"'{{' || concat_ws(',', {listed}) || '}}'"


def _text(target: TargetTable, row: str, name: str) -> str:
    return f"CAST({json_of(target, name, f'{row}.{name}')} AS text)"


def json_of(target: TargetTable, name: str, value: str) -> str:
    """Return what is shown of a column's value: as text, it is JSON."""
    kind = target.table.c[name].type
    is_json = isinstance(kind, Integer | Float | Boolean | JSONB)
    return value if is_json else f"to_json({value})"
