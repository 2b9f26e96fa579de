"""The SQL that writes the lines of a previewed file into their table."""

from services.api.imports.new_lines import new_lines
from services.api.imports.statement_parts import (
    assigned,
    differences,
    given,
    or_default,
    source_of,
)
from services.api.imports.targets import TargetTable
from services.api.imports.telling import tell, tell_new


def insert(target: TargetTable) -> str:
    """Write rows for the lines that are new; return how many."""
    # In the order of the key, so that two files meet at their rows in the same order.
    values = {
        **{name: f"given.{name}" for name in target.key},
        **target.defaults,
        **{name: or_default(target, name) for name in target.written},
        **source_of(target),
        **target.when_new,
        **target.when_written,
    }
    order = ", ".join(f"given.{name}" for name in target.key)
    return f"""
    WITH result AS (
    INSERT INTO {target.table.fullname} (id, municipality_id, version,
      {", ".join(values)})
    SELECT line.target_id, line.municipality_id, 1, {", ".join(values.values())}
    FROM {new_lines(target)}
    JOIN api.municipalities municipality ON municipality.id = line.municipality_id
    ORDER BY {order}
    RETURNING id),
    told AS ({tell_new(target)})
    SELECT count(*) FROM result
    """  # noqa: S608 (made of the target's own names)


def update(target: TargetTable) -> str:
    """Write the figures of lines that change rows still as previewed; count them."""
    # The old figures come from a second look at the table: joining what was updated to
    # it afterwards would be planned without knowing how many rows that is.
    values = {
        **{name: _kept_or_given(target, name) for name in target.written},
        **source_of(target),
        **target.when_written,
    }
    return f"""
    WITH result AS (
    UPDATE {target.table.fullname} result
    SET {assigned(values)}
    FROM api.import_lines line
    JOIN {target.table.fullname} before ON before.id = line.target_id
    JOIN api.municipalities municipality ON municipality.id = line.municipality_id
    {given(target)}
    WHERE line.import_id = :import_id AND line.action = 'changed'
      AND result.id = before.id AND result.version = line.target_version
    RETURNING result.*, {differences(target)} AS changes),
    told AS ({tell(target, "update", "result.changes")})
    SELECT count(*) FROM result
    """  # noqa: S608 (made of the target's own names)


def count_unchanged(target: TargetTable) -> str:
    """Count the lines that change nothing and whose rows are still as previewed."""
    return f"""
    SELECT count(*) FROM api.import_lines line
    JOIN {target.table.fullname} there
      ON there.id = line.target_id AND there.version = line.target_version
    WHERE line.import_id = :import_id AND line.action = 'unchanged'
    """  # noqa: S608 (made of the target's own names)


def _kept_or_given(target: TargetTable, name: str) -> str:
    given = or_default(target, name)
    if name in target.merged:
        given = f"coalesce(result.{name}, '{{}}') || {given}"
    return f"CASE WHEN line.record ? '{name}' THEN {given} ELSE result.{name} END"
