"""The SQL by which the audit tells of rows that an import wrote: an entry for a school.

Each is one more part of the statement that writes the rows, so that the two cannot come
apart; what the entries hold is told by `shared.persistence.audit_sets`.
"""

from services.api.imports.statement_parts import column_type
from services.api.imports.targets import TargetTable
from shared.persistence.audit import BULK_ORIGIN
from shared.persistence.audit_sets import ROWS_OF_ENTRY, SET_TARGET

NEW_LINES = (
    "api.import_lines line WHERE line.import_id = :import_id AND line.action = 'new'"
)


def tell_new(target: TargetTable) -> str:
    """Write entries for the rows that the new lines make, with all that they state."""
    # What a line leaves out gets its default; of a name twice, the last one counts.
    defaults = ", ".join(
        f"'{name}', CAST({value} AS {column_type(target.table, name)})"
        for name, value in target.defaults.items()
    )
    values = "line.record::text"
    if defaults:
        given = f"(SELECT rtrim(jsonb_build_object({defaults})::text, '}}'))"
        values = f"{given} || ',' || ltrim({values}, '{{')"
    school = "(line.record ->> 'school_id')::bigint"
    return _told(
        target,
        "create",
        school=school,
        columns=("line.municipality_id", "line.target_id", values),
        rows=NEW_LINES,
    )


def tell(target: TargetTable, action: str, changes: str) -> str:
    """Write entries for the rows of `result`, with these changes of each as text."""
    return _told(
        target,
        action,
        school="result.school_id",
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
    if "school_id" not in target.table.c:
        school = "NULL::bigint"
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
