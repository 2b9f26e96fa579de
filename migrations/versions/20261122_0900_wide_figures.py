"""Keep the measures of one set of results in one row."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_wide_figures"
down_revision: str | None = "20261122_method_life"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

N_OF = {
    "quality_rate": "n_marked",
    "success_rate": "n_marked",
    "sou": "n_marked",
    "mean_mark": "n_graded",
    "low_share": "n_low_of",
    "confirmed_marks": "n_compared",
}
COUNTS = ("n_marked", "n_graded", "n_low_of", "n_compared")
KEY = ("run_id", "school_id", "procedure", "subject", "programme_grade")
KEYS = "run_id, municipality_id, school_id, procedure, subject, programme_grade"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "CREATE TEMPORARY TABLE lines ON COMMIT DROP AS"
        " SELECT * FROM scoring.indicator_values"
    )
    op.execute("TRUNCATE scoring.indicator_values")
    # Its policies and grants stay with the table.
    op.rename_table("indicator_values", "figures", schema="scoring")
    for old in ("measure", "value", "n"):
        op.drop_column("figures", old, schema="scoring")
    for measure in N_OF:
        op.add_column("figures", sa.Column(measure, sa.Double()), schema="scoring")
    for count in COUNTS:
        op.add_column(
            "figures",
            sa.Column(count, sa.BigInteger(), nullable=False),
            schema="scoring",
        )
    op.execute(
        "ALTER TABLE scoring.figures RENAME CONSTRAINT pk_indicator_values TO pk_figures"
    )
    # A run and its figures are written together; the check costs a third of that.
    op.drop_constraint(
        op.f("fk_indicator_values_run_id_runs"),
        "figures",
        type_="foreignkey",
        schema="scoring",
    )
    op.create_unique_constraint(
        op.f("uq_figures_key"),
        "figures",
        KEY,
        schema="scoring",
        postgresql_nulls_not_distinct=True,
    )
    _turn_lines_into_rows()


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    lines = ", ".join(
        f"({place}, '{measure}', f.{measure}, f.{count})"
        for place, (measure, count) in enumerate(N_OF.items())
    )
    op.execute(
        "CREATE TEMPORARY TABLE lines ON COMMIT DROP AS SELECT f.id, line.place,"
        f" {KEYS}, line.measure, line.value, line.n FROM scoring.figures f"
        f" CROSS JOIN LATERAL (VALUES {lines}) AS line (place, measure, value, n)"
    )
    op.execute("TRUNCATE scoring.figures")
    op.drop_constraint(
        op.f("uq_figures_key"), "figures", type_="unique", schema="scoring"
    )
    op.rename_table("figures", "indicator_values", schema="scoring")
    op.execute(
        "ALTER TABLE scoring.indicator_values"
        " RENAME CONSTRAINT pk_figures TO pk_indicator_values"
    )
    for new in (*N_OF, *COUNTS):
        op.drop_column("indicator_values", new, schema="scoring")
    for old in (
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("value", sa.Double()),
        sa.Column("n", sa.BigInteger(), nullable=False),
    ):
        op.add_column("indicator_values", old, schema="scoring")
    _restore_constraints()
    op.execute(
        f"INSERT INTO scoring.indicator_values ({KEYS}, measure, value, n)"
        f" SELECT {KEYS}, measure, value, n FROM lines ORDER BY id, place"
    )


def _turn_lines_into_rows() -> None:
    measures = ", ".join(
        f"max(value) FILTER (WHERE measure = '{measure}')" for measure in N_OF
    )
    measure_of = {count: measure for measure, count in N_OF.items()}
    counts = ", ".join(
        f"max(n) FILTER (WHERE measure = '{measure_of[count]}')" for count in COUNTS
    )
    op.execute(
        f"INSERT INTO scoring.figures ({KEYS}, {', '.join((*N_OF, *COUNTS))})"
        f" SELECT {KEYS}, {measures}, {counts} FROM lines"
        f" GROUP BY {KEYS} ORDER BY min(id)"
    )


def _restore_constraints() -> None:
    op.create_foreign_key(
        op.f("fk_indicator_values_run_id_runs"),
        "indicator_values",
        "runs",
        ["run_id"],
        ["id"],
        source_schema="scoring",
        referent_schema="scoring",
    )
    op.create_unique_constraint(
        op.f("uq_indicator_values_key"),
        "indicator_values",
        (*KEY, "measure"),
        schema="scoring",
        postgresql_nulls_not_distinct=True,
    )
