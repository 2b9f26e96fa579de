"""Keep reports of programmes as they were filed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_programme_reports"
down_revision: str | None = "20261122_webhooks"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

POLICY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
    " AND (SELECT tenancy.school_id()) IS NULL"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "programme_reports",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("order_on", sa.Date(), nullable=False),
        sa.Column("previous_id", sa.BigInteger()),
        sa.Column("frozen_by", sa.BigInteger(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("methods", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("document_sha256", sa.Text(), nullable=False),
        sa.Column("workbook", sa.LargeBinary(), nullable=False),
        sa.Column("workbook_sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["frozen_by"],
            ["api.users.id"],
            name=op.f("fk_programme_reports_frozen_by_users"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_programme_reports_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"],
            ["api.programme_reports.id"],
            name=op.f("fk_programme_reports_previous_id_programme_reports"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["api.programmes.id"],
            name=op.f("fk_programme_reports_programme_id_programmes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_reports")),
        sa.UniqueConstraint(
            "programme_id",
            "year",
            "order_number",
            "order_on",
            name=op.f("uq_programme_reports_programme_id_year_order_number_order_on"),
        ),
        schema="api",
    )
    op.execute("ALTER TABLE api.programme_reports ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON api.programme_reports USING ({POLICY})")
    # What was filed stays: nobody who serves requests can change or remove it.
    op.execute("REVOKE UPDATE, DELETE ON api.programme_reports FROM api")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("programme_reports", schema="api")
