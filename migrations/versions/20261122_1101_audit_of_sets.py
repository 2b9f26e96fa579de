"""Let one entry of the audit tell of many rows that one action wrote."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_audit_of_sets"
down_revision: str | None = "20261122_keys_in_sets"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = (
    ("row_ids", postgresql.ARRAY(sa.BigInteger())),
    ("first_row", sa.BigInteger()),
    ("last_row", sa.BigInteger()),
    ("row_changes", sa.Text()),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, kind in COLUMNS:
        op.add_column("audit_entries", sa.Column(name, kind), schema="api")
    # Compressing takes longer than all else that an entry of hundreds of rows needs.
    op.execute(
        "ALTER TABLE api.audit_entries ALTER COLUMN row_changes SET STORAGE EXTERNAL"
    )
    op.create_check_constraint(
        op.f("ck_audit_entries_rows"),
        "audit_entries",
        "num_nulls(row_ids, first_row, last_row, row_changes) in (0, 4)"
        " and (row_ids is null or entity_id is null)",
        schema="api",
    )
    op.create_index(
        "ix_audit_entries_rows",
        "audit_entries",
        ["entity", "first_row", "last_row"],
        schema="api",
        postgresql_where=sa.text("row_ids is not null"),
    )
    names = ", ".join(name for name, _ in COLUMNS)
    op.execute(f"GRANT INSERT ({names}) ON api.audit_entries TO api")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index("ix_audit_entries_rows", "audit_entries", schema="api")
    op.drop_constraint(
        op.f("ck_audit_entries_rows"), "audit_entries", schema="api", type_="check"
    )
    for name, _ in COLUMNS:
        op.drop_column("audit_entries", name, schema="api")
