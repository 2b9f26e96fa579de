"""The SQL for new lines that are kept in columns: a row of `import_runs` for many.

Lines of marks make up the large files. In columns they take a tenth of the room and of
the work that JSON takes for each.
"""

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB

# What each line has a value of its own for: its column of a run, and its type.
_OF_EACH = {
    "school_id": ("school_ids", "bigint"),
    "subject": ("subjects", "text"),
    "academic_year": ("academic_years", "smallint"),
    "programme_grade": ("programme_grades", "smallint"),
    "pupil_grade": ("pupil_grades", "smallint"),
    "n": ("n", "bigint"),
    "n2": ("n2", "bigint"),
    "n3": ("n3", "bigint"),
    "n4": ("n4", "bigint"),
    "n5": ("n5", "bigint"),
    "percentages": ("percentages", "jsonb"),
}
_KEY = ("school_id", "subject", "academic_year", "programme_grade", "pupil_grade")
# What all lines of a run have in common.
_OF_ALL = {
    "procedure": "run.procedure",
    "wave": "run.wave",
    "written_on": "CAST(NULL AS date)",
    "counts_rebuilt": "true",
}
_LISTS = ("line_ids", "rows", "target_ids", *(name for name, _ in _OF_EACH.values()))


def _given(name: str) -> str:
    _, kind = _OF_EACH[name]
    sent = f"CAST(:{name} AS {'text' if kind == 'jsonb' else kind}[])"
    return f"CAST({sent} AS {kind}[])"


def _numbers(sequence: str) -> str:
    taken = f"SELECT nextval('{sequence}') FROM unnest(CAST(:row AS bigint[]))"  # noqa: S608 (of a table here)
    return f"ARRAY({taken})"


# Nothing is written where one of the keys is there already: then it changes something.
KEEP_RUN = text(
    f"""
    INSERT INTO api.import_runs (municipality_id, import_id, sheet, procedure, wave,
      line_count, last_line, {", ".join(_LISTS)})
    SELECT :municipality_id, :import_id, :sheet, :procedure, :wave,
      cardinality(line_ids), line_ids[cardinality(line_ids)], line_ids,
      CAST(:row AS bigint[]), {_numbers("api.assessment_results_id_seq")},
      {", ".join(map(_given, _OF_EACH))}
    FROM (SELECT {_numbers("api.import_lines_id_seq")} AS line_ids) numbered
    WHERE NOT EXISTS (
      SELECT FROM unnest({", ".join(map(_given, _KEY))}) AS key({", ".join(_KEY)})
      CROSS JOIN LATERAL (SELECT FROM api.assessment_results there
        WHERE there.municipality_id = :municipality_id
          AND there.procedure = :procedure AND there.wave = :wave
          AND {" AND ".join(f"there.{name} = key.{name}" for name in _KEY)}
          AND there.written_on IS NULL LIMIT 1) there)
    RETURNING id
    """  # noqa: S608 (made of the names above)
)


def value_of(name: str) -> str:
    """Return SQL for a column of a `line` of `runs_with` it."""
    return f"line.{name}" if name in _OF_EACH else _OF_ALL[name]


def runs_with(*names: str, runs: str = "api.import_runs") -> str:
    """Return SQL for each `run`, with each `line` of it that has these columns."""
    each = [name for name in names if name in _OF_EACH]
    lists = ", ".join(f"run.{_OF_EACH[name][0]}" for name in each)
    return (
        f"{runs} run CROSS JOIN LATERAL unnest(run.line_ids, run.rows, run.target_ids,"
        f" {lists}) AS line(id, row, target_id, {', '.join(each)})"
    )


_ALL = (*_OF_EACH, *_OF_ALL)
_VALUES = ", ".join(f"'{name}', {value_of(name)}" for name in _ALL)
# The lines of a file's runs, as those of `import_lines`.
LINES_IN_RUNS = f"""
SELECT line.id, run.municipality_id, run.import_id, run.sheet, line.row,
  'new' AS action, jsonb_build_object({_VALUES}) AS record, line.target_id,
  CAST(NULL AS bigint) AS target_version, CAST(NULL AS jsonb) AS previous
FROM {runs_with(*_ALL)} WHERE run.import_id = :import_id
"""  # noqa: S608 (made of the names above)
YEARS_OF_RUNS = """
SELECT DISTINCT line.school_id, line.academic_year FROM api.import_runs run
CROSS JOIN LATERAL unnest(run.school_ids, run.academic_years)
  AS line(school_id, academic_year)
WHERE run.import_id = :import_id
"""
UNFOLD_RUNS = text(
    f"""
    WITH unfolded AS (
    INSERT INTO api.import_lines (id, municipality_id, import_id, sheet, row, action,
      record, target_id, faults)
    SELECT id, municipality_id, import_id, sheet, row, action, record, target_id, '[]'
    FROM ({LINES_IN_RUNS}) line)
    DELETE FROM api.import_runs WHERE import_id = :import_id
    """  # noqa: S608 (made of the names above)
)
# As many runs as the page needs are unfolded: how many lines each has stands beside.
_RUNS_OF_PAGE = """(
  SELECT *, sum(line_count) OVER earlier - line_count AS lines_before,
    first_value(line_count) OVER earlier AS lines_of_first
  FROM api.import_runs WHERE import_id = :import_id AND last_line > :after
  WINDOW earlier AS (ORDER BY last_line))"""
PAGE_OF_RUNS = text(
    f"""
    SELECT line.id, run.sheet, line.row, 'new' AS action,
      jsonb_build_object({_VALUES}) AS record, line.target_id,
      CAST(NULL AS jsonb) AS cells, CAST('[]' AS jsonb) AS faults
    FROM (SELECT run.sheet, run.procedure, run.wave, line.*
      FROM {runs_with(*_ALL, runs=_RUNS_OF_PAGE)}
      WHERE line.id > :after AND run.lines_before - run.lines_of_first < :limit
      ORDER BY line.id LIMIT :limit) page
    CROSS JOIN LATERAL (SELECT page.*) run CROSS JOIN LATERAL (SELECT page.*) line
    ORDER BY line.id
    """  # noqa: S608 (made of the names above)
).columns(record=JSONB, cells=JSONB, faults=JSONB)
