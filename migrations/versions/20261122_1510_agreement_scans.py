"""Keep scans of signed agreements."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_agreement_scans"
down_revision: str | None = "20261122_access_reviews"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Whoever sees the agreement sees what belongs to it.
POLICY = "EXISTS (SELECT 1 FROM api.mentoring_agreements a WHERE a.id = agreement_id)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "agreement_scans",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "octet_length(sha256) = 32", name=op.f("ck_agreement_scans_sha256")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_agreement_scans_size")),
        sa.ForeignKeyConstraint(
            ["added_by"],
            ["api.users.id"],
            name=op.f("fk_agreement_scans_added_by_users"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["api.mentoring_agreements.id"],
            name=op.f("fk_agreement_scans_agreement_id_mentoring_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_agreement_scans_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_scans")),
        schema="api",
    )
    op.create_index(
        "ix_agreement_scans_agreement_id",
        "agreement_scans",
        ["agreement_id", "id"],
        unique=False,
        schema="api",
    )
    op.create_index(
        "ix_agreement_scans_sha256",
        "agreement_scans",
        ["sha256"],
        unique=False,
        schema="api",
    )
    op.execute("ALTER TABLE api.agreement_scans ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON api.agreement_scans USING ({POLICY})")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("agreement_scans", schema="api")
