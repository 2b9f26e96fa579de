"""Let schools confirm their contacts once in an academic year, by a day."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_contact_confirmations"
down_revision: str | None = "20261122_settled_bounces"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KIND = "contact_confirmation"
OTHERS = (
    "measure",
    "agreement_plan",
    "agreement_renewal",
    "school_programme",
    "anti_risk_programme",
    "recommendation",
    "data_year",
)
IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
POLICIES = {
    "contact_confirmation_dates": IN_MUNICIPALITY,
    "contact_confirmations": f"{IN_MUNICIPALITY} AND {OWN_SCHOOL}",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _restrict_kinds((*OTHERS, KIND))
    op.create_table(
        "contact_confirmation_dates",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("academic_year", sa.SmallInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_contact_confirmation_dates_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["set_by"],
            ["api.users.id"],
            name=op.f("fk_contact_confirmation_dates_set_by_users"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_confirmation_dates")),
        sa.UniqueConstraint(
            "municipality_id",
            "academic_year",
            name=op.f("uq_contact_confirmation_dates_municipality_id_academic_year"),
        ),
        schema="api",
    )
    op.create_table(
        "contact_confirmations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("academic_year", sa.SmallInteger(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by"],
            ["api.users.id"],
            name=op.f("fk_contact_confirmations_confirmed_by_users"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_contact_confirmations_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_contact_confirmations_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_confirmations")),
        sa.UniqueConstraint(
            "school_id",
            "academic_year",
            name=op.f("uq_contact_confirmations_school_id_academic_year"),
        ),
        schema="api",
    )
    for table, policy in POLICIES.items():
        op.execute(f"ALTER TABLE api.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON api.{table} USING ({policy})")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DELETE FROM api.deadlines WHERE kind = '{KIND}'")
    _restrict_kinds(OTHERS)
    for table in reversed(POLICIES):
        op.drop_table(table, schema="api")


def _restrict_kinds(kinds: Sequence[str]) -> None:
    name = op.f("ck_deadlines_kind")
    op.drop_constraint(name, "deadlines", schema="api", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "deadlines", f"kind in ({listed})", schema="api")
