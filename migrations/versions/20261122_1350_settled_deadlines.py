"""Let the notifier hold deadlines while it puts reminders of them into inboxes."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_settled_deadlines"
down_revision: str | None = "20261122_programme_reports"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SIGNATURE = "tenancy.hold_deadlines(ids bigint[])"
# It never waits for who is changing them, and so nobody can wait for each other.
HOLD = """
CREATE FUNCTION tenancy.hold_deadlines(ids bigint[]) RETURNS SETOF bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET row_security = off
AS $$
  WITH held AS (
    SELECT id FROM api.deadlines WHERE id = ANY (ids) FOR SHARE SKIP LOCKED
  )
  SELECT d.id FROM api.deadlines d
  WHERE d.id = ANY (ids) AND NOT EXISTS (SELECT FROM held WHERE held.id = d.id)
$$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(HOLD)
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO notifier")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
