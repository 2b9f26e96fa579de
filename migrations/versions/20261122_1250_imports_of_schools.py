"""Let a school upload files of its own rows, and see those files only."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_imports_of_schools"
down_revision: str | None = "20261122_snapshots"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
NO_SCHOOL = "(SELECT tenancy.school_id()) IS NULL"
OWN = f"({NO_SCHOOL} OR school_id = (SELECT tenancy.school_id()))"
# The subquery is itself under the policy of imports, and run once a statement.
OF_OWN = f"({NO_SCHOOL} OR import_id IN (SELECT id FROM api.imports))"


def use(table: str, narrower: str) -> None:
    condition = f"{IN_MUNICIPALITY} AND {narrower}"
    op.execute(f"ALTER POLICY tenant ON api.{table} USING ({condition})")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("imports", sa.Column("school_id", sa.BigInteger()), schema="api")
    op.create_foreign_key(
        "fk_imports_school",
        "imports",
        "schools",
        ["municipality_id", "school_id"],
        ["municipality_id", "id"],
        source_schema="api",
        referent_schema="api",
    )
    op.create_index("ix_imports_school_id", "imports", ["school_id"], schema="api")
    for table, narrower in (("imports", OWN), ("import_lines", OF_OWN)):
        use(table, narrower)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("imports", "import_lines"):
        use(table, NO_SCHOOL)
    op.drop_index("ix_imports_school_id", "imports", schema="api")
    op.drop_constraint("fk_imports_school", "imports", schema="api")
    op.drop_column("imports", "school_id", schema="api")
