"""Check each key of results and of lines once: the joint ones imply the single ones."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_import_keys"
down_revision: str | None = "20261122_programme_records"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Table, column, and the table whose id it holds: implied by a key of two columns.
IMPLIED = (
    ("assessment_results", "municipality_id", "municipalities"),
    ("assessment_results", "school_id", "schools"),
    ("import_lines", "municipality_id", "municipalities"),
    ("import_lines", "import_id", "imports"),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_unique_constraint(
        op.f("uq_imports_municipality_id_id"),
        "imports",
        ["municipality_id", "id"],
        schema="api",
    )
    op.create_foreign_key(
        "fk_import_lines_import",
        "import_lines",
        "imports",
        ["municipality_id", "import_id"],
        ["municipality_id", "id"],
        source_schema="api",
        referent_schema="api",
    )
    for table, column, other in IMPLIED:
        op.drop_constraint(
            op.f(f"fk_{table}_{column}_{other}"),
            table,
            schema="api",
            type_="foreignkey",
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, column, other in IMPLIED:
        op.create_foreign_key(
            op.f(f"fk_{table}_{column}_{other}"),
            table,
            other,
            [column],
            ["id"],
            source_schema="api",
            referent_schema="api",
        )
    op.drop_constraint(
        "fk_import_lines_import", "import_lines", schema="api", type_="foreignkey"
    )
    op.drop_constraint(
        op.f("uq_imports_municipality_id_id"), "imports", schema="api", type_="unique"
    )
