"""Keep what came of an agreement in the end, and the meetings held under it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_agreement_evaluation"
down_revision: str | None = "20261122_mentor_matches"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The subquery is itself under the policy of mentoring_agreements.
VISIBLE_AGREEMENT = (
    "EXISTS (SELECT 1 FROM api.mentoring_agreements a WHERE a.id = agreement_id)"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "mentoring_agreements",
        sa.Column("evaluation", postgresql.JSONB()),
        schema="api",
    )
    op.create_table(
        "agreement_meetings",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("noted_by", sa.BigInteger(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_agreement_meetings_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["api.mentoring_agreements.id"],
            name=op.f("fk_agreement_meetings_agreement_id_mentoring_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["noted_by"],
            ["api.users.id"],
            name=op.f("fk_agreement_meetings_noted_by_users"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_meetings")),
        schema="api",
    )
    op.create_index(
        op.f("ix_agreement_meetings_agreement_id"),
        "agreement_meetings",
        ["agreement_id", "id"],
        schema="api",
    )
    op.execute("ALTER TABLE api.agreement_meetings ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON api.agreement_meetings USING ({VISIBLE_AGREEMENT})"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("agreement_meetings", schema="api")
    op.drop_column("mentoring_agreements", "evaluation", schema="api")
