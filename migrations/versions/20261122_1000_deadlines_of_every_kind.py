"""Let one table hold everything that is owed by a day, and count its revisions."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_deadlines_of_every_kind"
down_revision: str | None = "20261122_internal_controls"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "deadlines"
MEASURE_KEY = "uq_deadlines_measure_id_school_id_occurrence"
OLD_STATES = ("open", "done", "past", "withdrawn")
STATES = ("open", "submitted", "returned", "done", "past", "withdrawn")
KINDS = (
    "measure",
    "agreement_plan",
    "school_programme",
    "anti_risk_programme",
    "recommendation",
    "data_year",
)
SUBJECT = (
    "(kind = 'measure') = (measure_id is not null)"
    " and (measure_id is null) = (source_id is not null)"
    " and (measure_id is null) = (title is not null)"
)
COUNT_REVISIONS = """
CREATE FUNCTION api.count_revision_of_deadline() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
  NEW.revision := OLD.revision + 1;
  NEW.changed_at := tenancy.clock_now();
  RETURN NEW;
END
$$
"""
COUNT_REVISIONS_WHEN = """
CREATE TRIGGER count_revision BEFORE UPDATE ON api.deadlines
FOR EACH ROW WHEN ((OLD.due_on, OLD.starts_on, OLD.state, OLD.title)
  IS DISTINCT FROM (NEW.due_on, NEW.starts_on, NEW.state, NEW.title))
EXECUTE FUNCTION api.count_revision_of_deadline()
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _add(sa.Column("kind", sa.Text(), server_default="measure", nullable=False))
    _add(sa.Column("source_id", sa.BigInteger()))
    _add(sa.Column("title", sa.Text()))
    _add(sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False))
    _add(sa.Column("changed_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE api.deadlines SET changed_at = created_at")
    _alter("changed_at", nullable=False)
    _alter("kind", server_default=None)
    _alter("measure_id", nullable=True)
    op.drop_constraint(MEASURE_KEY, TABLE, schema="api", type_="unique")
    op.create_index(
        "uq_deadlines_subject",
        TABLE,
        ["kind", sa.text("coalesce(measure_id, source_id)"), "school_id", "occurrence"],
        unique=True,
        schema="api",
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("ix_deadlines_measure_id", TABLE, ["measure_id"], schema="api")
    _check("kind", f"kind in ({_listed(KINDS)})")
    _check("subject", SUBJECT)
    _restrict_states(STATES)
    op.execute(COUNT_REVISIONS)
    op.execute(COUNT_REVISIONS_WHEN)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER count_revision ON api.deadlines")
    op.execute("DROP FUNCTION api.count_revision_of_deadline()")
    op.execute("DELETE FROM api.deadlines WHERE kind <> 'measure'")
    op.execute(
        "UPDATE api.deadlines SET state = 'open'"
        " WHERE state IN ('submitted', 'returned')"
    )
    _restrict_states(OLD_STATES)
    for name in ("kind", "subject"):
        op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, schema="api")
    op.drop_index("ix_deadlines_measure_id", table_name=TABLE, schema="api")
    op.drop_index("uq_deadlines_subject", table_name=TABLE, schema="api")
    for name in ("kind", "source_id", "title", "revision", "changed_at"):
        op.drop_column(TABLE, name, schema="api")
    _alter("measure_id", nullable=False)
    op.create_unique_constraint(
        MEASURE_KEY,
        TABLE,
        ["measure_id", "school_id", "occurrence"],
        schema="api",
        postgresql_nulls_not_distinct=True,
    )


def _add(column: "sa.Column[object]") -> None:
    op.add_column(TABLE, column, schema="api")


def _alter(column: str, **change: object) -> None:
    op.alter_column(TABLE, column, schema="api", **change)  # type: ignore[arg-type] # handed on as given


def _check(name: str, condition: str) -> None:
    op.create_check_constraint(
        op.f(f"ck_{TABLE}_{name}"), TABLE, condition, schema="api"
    )


def _listed(values: Sequence[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _restrict_states(states: Sequence[str]) -> None:
    op.drop_constraint(op.f(f"ck_{TABLE}_state"), TABLE, schema="api", type_="check")
    _check("state", f"state in ({_listed(states)})")
