"""The SQL of a target: made from its description, once, and from nothing else.

Records are JSON by columns of the table. A figure whose key a record does not have is
left alone; `given` is the record as columns.
"""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Table, TextClause, text
from sqlalchemy.dialects import postgresql

from services.api.imports.targets import TargetTable
from shared.persistence.audit import BULK_ORIGIN, BULK_TARGET

_SOURCE = {
    "import_id": "line.import_id",
    "import_sheet": "line.sheet",
    "import_row": "line.row",
}


@dataclass(frozen=True, slots=True)
class Statements:
    """What is done with lines of a file and rows of a table, in sets."""

    compare: TextClause
    insert: TextClause
    update: TextClause
    count_unchanged: TextClause
    find_changed_since: TextClause
    restore: TextClause
    remove: TextClause


@lru_cache
def statements_of(target: TargetTable) -> Statements:
    """Return the statements of a target."""
    return Statements(
        compare=text(_compare(target)),
        insert=text(_insert(target)),
        update=text(_update(target)),
        count_unchanged=text(_count_unchanged(target)),
        find_changed_since=text(_find_changed_since(target)),
        restore=text(_restore(target)),
        remove=text(_remove(target)),
    )


def _compare(target: TargetTable) -> str:
    """Write lines with what committing them does; return counts and broken rules.

    A line that breaks a rule is not written: its number in the batch is returned.
    """
    table = target.table
    key = " AND ".join(
        f"there.{name} "
        + ("IS NOT DISTINCT FROM" if table.c[name].nullable else "=")
        + f" given.{name}"
        for name in target.key
    )
    after = ", ".join(
        f"CASE WHEN record ? '{name}' THEN given.{name} ELSE there.{name} END AS {name}"
        for name in target.figures
    )
    rules = " ".join(
        f"WHEN NOT ({rule.condition}) THEN {number}"
        for number, rule in enumerate(target.rules)
    )
    broken = f"CASE {rules} END" if rules else "NULL::int"
    restored = (*target.written, *(_SOURCE if target.keeps_source else ()))
    previous = ", ".join(f"'{name}', there.{name}" for name in restored)
    return f"""
    WITH line AS MATERIALIZED (
    SELECT number, sheet, row, CAST(record AS jsonb) AS keyed,
      CAST(when_new AS jsonb) AS when_new, CAST(faults AS jsonb) AS faults,
      CAST(cells AS jsonb) AS cells
    FROM unnest(CAST(:sheets AS text[]), CAST(:rows AS bigint[]),
      CAST(:records AS text[]), CAST(:when_new AS text[]), CAST(:faults AS text[]),
      CAST(:cells AS text[])) WITH ORDINALITY
      AS line(sheet, row, record, when_new, faults, cells, number)),
    compared AS MATERIALIZED (
    SELECT line.*, there.id AS there_id, there.version AS there_version,
      effective.record, CASE WHEN keyed IS NULL THEN 'bad' WHEN there.id IS NULL
        THEN 'new' WHEN {_is_same(target, "there", "record")} THEN 'unchanged'
        ELSE 'changed' END AS action,
      CASE WHEN keyed IS NOT NULL THEN {broken} END AS broken,
      jsonb_build_object({previous}) AS previous
    FROM line
    CROSS JOIN LATERAL jsonb_to_record(keyed) AS key({_types(table, target.key)})
    LEFT JOIN {table.fullname} there ON there.municipality_id = :municipality_id
      AND {key.replace("given.", "key.")}
    CROSS JOIN LATERAL (SELECT CASE WHEN there.id IS NULL
      THEN coalesce(when_new, '{{}}') || keyed ELSE keyed END AS record) effective
    CROSS JOIN LATERAL jsonb_to_record(record)
      AS given({_types(table, target.written)})
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
    SELECT action, broken, count(*), array_agg(number) FILTER (WHERE broken IS NOT NULL)
    FROM compared GROUP BY action, broken
    """  # noqa: S608 (made of the target's own names)


def _insert(target: TargetTable) -> str:
    # In the order of the key, so that two files meet at their rows in the same order.
    values = {
        **{name: f"given.{name}" for name in target.key},
        **{name: _or_default(target, name) for name in target.written},
        **(_SOURCE if target.keeps_source else {}),
        **target.when_new,
        **target.when_written,
    }
    order = ", ".join(f"given.{name}" for name in target.key)
    created = ", ".join(
        f"'{name}', CASE WHEN result.{name} IS NOT NULL"
        f" THEN jsonb_build_array(NULL, result.{name}) END"
        for name in (*target.key, *target.figures)
        if name != "school_id"
    )
    return f"""
    WITH result AS (
    INSERT INTO {target.table.fullname} (id, municipality_id, version,
      {", ".join(values)})
    SELECT line.target_id, line.municipality_id, 1, {", ".join(values.values())}
    FROM api.import_lines line
    JOIN api.municipalities municipality ON municipality.id = line.municipality_id
    {_given(target)}
    WHERE line.import_id = :import_id AND line.action = 'new'
    ORDER BY {order}
    ON CONFLICT ON CONSTRAINT {target.constraint} DO NOTHING
    RETURNING *)
    {_audit(target, "create", f"jsonb_strip_nulls(jsonb_build_object({created}))")}
    """  # noqa: S608 (made of the target's own names)


def _update(target: TargetTable) -> str:
    # The old figures come from a second look at the table: joining what was updated to
    # it afterwards would be planned without knowing how many rows that is.
    values = {
        **{name: _kept_or_given(target, name) for name in target.written},
        **(_SOURCE if target.keeps_source else {}),
        **target.when_written,
    }
    return f"""
    WITH result AS (
    UPDATE {target.table.fullname} result
    SET version = result.version + 1,
      {", ".join(f"{name} = {value}" for name, value in values.items())}
    FROM api.import_lines line
    JOIN {target.table.fullname} before ON before.id = line.target_id
    JOIN api.municipalities municipality ON municipality.id = line.municipality_id
    {_given(target)}
    WHERE line.import_id = :import_id AND line.action = 'changed'
      AND result.id = before.id AND result.version = line.target_version
    RETURNING result.*, {_differences(target)} AS changes)
    {_audit(target, "update", "result.changes")}
    """  # noqa: S608 (made of the target's own names)


def _count_unchanged(target: TargetTable) -> str:
    return f"""
    SELECT count(*) FROM api.import_lines line
    JOIN {target.table.fullname} there
      ON there.id = line.target_id AND there.version = line.target_version
    WHERE line.import_id = :import_id AND line.action = 'unchanged'
    """  # noqa: S608 (made of the target's own names)


def _find_changed_since(target: TargetTable) -> str:
    """Find lines whose rows are no longer as the import left them.

    A row is also as the import left it where what came later has been undone.
    """
    is_own = "false"
    later = "NULL::bigint"
    if target.keeps_source:
        same = _is_same(target, "there", "line.record")
        is_own = (
            "there.import_id = line.import_id AND there.import_sheet = line.sheet"
            f" AND there.import_row = line.row AND {same}"
        )
        later = "nullif(there.import_id, line.import_id)"
    return f"""
    SELECT line.sheet, line.row, {later} AS later_import, there.id,
      count(*) OVER () AS total
    FROM api.import_lines line
    LEFT JOIN {target.table.fullname} there ON there.id = line.target_id
    {_given(target)}
    WHERE line.import_id = :import_id AND line.action IN ('new', 'changed')
      AND (there.id IS NULL OR NOT (
        there.version = coalesce(line.target_version, 0) + 1
        OR coalesce({is_own}, false)))
    ORDER BY line.id LIMIT :limit
    """  # noqa: S608 (made of the target's own names)


def _restore(target: TargetTable) -> str:
    restored = (*target.written, *(_SOURCE if target.keeps_source else ()))
    values = {
        **{name: f"old.{name}" for name in restored},
        **target.when_written,
    }
    return f"""
    WITH result AS (
    UPDATE {target.table.fullname} result
    SET version = result.version + 1,
      {", ".join(f"{name} = {value}" for name, value in values.items())}
    FROM api.import_lines line
    JOIN {target.table.fullname} before ON before.id = line.target_id
    JOIN api.municipalities municipality ON municipality.id = line.municipality_id
    CROSS JOIN LATERAL jsonb_to_record(line.previous)
      AS old({_types(target.table, restored)})
    WHERE line.import_id = :import_id AND line.action = 'changed'
      AND result.id = before.id
    RETURNING result.*, {_differences(target)} AS changes)
    {_audit(target, "update", "result.changes")}
    """  # noqa: S608 (made of the target's own names)


def _remove(target: TargetTable) -> str:
    removed = ", ".join(
        f"'{name}', CASE WHEN result.{name} IS NOT NULL"
        f" THEN jsonb_build_array(result.{name}, NULL) END"
        for name in (*target.key, *target.figures)
        if name != "school_id"
    )
    return f"""
    WITH result AS (
    DELETE FROM {target.table.fullname} result USING api.import_lines line
    WHERE line.import_id = :import_id AND line.action = 'new'
      AND result.id = line.target_id
    RETURNING result.*)
    {_audit(target, "delete", f"jsonb_strip_nulls(jsonb_build_object({removed}))")}
    """  # noqa: S608 (made of the target's own names)


def _given(target: TargetTable) -> str:
    types = _types(target.table, (*target.key, *target.written))
    return f"CROSS JOIN LATERAL jsonb_to_record(line.record) AS given({types})"


def _types(table: Table, names: tuple[str, ...]) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return ", ".join(f"{name} {table.c[name].type.compile(dialect)}" for name in names)


def _is_same(target: TargetTable, row: str, record: str) -> str:
    return " AND ".join(
        f"(NOT {record} ? '{name}' OR {row}.{name} IS NOT DISTINCT FROM given.{name})"
        for name in target.figures
    )


def _or_default(target: TargetTable, name: str) -> str:
    default = target.defaults.get(name)
    return f"given.{name}" if default is None else f"coalesce(given.{name}, {default})"


def _kept_or_given(target: TargetTable, name: str) -> str:
    given = _or_default(target, name)
    if name in target.merged:
        given = f"coalesce(result.{name}, '{{}}') || {given}"
    return f"CASE WHEN line.record ? '{name}' THEN {given} ELSE result.{name} END"


def _differences(target: TargetTable) -> str:
    pairs = ", ".join(
        f"'{name}', CASE WHEN before.{name} IS DISTINCT FROM result.{name}"
        f" THEN jsonb_build_array(before.{name}, result.{name}) END"
        for name in target.figures
    )
    return f"jsonb_strip_nulls(jsonb_build_object({pairs}))"


def _audit(target: TargetTable, action: str, changes: str) -> str:
    school = "result.school_id" if "school_id" in target.table.c else "NULL::bigint"
    return f"""
    INSERT INTO {BULK_TARGET}
    SELECT result.municipality_id, {school}, '{target.entity}', result.id, '{action}',
      {changes}, {BULK_ORIGIN}
    FROM result
    """  # noqa: S608 (made of the target's own names)
