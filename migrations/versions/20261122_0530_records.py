"""Count the changes of a school's facts, and keep how many pupils it has."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_records"
down_revision: str | None = "20261122_agreement_registry"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
VERSIONED = (
    "condition_index_ranges",
    "list_memberships",
    "objectivity_signs",
    "resource_items",
    "staff_profiles",
    "vacancies",
)


def version() -> sa.Column[int]:
    """Return a column that counts changes."""
    return sa.Column("version", sa.BigInteger(), server_default="1", nullable=False)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in VERSIONED:
        op.add_column(table, version(), schema="api")
    op.create_table(
        "enrolments",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("academic_year", sa.BigInteger(), nullable=False),
        sa.Column("pupils", sa.BigInteger(), nullable=False),
        sa.Column("classes", sa.BigInteger()),
        sa.Column("provenance", sa.Text(), nullable=False),
        version(),
        sa.CheckConstraint("pupils >= 0", name=op.f("ck_enrolments_pupils")),
        sa.CheckConstraint("classes >= 0", name=op.f("ck_enrolments_classes")),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_enrolments_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name=op.f("fk_enrolments_municipality_id_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
        sa.UniqueConstraint(
            "school_id",
            "academic_year",
            name=op.f("uq_enrolments_school_id_academic_year"),
        ),
        schema="api",
    )
    op.execute("ALTER TABLE api.enrolments ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant ON api.enrolments"
        f" USING ({IN_MUNICIPALITY} AND {OWN_SCHOOL})"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("enrolments", schema="api")
    for table in VERSIONED:
        op.drop_column(table, "version", schema="api")
