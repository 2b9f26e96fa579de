"""Keep results without marks, their scores, and how marks compare with journals."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_result_figures"
down_revision: str | None = "20261122_records"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "assessment_results"
MARKS = ("n2", "n3", "n4", "n5")
COLUMNS = (
    ("mean_primary_score", sa.Float()),
    ("max_primary_score", sa.Float()),
    ("mean_test_score", sa.Float()),
    ("n_lower", sa.BigInteger()),
    ("n_equal", sa.BigInteger()),
    ("n_higher", sa.BigInteger()),
    ("observed", sa.Boolean()),
    ("score_counts", postgresql.JSONB()),
)
OLD_COUNTS = (
    "n2 >= 0 and n3 >= 0 and n4 >= 0 and n5 >= 0 and n_absent >= 0"
    " and n_ungraded >= 0 and n_below_minimum >= 0"
)
COUNTS = (
    "n >= 0 and n2 >= 0 and n3 >= 0 and n4 >= 0 and n5 >= 0 and n_absent >= 0"
    " and n_ungraded >= 0 and n_below_minimum between 0 and n"
)
CHECKS = (
    ("marks_together", "num_nulls(n2, n3, n4, n5) in (0, 4)"),
    (
        "journal",
        "num_nulls(n_lower, n_equal, n_higher) in (0, 3) and n_lower >= 0"
        " and n_equal >= 0 and n_higher >= 0 and n_lower + n_equal + n_higher <= n",
    ),
    (
        "scores",
        "max_primary_score > 0 and mean_test_score between 0 and 100"
        " and mean_primary_score between 0 and coalesce(max_primary_score, 1000)",
    ),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, kind in COLUMNS:
        op.add_column(TABLE, sa.Column(name, kind), schema="api")
    for mark in MARKS:
        op.alter_column(TABLE, mark, nullable=True, schema="api")
    _drop_check("counts")
    for name, rule in (("counts", COUNTS), *CHECKS):
        _add_check(name, rule)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("counts", *(name for name, _ in CHECKS)):
        _drop_check(name)
    _add_check("counts", OLD_COUNTS)
    # What was held in scores alone cannot be told in the older form.
    op.execute(f"DELETE FROM api.{TABLE} WHERE n2 IS NULL")
    for mark in MARKS:
        op.alter_column(TABLE, mark, nullable=False, schema="api")
    for name, _ in COLUMNS:
        op.drop_column(TABLE, name, schema="api")


def _add_check(name: str, rule: str) -> None:
    op.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, rule, schema="api")


def _drop_check(name: str) -> None:
    op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, schema="api", type_="check")
