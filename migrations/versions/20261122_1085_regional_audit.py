"""Show regional analysts what was done with the methods of their region."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_regional_audit"
down_revision: str | None = "20261122_suggested_requests"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OWN_REGION = "region_id = (SELECT tenancy.own_region())"
# Of a draft that was deleted there is no row any more: its author still sees it.
REGIONAL = f"""
municipality_id IS NULL AND (SELECT tenancy.own_region()) IS NOT NULL AND (
  entity = 'method' AND (actor_id = (SELECT tenancy.user_id())
    OR entity_id IN (SELECT m.id FROM api.methods m WHERE m.{OWN_REGION}))
  OR entity = 'method_period' AND (actor_id = (SELECT tenancy.user_id())
    OR entity_id IN (SELECT p.id FROM api.method_periods p WHERE p.{OWN_REGION}))
)
"""  # noqa: S608 (made of constants)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        f"CREATE POLICY regional ON api.audit_entries FOR SELECT USING ({REGIONAL})"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP POLICY regional ON api.audit_entries")
