"""Let a school read results of those it comes from, from the day it took over."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_predecessors_read"
down_revision: str | None = "20261122_exchange"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AS_OWNER = (
    "SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off"
)
SIGNATURE = "tenancy.predecessor_schools()"
# The day is that of the municipality; whoever was met already adds nothing.
PREDECESSORS = f"""
CREATE FUNCTION {SIGNATURE} RETURNS bigint[]
LANGUAGE sql STABLE {AS_OWNER}
AS $$
  WITH RECURSIVE steps AS (
    SELECT l.predecessor_id, l.successor_id FROM api.school_lineage l
      JOIN api.reorganisations r ON r.id = l.reorganisation_id
      JOIN api.municipalities m ON m.id = r.municipality_id
    WHERE r.takes_effect_on <= (tenancy.clock_now() AT TIME ZONE m.time_zone)::date
  ), before AS (
    SELECT predecessor_id AS id FROM steps WHERE successor_id = tenancy.school_id()
    UNION
    SELECT steps.predecessor_id FROM steps JOIN before ON steps.successor_id = before.id
  )
  SELECT coalesce(array_agg(id), '{{}}'::bigint[]) FROM before
$$
"""
# Asked for those who speak for a school only; of others there is nothing to look up.
MINE = (
    "(SELECT tenancy.school_id()) IS NOT NULL"
    f" AND {{column}} = ANY ((SELECT {SIGNATURE})::bigint[])"
)
TABLES = {"api.assessment_results": "school_id", "api.schools": "id"}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(PREDECESSORS)
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    # The other services read the same tables, under the same policies.
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO api, scoring, notifier")
    for table, column in TABLES.items():
        condition = MINE.format(column=column)
        op.execute(
            f"CREATE POLICY successor ON {table} FOR SELECT USING ({condition})"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        op.execute(f"DROP POLICY successor ON {table}")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
