"""Keep what each school scored in a run, with all that explains it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_school_scores"
down_revision: str | None = "20261122_mentor_suggestions"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
MENTORED = "school_id = ANY ((SELECT tenancy.mentored_schools('indicators'))::bigint[])"
TABLE = "scoring.school_scores"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "school_scores",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("n", sa.BigInteger(), nullable=True),
        sa.Column("numerator", sa.BigInteger(), nullable=True),
        sa.Column("n_results", sa.BigInteger(), nullable=True),
        sa.Column("n_left_out", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("weight", sa.Double(), nullable=True),
        sa.Column("coverage", sa.Double(), nullable=True),
        sa.Column("place_from", sa.BigInteger(), nullable=True),
        sa.Column("place_to", sa.BigInteger(), nullable=True),
        sa.Column("ranked", sa.BigInteger(), nullable=False),
        sa.Column("value_before", sa.Double(), nullable=True),
        sa.Column("n_before", sa.BigInteger(), nullable=True),
        sa.Column("change", sa.Double(), nullable=True),
        sa.Column("noise", sa.Double(), nullable=True),
        sa.Column("dynamics", sa.Text(), nullable=False),
        sa.Column("incomparable", sa.Text(), nullable=True),
        sa.Column("effect", sa.Double(), nullable=True),
        sa.Column("p_value", sa.Double(), nullable=True),
        sa.Column("status_level", sa.BigInteger(), nullable=True),
        sa.Column("change_level", sa.BigInteger(), nullable=True),
        sa.Column("band", sa.BigInteger(), nullable=True),
        sa.Column("moved_by", sa.Text(), nullable=True),
        sa.Column("moved_share", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "level in ('indicator', 'group', 'composite')",
            name=op.f("ck_school_scores_level"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["scoring.runs.id"], name=op.f("fk_school_scores_run_id_runs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_scores")),
        sa.UniqueConstraint(
            "run_id",
            "school_id",
            "level",
            "code",
            name=op.f("uq_school_scores_run_id_school_id_level_code"),
        ),
        schema="scoring",
    )
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON {TABLE} USING ({IN_MUNICIPALITY} AND {OWN_SCHOOL})"
    )
    op.execute(f"CREATE POLICY mentor ON {TABLE} FOR SELECT USING ({MENTORED})")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("school_scores", schema="scoring")
