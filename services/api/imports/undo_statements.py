"""The SQL that takes a committed file back, or finds why it cannot be."""

from services.api.imports.new_lines import new_numbers, written_lines
from services.api.imports.statement_parts import (
    assigned,
    differences,
    given,
    is_same,
    removed,
    restored,
    types,
)
from services.api.imports.targets import TargetTable
from services.api.imports.telling import tell


def find_changed_since(target: TargetTable) -> str:
    """Find lines whose rows are no longer as the import left them.

    A row is also as the import left it where what came later has been undone.
    """
    is_own = "false"
    later = "NULL::bigint"
    if target.keeps_source:
        same = is_same(target, "there")
        is_own = (
            "there.import_id = line.import_id AND there.import_sheet = line.sheet"
            f" AND there.import_row = line.row AND {same}"
        )
        later = "nullif(there.import_id, line.import_id)"
    return f"""
    SELECT line.sheet, line.row, {later} AS later_import, there.id,
      count(*) OVER () AS total
    FROM {written_lines(target)}
    LEFT JOIN {target.table.fullname} there ON there.id = line.target_id
    {given(target)}
    WHERE there.id IS NULL OR NOT (
      there.version = coalesce(line.target_version, 0) + 1
      OR coalesce({is_own}, false))
    ORDER BY line.id LIMIT :limit
    """  # noqa: S608 (made of the target's own names)


def restore(target: TargetTable) -> str:
    """Put the previous values back into rows that the import changed; count them."""
    values = {
        **{name: f"old.{name}" for name in restored(target)},
        **target.when_written,
    }
    return f"""
    WITH result AS (
    UPDATE {target.table.fullname} result
    SET {assigned(values)}
    FROM api.import_lines line
    JOIN {target.table.fullname} before ON before.id = line.target_id
    JOIN api.municipalities municipality ON municipality.id = line.municipality_id
    CROSS JOIN LATERAL jsonb_to_record(line.previous)
      AS old({types(target.table, restored(target))})
    WHERE line.import_id = :import_id AND line.action = 'changed'
      AND result.id = before.id
    RETURNING result.*, {differences(target)} AS changes),
    told AS ({tell(target, "update", "result.changes")})
    SELECT count(*) FROM result
    """  # noqa: S608 (made of the target's own names)


def remove(target: TargetTable) -> str:
    """Delete the rows that the import made, and count them."""
    return f"""
    WITH result AS (
    DELETE FROM {target.table.fullname} result USING {new_numbers(target)}
    WHERE result.id = line.target_id
    RETURNING result.*),
    told AS ({tell(target, "delete", removed(target))})
    SELECT count(*) FROM result
    """  # noqa: S608 (made of the target's own names)
