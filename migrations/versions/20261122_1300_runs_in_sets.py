"""Check whose run rows are of once a statement, not once a row.

A foreign key looks each row up by itself, which took half of the time of writing what a
run came to. Here the database looks at the distinct runs of a statement's rows, and
refuses to remove a run that has rows. Figures, which had no check at all, get it too.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_runs_in_sets"
down_revision: str | None = "20261122_reminder_keys"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CHECKED = (
    "identification_evidence",
    "identifications",
    "objectivity_findings",
    "ranking_places",
    "school_conditions",
    "school_scores",
)
TABLES = ("figures", *CHECKED)
AS_OWNER = (
    "SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"""
    CREATE FUNCTION tenancy.rows_are_of_runs() RETURNS trigger
    LANGUAGE plpgsql VOLATILE {AS_OWNER} AS $$
    BEGIN
      IF EXISTS (SELECT DISTINCT run_id FROM written EXCEPT SELECT id FROM scoring.runs)
      THEN
        RAISE EXCEPTION 'a row of scoring.% is of no run', TG_TABLE_NAME
          USING ERRCODE = 'foreign_key_violation', SCHEMA = 'scoring',
            TABLE = TG_TABLE_NAME;
      END IF;
      RETURN NULL;
    END
    $$
    """)
    for table in TABLES:
        for event in ("INSERT", "UPDATE"):
            op.execute(f"""
            CREATE TRIGGER are_of_runs_on_{event.lower()} AFTER {event}
            ON scoring.{table} REFERENCING NEW TABLE AS written
            FOR EACH STATEMENT EXECUTE FUNCTION tenancy.rows_are_of_runs()
            """)
    for table in CHECKED:
        op.drop_constraint(
            op.f(f"fk_{table}_run_id_runs"), table, schema="scoring", type_="foreignkey"
        )
    rows = "\nUNION ALL ".join(
        f"SELECT FROM removed r WHERE EXISTS (SELECT FROM scoring.{table} t"  # noqa: S608 (the constants above)
        " WHERE t.run_id = r.id)"
        for table in TABLES
    )
    op.execute(f"""
    CREATE FUNCTION tenancy.runs_have_no_rows() RETURNS trigger
    LANGUAGE plpgsql VOLATILE {AS_OWNER} AS $$
    BEGIN
      IF EXISTS ({rows}) THEN
        RAISE EXCEPTION 'a run is removed that has rows'
          USING ERRCODE = 'foreign_key_violation', SCHEMA = 'scoring', TABLE = 'runs';
      END IF;
      RETURN NULL;
    END
    $$
    """)
    op.execute("""
    CREATE TRIGGER have_no_rows AFTER DELETE ON scoring.runs
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION tenancy.runs_have_no_rows()
    """)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION tenancy.runs_have_no_rows() CASCADE")
    op.execute("DROP FUNCTION tenancy.rows_are_of_runs() CASCADE")
    for table in CHECKED:
        op.create_foreign_key(
            op.f(f"fk_{table}_run_id_runs"),
            table,
            "runs",
            ["run_id"],
            ["id"],
            source_schema="scoring",
            referent_schema="scoring",
        )
