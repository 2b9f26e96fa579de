"""Keep how far the data of each academic year are, so that a closed year stays."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_data_years"
down_revision: str | None = "20261122_result_figures"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)

CHECKS = {
    "state": (
        "state in ('open', 'submitted', 'returned', 'accepted', 'locked', 'unlocked')"
    ),
    "whole": "school_id is not null or state in ('open', 'locked', 'unlocked')",
    "order": (
        "state not in ('locked', 'unlocked')"
        " or (order_number is not null and order_on is not null)"
    ),
    "note": "state not in ('returned', 'unlocked') or note is not null",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "data_years",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger()),
        sa.Column("academic_year", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("order_number", sa.Text()),
        sa.Column("order_on", sa.Date()),
        sa.Column("changed_by", sa.BigInteger()),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_data_years_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name=op.f("fk_data_years_school"),
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["api.users.id"], name=op.f("fk_data_years_changed_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_years")),
        sa.UniqueConstraint(
            "municipality_id",
            "academic_year",
            "school_id",
            name=op.f("uq_data_years_natural_key"),
            postgresql_nulls_not_distinct=True,
        ),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_data_years_{name}"))
            for name, rule in CHECKS.items()
        ),
        schema="api",
    )
    op.create_index(
        op.f("ix_data_years_school_id"),
        "data_years",
        ["school_id", "academic_year"],
        schema="api",
    )
    op.execute("ALTER TABLE api.data_years ENABLE ROW LEVEL SECURITY")
    # A school also sees whether the whole municipality's year is locked, and no more.
    op.execute(
        "CREATE POLICY tenant ON api.data_years"
        f" USING ({IN_MUNICIPALITY} AND (school_id IS NULL OR {OWN_SCHOOL}))"
        f" WITH CHECK ({IN_MUNICIPALITY} AND {OWN_SCHOOL})"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("data_years", schema="api")
