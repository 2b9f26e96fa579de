"""Keep the new lines of large files of marks in columns, many in a row."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_import_runs"
down_revision: str | None = "20261122_orders_followed"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The subquery is itself under the policy of imports, and run once a statement.
POLICY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
    " AND ((SELECT tenancy.school_id()) IS NULL"
    " OR import_id IN (SELECT id FROM api.imports))"
)
LISTS = (
    "line_ids",
    "rows",
    "target_ids",
    "school_ids",
    "subjects",
    "academic_years",
    "programme_grades",
    "pupil_grades",
    "n",
    "n2",
    "n3",
    "n4",
    "n5",
    "percentages",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "import_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("wave", sa.SmallInteger(), nullable=False),
        sa.Column("line_count", sa.BigInteger(), nullable=False),
        sa.Column("last_line", sa.BigInteger(), nullable=False),
        sa.Column("line_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("rows", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("target_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("school_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("subjects", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "academic_years", postgresql.ARRAY(sa.SmallInteger()), nullable=False
        ),
        sa.Column(
            "programme_grades", postgresql.ARRAY(sa.SmallInteger()), nullable=False
        ),
        sa.Column("pupil_grades", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("n", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("n2", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("n3", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("n4", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("n5", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column(
            "percentages",
            postgresql.ARRAY(postgresql.JSONB(astext_type=sa.Text())),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "import_id"],
            ["api.imports.municipality_id", "api.imports.id"],
            name="fk_import_runs_import",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
        schema="api",
    )

    op.create_index(
        "ix_import_runs_import_id_last_line",
        "import_runs",
        ["import_id", "last_line"],
        schema="api",
    )
    # They are read once: compressing them would take longer than all else.
    for name in LISTS:
        op.execute(
            f"ALTER TABLE api.import_runs ALTER COLUMN {name} SET STORAGE EXTERNAL"
        )
    op.execute("ALTER TABLE api.import_runs ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON api.import_runs USING ({POLICY})")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("import_runs", schema="api")
