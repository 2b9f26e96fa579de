"""The SQL that writes lines of a file with what committing them does."""

from services.api.imports.statement_parts import is_same, restored, types
from services.api.imports.targets import TargetTable

MISSING = -1  # the number of the rule that something new has all that it must have


def compare(target: TargetTable) -> str:
    """Write lines with what committing them does; return counts and broken rules.

    A line that breaks a rule is not written: its number in the batch is returned.
    """
    table = target.table
    key = " AND ".join(
        f"there.{name} "
        + ("IS NOT DISTINCT FROM" if table.c[name].nullable else "=")
        + f" key.{name}"
        for name in target.key
    )
    after = ", ".join(
        [
            f"CASE WHEN line.record ? '{name}' THEN given.{name} ELSE there.{name} END"
            f" AS {name}"
            for name in target.figures
        ]
        + [f"there.{name}" for name in target.others]
    )
    rules = " ".join(
        f"WHEN NOT ({rule.condition}) THEN {number}"
        for number, rule in enumerate(target.rules)
    )
    broken = f"CASE {rules} END" if rules else "NULL::int"
    required = ", ".join(f"'{name}'" for name in target.required)
    previous = ", ".join(f"'{name}', there.{name}" for name in restored(target))
    return f"""
    WITH line AS MATERIALIZED (
    SELECT number, sheet, row, nullif(record, 'null') AS record,
      nullif(when_new, 'null') AS when_new, nullif(faults, 'null') AS faults,
      nullif(cells, 'null') AS cells
    FROM ROWS FROM (unnest(CAST(:sheets AS text[])), unnest(CAST(:rows AS bigint[])),
      jsonb_array_elements(CAST(:records AS jsonb)),
      jsonb_array_elements(CAST(:when_new AS jsonb)),
      jsonb_array_elements(CAST(:faults AS jsonb)),
      jsonb_array_elements(CAST(:cells AS jsonb))) WITH ORDINALITY
      AS line(sheet, row, record, when_new, faults, cells, number)),
    compared AS MATERIALIZED (
    SELECT line.number, sheet, row, faults, cells, there.id AS there_id,
      there.version AS there_version,
      CASE WHEN there.id IS NULL AND when_new IS NOT NULL
        THEN when_new || line.record ELSE line.record END AS record,
      CASE WHEN line.record IS NULL THEN 'bad' WHEN there.id IS NULL THEN 'new'
        WHEN {is_same(target, "there")} THEN 'unchanged'
        ELSE 'changed' END AS action,
      CASE WHEN line.record IS NULL THEN NULL
        WHEN there.id IS NOT NULL THEN {broken}
        WHEN NOT coalesce(when_new, '{{}}') || line.record
          ?& CAST(ARRAY[{required}] AS text[]) THEN -1 END AS broken,
      CASE WHEN there.id IS NOT NULL THEN jsonb_build_object({previous}) END
        AS previous
    FROM line
    CROSS JOIN LATERAL jsonb_to_record(line.record)
      AS key({types(table, target.key)})
    LEFT JOIN LATERAL (SELECT * FROM {table.fullname} there
      WHERE there.municipality_id = :municipality_id AND {key} LIMIT 1) there ON true
    CROSS JOIN LATERAL jsonb_to_record(
      CASE WHEN there.id IS NOT NULL THEN line.record END)
      AS given({types(table, target.written)})
    CROSS JOIN LATERAL (SELECT {after}) after),
    kept AS (
    INSERT INTO api.import_lines (municipality_id, import_id, sheet, row, action,
      record, target_id, target_version, previous, faults, cells)
    SELECT :municipality_id, :import_id, sheet, row, action, record,
      CASE WHEN action = 'new'
        THEN nextval('{table.fullname}_id_seq') ELSE there_id END,
      there_version, CASE WHEN action = 'changed' THEN previous END,
      coalesce(faults, '[]'), cells
    FROM compared WHERE broken IS NULL ORDER BY number)
    SELECT action, broken, count(*) AS count,
      array_agg(number) FILTER (WHERE broken IS NOT NULL) AS numbers
    FROM compared GROUP BY action, broken
    """  # noqa: S608 (made of the target's own names)
