"""The SQL for the lines of a file that make something new, wherever they are kept."""

from services.api.imports.run_statements import LINES_IN_RUNS, runs_with, value_of
from services.api.imports.statement_parts import given, json_of
from services.api.imports.targets import TargetTable

_NEW = "import_id = :import_id AND action = 'new'"
_OF_LINE = ("municipality_id", "import_id", "sheet", "row", "target_id")


def new_lines(target: TargetTable) -> str:
    """Return SQL for each new `line`, and what is `given` there by columns."""
    if not target.in_runs:
        lines = f"SELECT * FROM api.import_lines WHERE {_NEW}"  # noqa: S608 (constant)
        return f"({lines}) line {given(target)}"
    names = (*target.key, *target.written)
    return f"""(
    SELECT {", ".join(f"line.{name}" for name in _OF_LINE)},
      {", ".join(f"given.{name}" for name in names)}
    FROM (SELECT * FROM api.import_lines WHERE {_NEW}) line {given(target)}
    UNION ALL
    SELECT run.municipality_id, run.import_id, run.sheet, line.row, line.target_id,
      {", ".join(f"{value_of(name)} AS {name}" for name in names)}
    FROM {runs_with(*names)} WHERE run.import_id = :import_id) line
    CROSS JOIN LATERAL (SELECT line.*) given"""  # noqa: S608 (made of the target's own names)


def told_lines(target: TargetTable) -> str:
    """Return SQL for each new `line` with `school_id`, and what it has `told` as JSON.

    It has a school of null where rows of the table are of none.
    """
    school = "NULL" if "school_id" not in target.table.c else "record ->> 'school_id'"
    lines = f"""
    SELECT municipality_id, target_id, CAST({school} AS bigint) AS school_id,
      record::text AS told
    FROM api.import_lines WHERE {_NEW}"""  # noqa: S608 (made of the target's own names)
    if target.in_runs:
        lines += f"""
    UNION ALL
    SELECT run.municipality_id, line.target_id, line.school_id, {_told(target)}
    FROM {runs_with(*target.key, *target.written)}
    WHERE run.import_id = :import_id"""  # noqa: S608 (made of the target's own names)
    return f"({lines}) line"


def new_numbers(target: TargetTable) -> str:
    """Return SQL for the `target_id` of each new `line`."""
    lines = f"SELECT target_id FROM api.import_lines WHERE {_NEW}"  # noqa: S608 (see above)
    if target.in_runs:
        lines += (
            " UNION ALL SELECT unnest(target_ids) FROM api.import_runs"
            " WHERE import_id = :import_id"
        )
    return f"({lines}) line"


def written_lines(target: TargetTable) -> str:
    """Return SQL for each `line` that writes something, as those kept singly."""
    names = (
        "id, import_id, sheet, row, action, record, target_id, target_version, previous"
    )
    lines = f"""SELECT {names} FROM api.import_lines
    WHERE import_id = :import_id AND action IN ('new', 'changed')"""  # noqa: S608 (see above)
    if target.in_runs:
        in_runs = f"SELECT {names} FROM ({LINES_IN_RUNS}) line"  # noqa: S608 (constant)
        lines += f" UNION ALL {in_runs}"
    return f"({lines}) line"


def _told(target: TargetTable) -> str:
    # Of what is nowhere stated, nothing is told; the school stands beside.
    names = [
        name
        for name in (*target.key, *target.written)
        if name not in ("school_id", "written_on")
    ]
    parts = (
        f"""'"{name}":', CAST({json_of(target, name, value_of(name))} AS text)"""
        for name in names
    )
    return f"""concat('{{', {", ',', ".join(parts)}, '}}')"""
