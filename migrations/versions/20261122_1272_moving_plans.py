"""Move what is owed of agreements' plans with the calendar, and tell what moved."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_moving_plans"
down_revision: str | None = "20261122_usage"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = """
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
BEFORE_SIGNATURE = "tenancy.follow_agreement_plan(bigint, jsonb, timestamptz)"

# As before: written are lines of an agreement that the caller sees, for its two schools,
# and nothing else. What is owed moves with its line; what was due before `today` stays
# as it is while the plan is in force. Told is what was owed and moved, or is no more.
AFTER = """
CREATE FUNCTION tenancy.follow_agreement_plan(agreement bigint, plan jsonb,
  today date, in_force boolean, now timestamptz)
RETURNS TABLE (deadline_id bigint, owner_id bigint, line_id bigint, whose_id bigint,
  called text, due_before date, due_after date)
LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off
AS $$
BEGIN
  IF NOT tenancy.sees_agreement(agreement) THEN
    RETURN;
  END IF;
  RETURN QUERY
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
  ), was AS (
    SELECT d.id, d.state, d.due_on FROM api.deadlines d
    WHERE d.kind = 'agreement_plan' AND d.source_id IN (
      SELECT m.id FROM api.agreement_measures m WHERE m.agreement_id = agreement)
  ), written AS (
    INSERT INTO api.deadlines AS existing (municipality_id, kind, source_id, school_id,
      occurrence, title, starts_on, nominal_due_on, due_on, state, created_at,
      changed_at)
    SELECT sides.municipality_id, 'agreement_plan', lines.id, sides.school_id, 1,
      lines.title, lines.starts_on, lines.nominal_due_on, lines.due_on, 'open', now, now
    FROM lines CROSS JOIN sides JOIN api.schools school ON school.id = sides.school_id
    WHERE school.closed_on IS NULL OR school.closed_on > greatest(lines.due_on, today)
    ON CONFLICT (kind, coalesce(measure_id, source_id), school_id, occurrence)
    DO UPDATE SET
      state = CASE existing.state WHEN 'withdrawn' THEN 'open' ELSE existing.state END,
      title = excluded.title, starts_on = excluded.starts_on,
      nominal_due_on = excluded.nominal_due_on, due_on = excluded.due_on
    WHERE existing.state = 'withdrawn' OR (existing.state IN ('open', 'returned')
      AND existing.due_on >= today
      AND (existing.title, existing.nominal_due_on, existing.due_on)
        IS DISTINCT FROM (excluded.title, excluded.nominal_due_on, excluded.due_on))
    RETURNING existing.id, existing.municipality_id, existing.source_id,
      existing.school_id, existing.title, existing.due_on
  ), withdrawn AS (
    UPDATE api.deadlines d SET state = 'withdrawn'
    WHERE d.kind = 'agreement_plan' AND d.state IN ('open', 'returned')
      AND d.id IN (SELECT was.id FROM was)
      AND d.source_id NOT IN (SELECT lines.id FROM lines)
      AND (NOT in_force OR d.due_on >= today)
    RETURNING d.id, d.municipality_id, d.source_id, d.school_id, d.title, d.due_on
  ), told AS (
    INSERT INTO api.outbox (kind, municipality_id, payload, created_at)
    SELECT 'deadlines.changed', changed.municipality_id,
      jsonb_build_object('happened', 'redated', 'kind', 'agreement_plan'), now
    FROM (SELECT written.municipality_id FROM written
          UNION SELECT withdrawn.municipality_id FROM withdrawn) AS changed
  )
  SELECT w.id, w.municipality_id, w.source_id, w.school_id, w.title, was.due_on,
    w.due_on
  FROM written w JOIN was ON was.id = w.id
  WHERE was.state IN ('open', 'returned') AND was.due_on <> w.due_on
  UNION ALL
  SELECT g.id, g.municipality_id, g.source_id, g.school_id, g.title, g.due_on,
    NULL::date
  FROM withdrawn g
  ORDER BY 1;
END
$$
"""
AFTER_SIGNATURE = (
    "tenancy.follow_agreement_plan(bigint, jsonb, date, boolean, timestamptz)"
)


def replace(dropped: str, created: str, signature: str) -> None:
    """Put another function in the place of one; the api alone may call it."""
    op.execute(f"DROP FUNCTION {dropped}")
    op.execute(created)
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO api")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    replace(BEFORE_SIGNATURE, AFTER, AFTER_SIGNATURE)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    replace(AFTER_SIGNATURE, BEFORE, BEFORE_SIGNATURE)
