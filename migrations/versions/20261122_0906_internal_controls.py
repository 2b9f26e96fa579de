"""Keep internal controls of schools, and satisfaction with what education comes to."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_internal_controls"
down_revision: str | None = "20261122_programme_values"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
TABLE = "internal_controls"
OLD_QUESTIONS = "'municipal_management', 'information_and_methods'"
QUESTIONS = f"{OLD_QUESTIONS}, 'educational_results'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        TABLE,
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("plan_corrected_on", sa.Date()),
        sa.Column("link", sa.Text()),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "held_on <= plan_corrected_on", name=op.f("ck_internal_controls_order")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name=op.f("fk_internal_controls_municipality_id_school_id_schools"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_internal_controls_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internal_controls")),
        sa.UniqueConstraint(
            "school_id",
            "held_on",
            "topic",
            name=op.f("uq_internal_controls_school_id_held_on_topic"),
        ),
        schema="api",
    )
    op.execute(f"ALTER TABLE api.{TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON api.{TABLE} USING"
        f" ({IN_MUNICIPALITY} AND {OWN_SCHOOL})"
    )
    _ask(QUESTIONS)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "DELETE FROM api.satisfaction_surveys WHERE question = 'educational_results'"
    )
    _ask(OLD_QUESTIONS)
    op.drop_table(TABLE, schema="api")


def _ask(questions: str) -> None:
    """Let a survey be of these questions."""
    table, name = "satisfaction_surveys", op.f("ck_satisfaction_surveys_question")
    op.drop_constraint(name, table, schema="api")
    op.create_check_constraint(
        name, table, f"question in ({questions})", schema="api"
    )
