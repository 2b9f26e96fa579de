"""Keep more of staff, how schools leave lists, markers of objectivity, resources."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_staff_lists_resources"
down_revision: str | None = "20261122_social_passports"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
# Read by a mentor while an agreement says so.
MENTORED = "school_id = ANY ((SELECT tenancy.mentored_schools('staff'))::bigint[])"
STAFF_SHARES = (
    "no_category_percent",
    "first_category_percent",
    "highest_category_percent",
    "experience_under_10_percent",
    "experience_10_to_20_percent",
    "experience_over_20_percent",
    "age_under_30_percent",
    "age_under_35_percent",
    "age_35_to_55_percent",
    "age_over_55_percent",
)
MARKERS = ("russian_4", "mathematics_4", "russian_5", "mathematics_5")
MARKER_SUM = " + ".join(f"coalesce({name}, 0)" for name in MARKERS)
CHECKS = (
    *(("staff_profiles", name, f"{name} between 0 and 100") for name in STAFF_SHARES),
    ("staff_profiles", "teachers", "teachers >= 0"),
    ("staff_profiles", "training", "teachers_without_training <= teachers"),
    ("vacancies", "hours", "hours > 0"),
    *(("objectivity_signs", name, f"{name} in (0, 1)") for name in MARKERS),
    ("objectivity_signs", "marker_count", f"marker_count = {MARKER_SUM}"),
    ("objectivity_signs", "has_sign", f"has_sign or {MARKER_SUM} = 0"),
    (
        "objectivity_signs",
        "explanation",
        "(explanation is null) = (explained_at is null)",
    ),
    (
        "list_memberships",
        "exclusion",
        "num_nulls(valid_to, exclusion_body, exclusion_reason) in (0, 3)"
        " and (valid_to is not null"
        " or num_nonnulls(exclusion_number, exclusion_on) = 0)",
    ),
    (
        "resource_items",
        "kind",
        "kind in ('staff', 'financial', 'material', 'methodical', 'growth_point',"
        " 'digital_environment')",
    ),
    ("resource_items", "state", "state in ('available', 'lacking')"),
    ("resource_items", "offered", "not offered or state = 'available'"),
    ("resource_items", "quantity", "quantity >= 0"),
)
OLD_KEY = "uq_resource_items_school_id_kind_year"
NEW_KEY = "uq_resource_items_school_id_kind_title_year"


def new_columns() -> tuple[tuple[str, sa.Column[Any]], ...]:
    """Return the added columns with their tables."""
    return (
        ("staff_profiles", sa.Column("teachers", sa.BigInteger())),
        *(("staff_profiles", sa.Column(name, sa.Float())) for name in STAFF_SHARES),
        ("vacancies", sa.Column("hours", sa.Float())),
        *(
            ("objectivity_signs", sa.Column(name, sa.SmallInteger()))
            for name in MARKERS
        ),
        ("objectivity_signs", sa.Column("marker_count", sa.SmallInteger())),
        ("objectivity_signs", sa.Column("explanation", sa.Text())),
        ("objectivity_signs", sa.Column("explained_at", sa.DateTime(timezone=True))),
        ("list_memberships", sa.Column("valid_to", sa.Date())),
        ("list_memberships", sa.Column("exclusion_body", sa.Text())),
        ("list_memberships", sa.Column("exclusion_number", sa.Text())),
        ("list_memberships", sa.Column("exclusion_on", sa.Date())),
        ("list_memberships", sa.Column("exclusion_reason", sa.Text())),
        (
            "resource_items",
            sa.Column("state", sa.Text(), server_default="available", nullable=False),
        ),
        (
            "resource_items",
            sa.Column("offered", sa.Boolean(), server_default="false", nullable=False),
        ),
        ("resource_items", sa.Column("quantity", sa.Float())),
        ("resource_items", sa.Column("unit", sa.Text())),
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, column in new_columns():
        op.add_column(table, column, schema="api")
    for table, name, rule in CHECKS:
        op.create_check_constraint(
            op.f(f"ck_{table}_{name}"), table, rule, schema="api"
        )
    op.drop_constraint(OLD_KEY, "resource_items", schema="api")
    op.create_unique_constraint(
        op.f(NEW_KEY),
        "resource_items",
        ["school_id", "kind", "title", "year"],
        schema="api",
        postgresql_nulls_not_distinct=True,
    )
    _create_trainings()


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("staff_trainings", schema="api")
    op.drop_constraint(NEW_KEY, "resource_items", schema="api")
    op.create_unique_constraint(
        op.f(OLD_KEY),
        "resource_items",
        ["school_id", "kind", "year"],
        schema="api",
        postgresql_nulls_not_distinct=True,
    )
    for table, name, _ in reversed(CHECKS):
        op.drop_constraint(f"ck_{table}_{name}", table, schema="api")
    for table, column in reversed(new_columns()):
        op.drop_column(table, column.name, schema="api")


def _create_trainings() -> None:
    table = "staff_trainings"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("academic_year", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("hours", sa.BigInteger()),
        sa.Column("planned", sa.BigInteger(), nullable=False),
        sa.Column("trained", sa.BigInteger()),
        sa.CheckConstraint("hours > 0", name=op.f(f"ck_{table}_hours")),
        sa.CheckConstraint("planned >= 0", name=op.f(f"ck_{table}_planned")),
        sa.CheckConstraint("trained >= 0", name=op.f(f"ck_{table}_trained")),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f(f"fk_{table}_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name=op.f(f"fk_{table}_municipality_id_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "school_id",
            "academic_year",
            "topic",
            name=op.f(f"uq_{table}_school_id_academic_year_topic"),
        ),
        schema="api",
    )
    op.execute(f"ALTER TABLE api.{table} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON api.{table} USING ({IN_MUNICIPALITY} AND {OWN_SCHOOL})"
    )
    op.execute(f"CREATE POLICY mentor ON api.{table} FOR SELECT USING ({MENTORED})")
