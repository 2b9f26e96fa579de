"""The SQL by which the audit tells of rows that an import wrote: an entry for a school.

Each is one more part of the statement that writes the rows, so that the two cannot come
apart; what the entries hold is told by `shared.persistence.audit_sets`.
"""

from services.api.imports.new_lines import told_lines
from services.api.imports.statement_parts import column_type
from services.api.imports.targets import TargetTable
from shared.persistence.audit import BULK_ORIGIN
from shared.persistence.audit_sets import ROWS_OF_ENTRY, SET_TARGET


def tell_new(target: TargetTable) -> str:
    """Write entries for the rows that the new lines make, with all that they state."""
    # What a line leaves out gets its default; of a name twice, the last one counts.
    defaults = ", ".join(
        f"'{name}', CAST({value} AS {column_type(target.table, name)})"
        for name, value in target.defaults.items()
    )
    values = "line.told"
    if defaults:
        given = f"(SELECT rtrim(jsonb_build_object({defaults})::text, '}}'))"
        values = f"{given} || ',' || ltrim({values}, '{{')"
    return _told(
        target,
        "create",
        school="line.school_id",
        columns=("line.municipality_id", "line.target_id", values),
        rows=told_lines(target),
    )


def tell(target: TargetTable, action: str, changes: str) -> str:
    """Write entries for the rows of `result`, with these changes of each as text."""
    return _told(
        target,
        action,
        school="result.school_id" if "school_id" in target.table.c else "NULL::bigint",
        columns=("result.municipality_id", "result.id", changes),
        rows="result",
    )


def _told(
    target: TargetTable,
    action: str,
    *,
    school: str,
    columns: tuple[str, str, str],
    rows: str,
) -> str:
    owner, number, changes = columns
    return f"""
    INSERT INTO {SET_TARGET}
    SELECT {owner}, {school}, '{target.entity}', '{action}', array_agg({number}),
      min({number}), max({number}),
      '{{' || string_agg('"' || {number} || '":' || {changes}, ',') || '}}', '{{}}',
      {BULK_ORIGIN}
    FROM {rows}
    GROUP BY {owner}, {school}, {number} % (
      SELECT greatest(1, max(count) / {ROWS_OF_ENTRY})
      FROM (SELECT count(*) FROM {rows} GROUP BY {school}) of_schools)
    """  # noqa: S608 (made of the target's own names)
