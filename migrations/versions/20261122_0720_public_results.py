"""Give the public sums of results, and no rows."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_public_results"
down_revision: str | None = "20261122_surveys_scores_risks"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SIGNATURES = (
    "tenancy.public_municipalities()",
    "tenancy.public_results(bigint, integer)",
)

# The public is in no tenant: it sees no row of any table, only what these return.
FUNCTIONS = (
    """
    CREATE FUNCTION tenancy.public_municipalities()
    RETURNS TABLE (id bigint, code text, name text, synthetic boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
      SELECT m.id, m.code, m.name, m.synthetic FROM api.municipalities m ORDER BY m.id
    $$
    """,
    """
    CREATE FUNCTION tenancy.public_results(wanted bigint, wanted_year integer)
    RETURNS TABLE (procedure text, subject text, programme_grade integer,
      school_id bigint, school_name text, failed bigint, satisfactory bigint,
      good bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
      SELECT r.procedure, r.subject, r.programme_grade::integer, s.id, s.name,
        sum(r.n2)::bigint, sum(r.n3)::bigint, sum(r.n4 + r.n5)::bigint
      FROM api.assessment_results r
        JOIN api.schools s ON s.id = r.school_id
        JOIN api.procedures p ON p.code = r.procedure
      WHERE r.municipality_id = wanted AND r.academic_year = wanted_year AND p.marked
      GROUP BY r.procedure, r.subject, r.programme_grade, s.id, s.name
      ORDER BY r.procedure, r.subject, r.programme_grade, s.id
    $$
    """,
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in FUNCTIONS:
        op.execute(statement)
    for signature in SIGNATURES:
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO api")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for signature in SIGNATURES:
        op.execute(f"DROP FUNCTION {signature}")
