"""Keep by which orders programmes were changed, and what is no longer owed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_amendments"
down_revision: str | None = "20261122_public_results"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
STATE = "ck_deadlines_state"
TABLES = ("programme_amendments", "programme_amendment_changes")


def create_amendments() -> None:
    op.create_table(
        "programme_amendments",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("order_on", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_programme_amendments_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["api.programmes.id"],
            name=op.f("fk_programme_amendments_programme_id_programmes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_amendments")),
        sa.UniqueConstraint(
            "programme_id",
            "order_number",
            "order_on",
            name=op.f("uq_programme_amendments_programme_id_order_number_order_on"),
        ),
        schema="api",
    )


def create_changes() -> None:
    op.create_table(
        "programme_amendment_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("amendment_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            "kind in ('add_measure', 'replace_measure', 'withdraw_measure',"
            " 'change_target', 'change_indicator', 'change_period')",
            name=op.f("ck_programme_amendment_changes_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_programme_amendment_changes_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["amendment_id"],
            ["api.programme_amendments.id"],
            name=op.f("fk_programme_amendment_changes_amendment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_amendment_changes")),
        sa.UniqueConstraint(
            "amendment_id",
            "position",
            name=op.f("uq_programme_amendment_changes_amendment_id_position"),
        ),
        schema="api",
    )


def restrict_states(*states: str) -> None:
    listed = ", ".join(f"'{state}'" for state in states)
    op.drop_constraint(op.f(STATE), "deadlines", schema="api", type_="check")
    op.create_check_constraint(
        op.f(STATE), "deadlines", f"state in ({listed})", schema="api"
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("measures", sa.Column("withdrawn_on", sa.Date()), schema="api")
    restrict_states("open", "done", "past", "withdrawn")
    create_amendments()
    create_changes()
    for table in TABLES:
        op.execute(f"ALTER TABLE api.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON api.{table} USING ({IN_MUNICIPALITY})")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table, schema="api")
    op.execute("DELETE FROM api.deadlines WHERE state = 'withdrawn'")
    restrict_states("open", "done", "past")
    op.drop_column("measures", "withdrawn_on", schema="api")
