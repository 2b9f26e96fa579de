"""Keep uploaded tables of plans, with what committing each would do."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_plan_imports"
down_revision: str | None = "20261122_reminder_messages"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
NO_SCHOOL = "(SELECT tenancy.school_id()) IS NULL"
TABLE = "plan_imports"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("preview", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("amendment_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "plan in ('plan', 'roadmap', 'cyclogram')",
            name=op.f("ck_plan_imports_plan"),
        ),
        sa.CheckConstraint(
            "(committed_at is null) = (outcome is null)",
            name=op.f("ck_plan_imports_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["amendment_id"],
            ["api.programme_amendments.id"],
            name=op.f("fk_plan_imports_amendment_id_programme_amendments"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["api.users.id"],
            name=op.f("fk_plan_imports_created_by_users"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_plan_imports_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["api.programmes.id"],
            name=op.f("fk_plan_imports_programme_id_programmes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_imports")),
        schema="api",
    )
    op.create_index(
        "ix_plan_imports_programme_id", TABLE, ["programme_id"], schema="api"
    )
    op.execute(f"ALTER TABLE api.{TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON api.{TABLE} USING ({IN_MUNICIPALITY} AND {NO_SCHOOL})"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table(TABLE, schema="api")
