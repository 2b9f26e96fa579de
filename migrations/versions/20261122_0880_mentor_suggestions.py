"""Keep distances between schools, suggested mentors, and what was decided of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_mentor_suggestions"
down_revision: str | None = "20261122_places"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
NO_SCHOOL = "(SELECT tenancy.school_id()) IS NULL"
# A school sees the ways from and to it, what is suggested to it and of it, and how
# the search for its own mentor went.
SEEN = {
    "api.school_distances": (
        f"({NO_SCHOOL} OR (SELECT tenancy.school_id()) IN (school_id, other_school_id))"
    ),
    "scoring.mentor_suggestions": (
        f"({NO_SCHOOL} OR is_chosen"
        " AND (SELECT tenancy.school_id()) IN (mentee_id, mentor_id))"
    ),
    "scoring.mentor_searches": (
        f"({NO_SCHOOL} OR school_id = (SELECT tenancy.school_id()))"
    ),
    "api.mentor_suggestion_decisions": NO_SCHOOL,
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _create_distances()
    _create_suggestions()
    _create_searches()
    _create_decisions()
    for table, seen in SEEN.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table} USING ({IN_MUNICIPALITY} AND {seen})"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in reversed(SEEN):
        schema, table = name.split(".")
        op.drop_table(table, schema=schema)


def _create_distances() -> None:
    op.create_table(
        "school_distances",
        sa.Column("other_school_id", sa.BigInteger(), nullable=False),
        sa.Column("km", sa.Double(), nullable=True),
        sa.Column("minutes", sa.Double(), nullable=True),
        sa.Column("same_bus_network", sa.Boolean(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "km between 0 and 10000", name=op.f("ck_school_distances_km")
        ),
        sa.CheckConstraint(
            "minutes between 0 and 100000", name=op.f("ck_school_distances_minutes")
        ),
        sa.CheckConstraint(
            "school_id <> other_school_id", name=op.f("ck_school_distances_two_schools")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "other_school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name="fk_school_distances_other",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name=op.f("fk_school_distances_municipality_id_school_id_schools"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_school_distances_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_distances")),
        sa.UniqueConstraint(
            "school_id",
            "other_school_id",
            name=op.f("uq_school_distances_school_id_other_school_id"),
        ),
        schema="api",
    )


def _create_suggestions() -> None:
    op.create_table(
        "mentor_suggestions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("mentee_id", sa.BigInteger(), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("is_chosen", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("benefit", sa.Double(), nullable=False),
        sa.Column("cost", sa.Double(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "kind in ('subject', 'group', 'problem')",
            name=op.f("ck_mentor_suggestions_kind"),
        ),
        sa.CheckConstraint(
            "benefit between 0 and 1 and cost >= 0",
            name=op.f("ck_mentor_suggestions_benefit"),
        ),
        sa.CheckConstraint("rank > 0", name=op.f("ck_mentor_suggestions_rank")),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["scoring.runs.id"],
            name=op.f("fk_mentor_suggestions_run_id_runs"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_suggestions")),
        sa.UniqueConstraint(
            "run_id",
            "mentee_id",
            "mentor_id",
            name=op.f("uq_mentor_suggestions_run_id_mentee_id_mentor_id"),
        ),
        schema="scoring",
    )


def _create_searches() -> None:
    op.create_table(
        "mentor_searches",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("feasible", sa.BigInteger(), nullable=False),
        sa.Column("needs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("excluded", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "outcome in ('suggested', 'no_need', 'not_assessable', 'has_mentor',"
            " 'no_feasible_mentor', 'no_places_left')",
            name=op.f("ck_mentor_searches_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["scoring.runs.id"], name=op.f("fk_mentor_searches_run_id_runs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_searches")),
        sa.UniqueConstraint(
            "run_id", "school_id", name=op.f("uq_mentor_searches_run_id_school_id")
        ),
        schema="scoring",
    )


def _create_decisions() -> None:
    op.create_table(
        "mentor_suggestion_decisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("academic_year", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("mentee_id", sa.BigInteger(), nullable=False),
        sa.Column("mentor_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("agreement_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(decision = 'accepted') = (agreement_id is not null)",
            name=op.f("ck_mentor_suggestion_decisions_agreement"),
        ),
        sa.CheckConstraint(
            "decision = 'accepted' or reason is not null",
            name=op.f("ck_mentor_suggestion_decisions_reason"),
        ),
        sa.CheckConstraint(
            "decision in ('accepted', 'declined')",
            name=op.f("ck_mentor_suggestion_decisions_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["api.mentoring_agreements.id"],
            name=op.f(
                "fk_mentor_suggestion_decisions_agreement_id_mentoring_agreements"
            ),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["api.users.id"],
            name=op.f("fk_mentor_suggestion_decisions_decided_by_users"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "mentee_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name="fk_mentor_suggestion_decisions_mentee",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "mentor_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name="fk_mentor_suggestion_decisions_mentor",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_mentor_suggestion_decisions_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentor_suggestion_decisions")),
        schema="api",
    )
    op.create_index(
        "uq_mentor_suggestion_decisions_declined",
        "mentor_suggestion_decisions",
        ["municipality_id", "academic_year", "mentee_id", "mentor_id"],
        unique=True,
        schema="api",
        postgresql_where=sa.text("decision = 'declined'"),
    )
