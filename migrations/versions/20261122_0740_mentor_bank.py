"""Keep who can mentor, who needs a mentor, and professional deficits."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_mentor_bank"
down_revision: str | None = "20261122_agreements_across"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
TABLES = ("mentor_offers", "mentor_requests", "deficits")


def create(table: str, *parts: sa.Column[object] | sa.Constraint) -> None:
    """Create a table of rows about schools, each seen by its own."""
    op.create_table(
        table,
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name=op.f(f"fk_{table}_municipality_id_school_id_schools"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f(f"fk_{table}_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["subject"],
            ["api.subjects.code"],
            name=op.f(f"fk_{table}_subject_subjects"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        schema="api",
    )
    op.execute(f"ALTER TABLE api.{table} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON api.{table} USING ({IN_MUNICIPALITY} AND {OWN_SCHOOL})"
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create(
        "mentor_offers",
        sa.Column("bank", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("capacity", sa.SmallInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "bank in ('school', 'district')", name=op.f("ck_mentor_offers_bank")
        ),
        sa.CheckConstraint(
            "status in ('open', 'closed')", name=op.f("ck_mentor_offers_status")
        ),
        sa.CheckConstraint(
            "capacity between 1 and 99", name=op.f("ck_mentor_offers_capacity")
        ),
        sa.CheckConstraint(
            "valid_from <= valid_to", name=op.f("ck_mentor_offers_period")
        ),
        sa.UniqueConstraint(
            "school_id",
            "position",
            "problem",
            "valid_from",
            name=op.f("uq_mentor_offers_school_id_position_problem_valid_from"),
        ),
    )
    # The district's bank is for all its schools to read.
    op.execute(
        "CREATE POLICY district ON api.mentor_offers FOR SELECT"
        f" USING ({IN_MUNICIPALITY} AND bank = 'district')"
    )
    create(
        "mentor_requests",
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "urgency in ('low', 'medium', 'high')",
            name=op.f("ck_mentor_requests_urgency"),
        ),
        sa.CheckConstraint(
            "status in ('open', 'matched', 'closed')",
            name=op.f("ck_mentor_requests_status"),
        ),
        sa.UniqueConstraint(
            "school_id",
            "position",
            "problem",
            "asked_on",
            name=op.f("uq_mentor_requests_school_id_position_problem_asked_on"),
        ),
    )
    create(
        "deficits",
        sa.Column("bearer", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.CheckConstraint(
            "bearer in ('team', 'position')", name=op.f("ck_deficits_bearer")
        ),
        sa.CheckConstraint(
            "kind in ('subject', 'methodical', 'psychological', 'communicative',"
            " 'digital')",
            name=op.f("ck_deficits_kind"),
        ),
        sa.CheckConstraint(
            "source in ('survey', 'lesson_visit')", name=op.f("ck_deficits_source")
        ),
        sa.UniqueConstraint(
            "school_id",
            "bearer",
            "position",
            "kind",
            "observed_on",
            name=op.f("uq_deficits_school_id_bearer_position_kind_observed_on"),
        ),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table, schema="api")
