"""Keep where an imported result stands in its file, and how a file was committed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_import_sources"
down_revision: str | None = "20261122_mentor_load"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Rows that are there already get these; new rows have to say it themselves.
REQUIRED = (
    ("procedures", sa.Column("grades", postgresql.ARRAY(sa.SmallInteger())), "'{}'"),
    ("procedures", sa.Column("marked", sa.Boolean()), "true"),
    ("imports", sa.Column("options", postgresql.JSONB()), "'{}'"),
    ("imports", sa.Column("warnings", postgresql.JSONB()), "'[]'"),
)
OPTIONAL = (
    ("imports", sa.Column("committed_mode", sa.Text())),
    ("assessment_results", sa.Column("import_sheet", sa.Text())),
    ("assessment_results", sa.Column("import_row", sa.BigInteger())),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, column, default in REQUIRED:
        op.add_column(
            table,
            sa.Column(
                column.name,
                column.type,
                nullable=False,
                server_default=sa.text(default),
            ),
            schema="api",
        )
        op.alter_column(table, column.name, server_default=None, schema="api")
    for table, column in OPTIONAL:
        op.add_column(table, sa.Column(column.name, column.type), schema="api")
    op.create_check_constraint(
        op.f("ck_imports_committed_mode"),
        "imports",
        "committed_mode in ('all_or_nothing', 'partial')",
        schema="api",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, column, *_ in (*REQUIRED, *OPTIONAL):
        op.drop_column(table, column.name, schema="api")
