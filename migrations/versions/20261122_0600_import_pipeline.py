"""Let files be read in the background, taken back, and their bad rows corrected."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_import_pipeline"
down_revision: str | None = "20261122_data_years"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = (
    ("imports", "rows_read", sa.BigInteger(), "0"),
    ("imports", "rows_total", sa.BigInteger(), "0"),
    ("imports", "read_at", sa.DateTime(timezone=True), None),
    ("imports", "undone_at", sa.DateTime(timezone=True), None),
    ("imports", "undo_reason", sa.Text(), None),
    ("import_lines", "previous", postgresql.JSONB(), None),
    ("import_lines", "cells", postgresql.JSONB(), None),
)
RENAMED = (("result_id", "target_id"), ("result_version", "target_version"))
STATUS = "ck_imports_status"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, name, kind, default in COLUMNS:
        given = None if default is None else sa.text(default)
        column = sa.Column(name, kind, nullable=given is None, server_default=given)
        op.add_column(table, column, schema="api")
    for old, new in RENAMED:
        op.alter_column("import_lines", old, new_column_name=new, schema="api")
    replace_statuses("reading", "failed", "previewed", "committed", "undone")
    op.create_index(
        "ix_imports_reading",
        "imports",
        ["read_at"],
        schema="api",
        postgresql_where=sa.text("status = 'reading'"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_imports_reading", table_name="imports", schema="api")
    op.execute(
        "UPDATE api.imports SET status = 'previewed' WHERE status <> 'committed'"
    )
    replace_statuses("previewed", "committed")
    for old, new in RENAMED:
        op.alter_column("import_lines", new, new_column_name=old, schema="api")
    for table, name, *_ in COLUMNS:
        op.drop_column(table, name, schema="api")


def replace_statuses(*statuses: str) -> None:
    """Let an import be in one of these states only."""
    listed = ", ".join(f"'{status}'" for status in statuses)
    op.drop_constraint(op.f(STATUS), "imports", schema="api")
    op.create_check_constraint(
        op.f(STATUS), "imports", f"status in ({listed})", schema="api"
    )
