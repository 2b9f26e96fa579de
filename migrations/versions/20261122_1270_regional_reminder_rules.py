"""Let regions decide about reminder rules, above their municipalities."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_regional_reminder_rules"
down_revision: str | None = "20261122_imports_of_schools"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "regional_reminder_rules"
WRITTEN = "(SELECT tenancy.sees_all()) OR region_id = (SELECT tenancy.own_region())"
# The subquery is itself under the policy of municipalities.
SEEN = f"{WRITTEN} OR region_id IN (SELECT m.region_id FROM api.municipalities m)"
# What was decided for the region concerns those who are for all of it.
AUDITED = f"""
municipality_id IS NULL AND entity = '{TABLE}'
  AND entity_id = (SELECT tenancy.own_region())
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column(
            "document",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
        ),
        sa.Column("written_by", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"],
            ["api.regions.id"],
            name=op.f("fk_regional_reminder_rules_region_id_regions"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"],
            ["api.users.id"],
            name=op.f("fk_regional_reminder_rules_written_by_users"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regional_reminder_rules")),
        sa.UniqueConstraint(
            "region_id",
            "kind",
            "version",
            name="uq_regional_reminder_rules_version",
            postgresql_nulls_not_distinct=True,
        ),
        schema="api",
    )
    op.execute(f"ALTER TABLE api.{TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY seen ON api.{TABLE} FOR SELECT USING ({SEEN})")
    op.execute(f"CREATE POLICY made ON api.{TABLE} FOR INSERT WITH CHECK ({WRITTEN})")
    op.execute(
        "CREATE POLICY regional_rules ON api.audit_entries"
        f" FOR SELECT USING ({AUDITED})"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP POLICY regional_rules ON api.audit_entries")
    op.drop_table(TABLE, schema="api")
