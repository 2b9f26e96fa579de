"""Check what results and lines of files name once a statement, not once a row.

A foreign key looks each row up by itself: five of them took most of the time of a large
file. Here the database looks at the distinct keys of a statement's rows, holds the rows
that they name as a foreign key does (`FOR KEY SHARE`), and refuses to remove or rename
what is named. The guarantee is the same; the errors have the names of the old keys.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alembic import op

revision: str = "20261122_keys_in_sets"
down_revision: str | None = "20261122_reminder_channels"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AS_OWNER = (
    "SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off"
)


@dataclass(frozen=True)
class Key:
    """Columns of a table, and the table and columns that they name."""

    name: str
    columns: tuple[str, ...]
    named: str
    named_columns: tuple[str, ...]


KEYS = {
    "assessment_results": (
        Key(
            "fk_assessment_results_school",
            ("municipality_id", "school_id"),
            "schools",
            ("municipality_id", "id"),
        ),
        Key(
            "fk_assessment_results_never_mixed",
            ("municipality_id", "synthetic"),
            "municipalities",
            ("id", "synthetic"),
        ),
        Key(
            "fk_assessment_results_procedure_procedures",
            ("procedure",),
            "procedures",
            ("code",),
        ),
        Key(
            "fk_assessment_results_subject_subjects",
            ("subject",),
            "subjects",
            ("code",),
        ),
        Key(
            "fk_assessment_results_import_id_imports",
            ("import_id",),
            "imports",
            ("id",),
        ),
    ),
    "import_lines": (
        Key(
            "fk_import_lines_import",
            ("municipality_id", "import_id"),
            "imports",
            ("municipality_id", "id"),
        ),
    ),
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, keys in KEYS.items():
        for statement in _of_table(table, keys):
            op.execute(statement)
        for number, key in enumerate(keys):
            for statement in _of_named(table, key, number):
                op.execute(statement)
            op.drop_constraint(op.f(key.name), table, schema="api", type_="foreignkey")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, keys in KEYS.items():
        for key in keys:
            op.create_foreign_key(
                op.f(key.name),
                table,
                key.named,
                list(key.columns),
                list(key.named_columns),
                source_schema="api",
                referent_schema="api",
            )
        op.execute(f"DROP FUNCTION tenancy.hold_named_by_{table}() CASCADE")
        for number, _ in enumerate(keys):
            op.execute(
                f"DROP FUNCTION tenancy.keep_named_by_{table}_{number}() CASCADE"
            )
        op.execute(f"DROP FUNCTION tenancy.keep_all_named_by_{table}() CASCADE")


def _of_table(table: str, keys: tuple[Key, ...]) -> Iterator[str]:
    """Yield what looks at the rows that a statement has written."""
    columns = ", ".join(sorted({column for key in keys for column in key.columns}))
    held = ",\n".join(_held(key, number) for number, key in enumerate(keys))
    broken = "\n".join(_broken(key, number) for number, key in enumerate(keys))
    yield f"""
    CREATE FUNCTION tenancy.hold_named_by_{table}() RETURNS trigger
    LANGUAGE plpgsql VOLATILE {AS_OWNER} AS $$
    DECLARE broken text;
    BEGIN
      WITH wanted AS MATERIALIZED (SELECT DISTINCT {columns} FROM written),
      {held}
      SELECT CASE {broken} END INTO broken;
      IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'a row of api.{table} names what there is not: %', broken
          USING ERRCODE = 'foreign_key_violation', CONSTRAINT = broken,
            SCHEMA = 'api', TABLE = '{table}';
      END IF;
      RETURN NULL;
    END
    $$
    """  # noqa: S608 (made of the constants above)
    for event in ("INSERT", "UPDATE"):
        yield f"""
        CREATE TRIGGER names_are_held_on_{event.lower()} AFTER {event}
        ON api.{table} REFERENCING NEW TABLE AS written
        FOR EACH STATEMENT EXECUTE FUNCTION tenancy.hold_named_by_{table}()
        """
    yield f"""
    CREATE FUNCTION tenancy.keep_all_named_by_{table}() RETURNS trigger
    LANGUAGE plpgsql VOLATILE {AS_OWNER} AS $$
    BEGIN
      IF EXISTS (SELECT 1 FROM api.{table}) THEN
        RAISE EXCEPTION 'rows of api.{table} name what is removed'
          USING ERRCODE = 'foreign_key_violation', SCHEMA = 'api', TABLE = '{table}';
      END IF;
      RETURN NULL;
    END
    $$
    """  # noqa: S608 (made of the constants above)
    for named in sorted({key.named for key in keys}):
        yield f"""
        CREATE TRIGGER all_are_named_by_{table} AFTER TRUNCATE ON api.{named}
        FOR EACH STATEMENT EXECUTE FUNCTION tenancy.keep_all_named_by_{table}()
        """


def _held(key: Key, number: int) -> str:
    """Find the rows that are named, and hold them; one that goes meanwhile is missing."""
    columns = ", ".join(key.named_columns)
    wanted = ", ".join(key.columns)
    return f"""held_{number} AS MATERIALIZED (
      SELECT {columns} FROM api.{key.named}
      WHERE ({columns}) IN (SELECT {wanted} FROM wanted)
      FOR KEY SHARE)"""  # noqa: S608 (as above)


def _broken(key: Key, number: int) -> str:
    given = " AND ".join(f"{column} IS NOT NULL" for column in key.columns)
    return f"""WHEN EXISTS (
      SELECT {", ".join(key.columns)} FROM wanted WHERE {given}
      EXCEPT SELECT {", ".join(key.named_columns)} FROM held_{number})
      THEN '{key.name}'"""  # noqa: S608 (as above)


def _of_named(table: str, key: Key, number: int) -> Iterator[str]:
    """Yield what keeps the rows that are named.

    The look for rows that name them has to see what was committed a moment ago, as
    only a transaction that reads what is committed does.
    """
    function = f"tenancy.keep_named_by_{table}_{number}()"
    trigger = f"is_named_by_{table}_{number}"
    names = " AND ".join(
        f"{here} = OLD.{there}"
        for here, there in zip(key.columns, key.named_columns, strict=True)
    )
    yield f"""
    CREATE FUNCTION {function} RETURNS trigger
    LANGUAGE plpgsql VOLATILE {AS_OWNER} AS $$
    BEGIN
      IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'rows of api.{key.named} are removed in read committed only'
          USING ERRCODE = 'feature_not_supported';
      END IF;
      IF EXISTS (SELECT 1 FROM api.{table} WHERE {names}) THEN
        RAISE EXCEPTION 'rows of api.{table} name what is removed: {key.name}'
          USING ERRCODE = 'foreign_key_violation', CONSTRAINT = '{key.name}',
            SCHEMA = 'api', TABLE = '{table}';
      END IF;
      RETURN NULL;
    END
    $$
    """  # noqa: S608 (made of the constants above)
    yield f"""
    CREATE TRIGGER {trigger}_on_delete AFTER DELETE ON api.{key.named}
    FOR EACH ROW EXECUTE FUNCTION {function}
    """
    old = ", ".join(f"OLD.{column}" for column in key.named_columns)
    new = ", ".join(f"NEW.{column}" for column in key.named_columns)
    yield f"""
    CREATE TRIGGER {trigger}_on_update AFTER UPDATE ON api.{key.named}
    FOR EACH ROW WHEN (ROW({old}) IS DISTINCT FROM ROW({new}))
    EXECUTE FUNCTION {function}
    """
