"""Keep published rankings, and the objections of schools to their drafts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_ranking_publications"
down_revision: str | None = "20261122_school_scores"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
POLICIES = {
    "ranking_publications": IN_MUNICIPALITY,
    "ranking_objections": f"{IN_MUNICIPALITY} AND {OWN_SCHOOL}",
}


def create_publications() -> None:
    op.create_table(
        "ranking_publications",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("academic_year", sa.BigInteger(), nullable=False),
        sa.Column("rows_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("objections_from", sa.Date(), nullable=False),
        sa.Column("objections_until", sa.Date(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_number", sa.Text()),
        sa.Column("order_on", sa.Date()),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawal_order", sa.Text()),
        sa.Column("withdrawal_reason", sa.Text()),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at is not null) and (withdrawn_at is null) = (withdrawal_reason is null)",
            name=op.f("ck_ranking_publications_withdrawn"),
        ),
        sa.CheckConstraint(
            "status in ('draft', 'published', 'replaced', 'withdrawn')",
            name=op.f("ck_ranking_publications_status"),
        ),
        sa.CheckConstraint(
            "status not in ('published', 'replaced') or published_at is not null",
            name=op.f("ck_ranking_publications_published"),
        ),
        sa.CheckConstraint(
            "(published_at is null) = (order_number is null) and (published_at is null) = (order_on is null)",
            name=op.f("ck_ranking_publications_order"),
        ),
        sa.CheckConstraint(
            "objections_from <= objections_until",
            name=op.f("ck_ranking_publications_window"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_ranking_publications_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_publications")),
        sa.UniqueConstraint(
            "municipality_id",
            "id",
            name=op.f("uq_ranking_publications_municipality_id_id"),
        ),
        schema="api",
    )
    op.create_index(
        "uq_ranking_publications_draft",
        "ranking_publications",
        ["municipality_id", "academic_year"],
        unique=True,
        schema="api",
        postgresql_where=sa.text("status = 'draft'"),
    )
    op.create_index(
        "uq_ranking_publications_published",
        "ranking_publications",
        ["municipality_id", "academic_year"],
        unique=True,
        schema="api",
        postgresql_where=sa.text("status = 'published'"),
    )


def create_objections() -> None:
    op.create_table(
        "ranking_objections",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("publication_id", sa.BigInteger(), nullable=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text()),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "(status = 'open') = (answer is null) and (answer is null) = (answered_at is null)",
            name=op.f("ck_ranking_objections_answer"),
        ),
        sa.CheckConstraint(
            "figure in ('place', 'value', 'participants', 'other')",
            name=op.f("ck_ranking_objections_figure"),
        ),
        sa.CheckConstraint(
            "status in ('open', 'accepted', 'rejected')",
            name=op.f("ck_ranking_objections_status"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "publication_id"],
            ["api.ranking_publications.municipality_id", "api.ranking_publications.id"],
            name="fk_ranking_objections_publication",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name=op.f("fk_ranking_objections_municipality_id_school_id_schools"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_ranking_objections_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_objections")),
        schema="api",
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_publications()
    create_objections()
    for table, policy in POLICIES.items():
        op.execute(f"ALTER TABLE api.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON api.{table} USING ({policy})")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(POLICIES):
        op.drop_table(table, schema="api")
