"""Keep published indices of conditions, and what is computed of conditions."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_school_conditions"
down_revision: str | None = "20261122_identification"
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
    "api.condition_indices": f"{IN_MUNICIPALITY} AND {OWN_SCHOOL}",
    "scoring.condition_models": IN_MUNICIPALITY,
    "scoring.school_conditions": f"{IN_MUNICIPALITY} AND {OWN_SCHOOL}",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _create_indices()
    _create_models()
    _create_school_conditions()
    for table, seen in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} USING ({seen})")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM scoring.current_runs WHERE topic = 'conditions'")
    for table in reversed(POLICIES):
        schema, name = table.split(".")
        op.drop_table(name, schema=schema)
    op.execute("DELETE FROM scoring.runs WHERE topic = 'conditions'")


def _create_indices() -> None:
    op.create_table(
        "condition_indices",
        sa.Column("academic_year", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "value between 0 and 1", name=op.f("ck_condition_indices_value")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name=op.f("fk_condition_indices_municipality_id_school_id_schools"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_condition_indices_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition_indices")),
        sa.UniqueConstraint(
            "school_id",
            "academic_year",
            name=op.f("uq_condition_indices_school_id_academic_year"),
        ),
        schema="api",
    )


def _create_models() -> None:
    op.create_table(
        "condition_models",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("basis_reason", sa.Text(), nullable=True),
        sa.Column("schools", sa.BigInteger(), nullable=False),
        sa.Column("r_squared", sa.Double(), nullable=True),
        sa.Column("adjusted_r_squared", sa.Double(), nullable=True),
        sa.Column("residual_error", sa.Double(), nullable=True),
        sa.Column("degrees_of_freedom", sa.BigInteger(), nullable=True),
        sa.Column(
            "coefficients", postgresql.JSONB(astext_type=sa.Text()), nullable=False
        ),
        sa.Column("schools_listed", sa.BigInteger(), nullable=False),
        sa.Column("schools_with_index", sa.BigInteger(), nullable=False),
        sa.Column("index_low", sa.Double(), nullable=True),
        sa.Column("index_high", sa.Double(), nullable=True),
        sa.Column("median_index", sa.Double(), nullable=True),
        sa.Column("median_outcome", sa.Double(), nullable=True),
        sa.Column("reference_year", sa.BigInteger(), nullable=True),
        sa.Column("reference", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("clusters", sa.BigInteger(), nullable=True),
        sa.Column("silhouette", sa.Double(), nullable=True),
        sa.Column("clusters_reason", sa.Text(), nullable=True),
        sa.Column(
            "clustering", postgresql.JSONB(astext_type=sa.Text()), nullable=False
        ),
        sa.Column(
            "school_names", postgresql.JSONB(astext_type=sa.Text()), nullable=False
        ),
        sa.CheckConstraint(
            "basis in ('regression', 'region_coefficients', 'quadrants', 'none')",
            name=op.f("ck_condition_models_basis"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["scoring.runs.id"],
            name=op.f("fk_condition_models_run_id_runs"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition_models")),
        sa.UniqueConstraint("run_id", name=op.f("uq_condition_models_run_id")),
        schema="scoring",
    )


def _create_school_conditions() -> None:
    op.create_table(
        "school_conditions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("index", sa.Double(), nullable=True),
        sa.Column("computed_index", sa.Double(), nullable=True),
        sa.Column("published_index", sa.Double(), nullable=True),
        sa.Column("index_reason", sa.Text(), nullable=True),
        sa.Column("shares_known", sa.BigInteger(), nullable=False),
        sa.Column("shares_used", sa.BigInteger(), nullable=False),
        sa.Column("shares", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("outcome", sa.Double(), nullable=True),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=True),
        sa.Column("residual", sa.Double(), nullable=True),
        sa.Column("standard_error", sa.Double(), nullable=True),
        sa.Column("z", sa.Double(), nullable=True),
        sa.Column("expected_low", sa.Double(), nullable=True),
        sa.Column("expected_high", sa.Double(), nullable=True),
        sa.Column("fitted", sa.Double(), nullable=True),
        sa.Column("leverage", sa.Double(), nullable=True),
        sa.Column("expected_reason", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("quadrant", sa.Text(), nullable=True),
        sa.Column("difficulty", sa.Text(), nullable=False),
        sa.Column("resilience", sa.Text(), nullable=False),
        sa.Column("cluster", sa.BigInteger(), nullable=True),
        sa.Column("cluster_reason", sa.Text(), nullable=True),
        sa.Column("previous_cluster", sa.BigInteger(), nullable=True),
        sa.Column("shares_compared", sa.BigInteger(), nullable=False),
        sa.Column("peers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "difficulty in ('difficult', 'not_difficult', 'not_assessable')",
            name=op.f("ck_school_conditions_difficulty"),
        ),
        sa.CheckConstraint(
            "resilience in ('resilient', 'not_resilient', 'not_assessable')",
            name=op.f("ck_school_conditions_resilience"),
        ),
        sa.CheckConstraint(
            "status in ('above_expected', 'as_expected', 'below_expected', 'not_assessable')",
            name=op.f("ck_school_conditions_status"),
        ),
        sa.CheckConstraint(
            "(cluster is null) = (cluster_reason is not null)",
            name=op.f("ck_school_conditions_cluster_or_reason"),
        ),
        sa.CheckConstraint(
            "(index is null) = (index_reason is not null)",
            name=op.f("ck_school_conditions_index_or_reason"),
        ),
        sa.CheckConstraint(
            "index between 0 and 1", name=op.f("ck_school_conditions_index")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["scoring.runs.id"],
            name=op.f("fk_school_conditions_run_id_runs"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_conditions")),
        sa.UniqueConstraint(
            "run_id", "school_id", name=op.f("uq_school_conditions_run_id_school_id")
        ),
        schema="scoring",
    )
