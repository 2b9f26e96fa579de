"""Keep by when a year's data and a school's programme are due, and dates of plans."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_followed_records"
down_revision: str | None = "20261122_audit_of_sets"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
# A side of an agreement may be a school that signs: it sees neither the deadlines of
# the other side nor, across municipalities, its events. Written are lines of an
# agreement that the caller sees, for its two schools, and nothing else. An empty plan
# withdraws what is still owed.
FOLLOW_PLAN = """
CREATE FUNCTION tenancy.follow_agreement_plan(agreement bigint, plan jsonb, now timestamptz)
RETURNS void LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off
AS $$
BEGIN
  IF NOT tenancy.sees_agreement(agreement) THEN
    RETURN;
  END IF;
  WITH sides AS (
    SELECT mentor_school_id AS school_id, mentor_municipality_id AS municipality_id
    FROM api.mentoring_agreements WHERE id = agreement
    UNION ALL
    SELECT mentee_school_id, mentee_municipality_id
    FROM api.mentoring_agreements WHERE id = agreement
  ), lines AS (
    SELECT line.id, line.title, asked.starts_on, line.due_on AS nominal_due_on,
      asked.due_on
    FROM jsonb_to_recordset(plan) AS asked (id bigint, starts_on date, due_on date)
    JOIN api.agreement_measures line
      ON line.id = asked.id AND line.agreement_id = agreement
  ), opened AS (
    INSERT INTO api.deadlines AS existing (municipality_id, kind, source_id, school_id,
      occurrence, title, starts_on, nominal_due_on, due_on, state, created_at,
      changed_at)
    SELECT sides.municipality_id, 'agreement_plan', lines.id, sides.school_id, 1,
      lines.title, lines.starts_on, lines.nominal_due_on, lines.due_on, 'open', now, now
    FROM lines CROSS JOIN sides
    ON CONFLICT (kind, coalesce(measure_id, source_id), school_id, occurrence)
    DO UPDATE SET state = 'open' WHERE existing.state = 'withdrawn'
    RETURNING existing.municipality_id
  ), withdrawn AS (
    UPDATE api.deadlines SET state = 'withdrawn'
    WHERE kind = 'agreement_plan' AND state IN ('open', 'returned')
      AND source_id IN (SELECT id FROM api.agreement_measures
                        WHERE agreement_id = agreement)
      AND source_id NOT IN (SELECT id FROM lines)
    RETURNING municipality_id
  )
  INSERT INTO api.outbox (kind, municipality_id, payload, created_at)
  SELECT 'deadlines.changed', municipality_id,
    jsonb_build_object('happened', 'redated', 'kind', 'agreement_plan'), now
  FROM (SELECT municipality_id FROM opened
        UNION SELECT municipality_id FROM withdrawn) AS changed;
END
$$
"""
SIGNATURE = "tenancy.follow_agreement_plan(bigint, jsonb, timestamptz)"


def create_dates() -> None:
    op.create_table(
        "data_year_dates",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("academic_year", sa.SmallInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("set_by", sa.BigInteger()),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_data_year_dates_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["set_by"],
            ["api.users.id"],
            name=op.f("fk_data_year_dates_set_by_users"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_year_dates")),
        sa.UniqueConstraint(
            "municipality_id",
            "academic_year",
            name=op.f("uq_data_year_dates_municipality_id_academic_year"),
        ),
        schema="api",
    )
    op.execute("ALTER TABLE api.data_year_dates ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON api.data_year_dates USING ({IN_MUNICIPALITY})"
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_dates()
    op.add_column("school_programmes", sa.Column("submit_by", sa.Date()), schema="api")
    op.execute(FOLLOW_PLAN)
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO api")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    op.drop_column("school_programmes", "submit_by", schema="api")
    op.drop_table("data_year_dates", schema="api")
