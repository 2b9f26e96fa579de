"""Keep of each programme value its coverage, schools, growth and projection."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_programme_values"
down_revision: str | None = "20261122_objectivity_findings"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DOUBLES = ("low", "high", "least", "most")
COUNTS = {"n_decided": "coalesce(denominator, 0)", "n_schools": "0"}
TEXTS = ("reason", "unprojected")
LISTS = ("others", "undecided", "thresholds")
OBJECTS = ("growth", "projection")
RUNS = {"runs": ("as_of", "valid_until"), "current_runs": ("valid_until",)}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, columns in RUNS.items():
        for column in columns:
            type_ = sa.Date() if column == "as_of" else sa.DateTime(timezone=True)
            op.add_column(table, sa.Column(column, type_), schema="scoring")
    op.create_index(
        "ix_current_runs_valid_until",
        "current_runs",
        ["valid_until"],
        schema="scoring",
        postgresql_where=sa.text("valid_until IS NOT NULL"),
    )
    for name in DOUBLES:
        _add(sa.Column(name, sa.Double()))
    for name in TEXTS:
        _add(sa.Column(name, sa.Text()))
    for name in OBJECTS:
        _add(sa.Column(name, postgresql.JSONB()))
    for name, before in COUNTS.items():
        _add_filled(name, sa.BigInteger(), before)
    for name in LISTS:
        _add_filled(name, postgresql.JSONB(), "'[]'::jsonb")
    _add_filled("is_settled", sa.Boolean(), "false")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in (*DOUBLES, *TEXTS, *OBJECTS, *COUNTS, *LISTS, "is_settled"):
        op.drop_column("programme_values", name, schema="scoring")
    op.drop_index(
        "ix_current_runs_valid_until", table_name="current_runs", schema="scoring"
    )
    for table, columns in RUNS.items():
        for column in columns:
            op.drop_column(table, column, schema="scoring")


def _add(column: "sa.Column[Any]") -> None:
    op.add_column("programme_values", column, schema="scoring")


def _add_filled(name: str, type_: "sa.types.TypeEngine[Any]", before: str) -> None:
    """Add a column that is always filled in; values of older runs know no better."""
    _add(sa.Column(name, type_))
    op.execute(f"UPDATE scoring.programme_values SET {name} = {before}")
    op.alter_column("programme_values", name, nullable=False, schema="scoring")
