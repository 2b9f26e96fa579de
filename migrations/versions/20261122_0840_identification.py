"""Keep which schools have low results, the evidence, and what was decided on it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_identification"
down_revision: str | None = "20261122_ranking_publications"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
NO_SCHOOL_USER = "(SELECT tenancy.school_id()) IS NULL"
SHOWN = {
    "scoring.identifications": OWN_SCHOOL,
    "scoring.identification_evidence": OWN_SCHOOL,
    "scoring.identification_back_tests": NO_SCHOOL_USER,
    "api.identification_decisions": OWN_SCHOOL,
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "identifications",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("rule_code", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("status_before", sa.Text(), nullable=False),
        sa.Column("low_in_year", sa.Text(), nullable=False),
        sa.Column("low_units", sa.BigInteger(), nullable=False),
        sa.Column("assessed_units", sa.BigInteger(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("low_years", sa.BigInteger(), nullable=False),
        sa.Column("unknown_years", sa.BigInteger(), nullable=False),
        sa.Column("listed_before", sa.Boolean(), nullable=False),
        sa.Column("clear_years", sa.BigInteger(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=True),
        sa.Column("pupils", sa.BigInteger(), nullable=True),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "(status = 'not_assessable') = (reason is not null)",
            name=op.f("ck_identifications_reason"),
        ),
        sa.CheckConstraint(
            "low_in_year in ('yes', 'no', 'unknown')",
            name=op.f("ck_identifications_low_in_year"),
        ),
        sa.CheckConstraint(
            "num_nulls(direction, pupils, changes) in (0, 3) and direction in ('off_list', 'onto_list')",
            name=op.f("ck_identifications_nearest_change"),
        ),
        sa.CheckConstraint(
            "status in ('on_list', 'risk_group', 'leaving', 'not_on_list', 'not_assessable')",
            name=op.f("ck_identifications_status"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["scoring.runs.id"], name=op.f("fk_identifications_run_id_runs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifications")),
        sa.UniqueConstraint(
            "run_id",
            "rule_code",
            "school_id",
            name=op.f("uq_identifications_run_id_rule_code_school_id"),
        ),
        schema="scoring",
    )
    op.create_table(
        "identification_evidence",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("rule_code", sa.Text(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("academic_year", sa.BigInteger(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("programme_grade", sa.BigInteger(), nullable=True),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("n_low", sa.BigInteger(), nullable=True),
        sa.Column("low_share", sa.Double(), nullable=True),
        sa.Column("share_from", sa.Double(), nullable=True),
        sa.Column("share_to", sa.Double(), nullable=True),
        sa.Column("threshold", sa.Double(), nullable=False),
        sa.Column("fewest_low", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("pupils", sa.BigInteger(), nullable=True),
        sa.Column("points", sa.Double(), nullable=True),
        sa.Column("peers_median", sa.Double(), nullable=True),
        sa.Column("peers", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state in ('low', 'not_low', 'too_few', 'no_low_count', 'excluded')",
            name=op.f("ck_identification_evidence_state"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["scoring.runs.id"],
            name=op.f("fk_identification_evidence_run_id_runs"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identification_evidence")),
        schema="scoring",
    )
    op.create_index(
        "ix_identification_evidence_run_id_rule_code_school_id",
        "identification_evidence",
        ["run_id", "rule_code", "school_id"],
        unique=False,
        schema="scoring",
    )
    op.create_table(
        "identification_back_tests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("rule_code", sa.Text(), nullable=False),
        sa.Column("flag", sa.Text(), nullable=False),
        sa.Column("flagged_low", sa.BigInteger(), nullable=False),
        sa.Column("flagged_not_low", sa.BigInteger(), nullable=False),
        sa.Column("missed_low", sa.BigInteger(), nullable=False),
        sa.Column("unflagged_not_low", sa.BigInteger(), nullable=False),
        sa.Column("not_assessed", sa.BigInteger(), nullable=False),
        sa.Column("precision", sa.Double(), nullable=True),
        sa.Column("precision_from", sa.Double(), nullable=True),
        sa.Column("precision_to", sa.Double(), nullable=True),
        sa.Column("recall", sa.Double(), nullable=True),
        sa.Column("recall_from", sa.Double(), nullable=True),
        sa.Column("recall_to", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["scoring.runs.id"],
            name=op.f("fk_identification_back_tests_run_id_runs"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identification_back_tests")),
        sa.UniqueConstraint(
            "run_id",
            "rule_code",
            "flag",
            name=op.f("uq_identification_back_tests_run_id_rule_code_flag"),
        ),
        schema="scoring",
    )
    op.create_table(
        "identification_decisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("academic_year", sa.BigInteger(), nullable=False),
        sa.Column("rule_code", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("computed_status", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("order_on", sa.Date(), nullable=False),
        sa.Column("order_body", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=False),
        sa.Column("withdrawal_number", sa.Text(), nullable=True),
        sa.Column("withdrawal_on", sa.Date(), nullable=True),
        sa.Column("withdrawal_body", sa.Text(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "computed_status in ('on_list', 'risk_group', 'leaving', 'not_on_list', 'not_assessable')",
            name=op.f("ck_identification_decisions_computed_status"),
        ),
        sa.CheckConstraint(
            "status in ('on_list', 'risk_group', 'leaving', 'not_on_list')",
            name=op.f("ck_identification_decisions_status"),
        ),
        sa.CheckConstraint(
            "num_nulls(withdrawn_at, withdrawn_by, withdrawal_number, withdrawal_on, withdrawal_body, withdrawal_reason) in (0, 6)",
            name=op.f("ck_identification_decisions_withdrawal"),
        ),
        sa.CheckConstraint(
            "withdrawal_on >= order_on", name=op.f("ck_identification_decisions_order")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name=op.f("fk_identification_decisions_municipality_id_school_id_schools"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_identification_decisions_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identification_decisions")),
        schema="api",
    )
    op.create_index(
        "uq_identification_decisions_standing",
        "identification_decisions",
        ["school_id", "academic_year", "rule_code"],
        unique=True,
        schema="api",
        postgresql_where=sa.text("withdrawn_at is null"),
    )
    for table, narrower in SHOWN.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON {table} USING ({IN_MUNICIPALITY} AND {narrower})"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(SHOWN):
        schema, name = table.split(".")
        op.drop_table(name, schema=schema)
