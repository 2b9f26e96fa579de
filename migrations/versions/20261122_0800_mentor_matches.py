"""Keep which offer of the bank answers which request, by which agreement."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_mentor_matches"
down_revision: str | None = "20261122_tandems"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

VISIBLE_AGREEMENT = (
    "EXISTS (SELECT 1 FROM api.mentoring_agreements a WHERE a.id = agreement_id)"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.alter_column("mentor_requests", "status", server_default="open", schema="api")
    op.create_table(
        "mentor_matches",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("offer_id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["api.mentoring_agreements.id"],
            name=op.f("fk_mentor_matches_agreement_id_mentoring_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_mentor_matches_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["api.mentor_offers.id"],
            name=op.f("fk_mentor_matches_offer_id_mentor_offers"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["api.mentor_requests.id"],
            name=op.f("fk_mentor_matches_request_id_mentor_requests"),
        ),
        sa.ForeignKeyConstraint(
            ["subject"],
            ["api.subjects.code"],
            name=op.f("fk_mentor_matches_subject_subjects"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_matches")),
        sa.UniqueConstraint(
            "agreement_id", name=op.f("uq_mentor_matches_agreement_id")
        ),
        schema="api",
    )
    for column in ("offer_id", "request_id"):
        op.create_index(
            op.f(f"ix_mentor_matches_{column}"),
            "mentor_matches",
            [column],
            schema="api",
        )
    op.execute("ALTER TABLE api.mentor_matches ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON api.mentor_matches USING ({VISIBLE_AGREEMENT})"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("mentor_matches", schema="api")
    op.alter_column("mentor_requests", "status", server_default=None, schema="api")
