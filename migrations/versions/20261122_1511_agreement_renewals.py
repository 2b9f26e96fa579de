"""Let agreements that end soon be owed a decision on their renewal."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_agreement_renewals"
down_revision: str | None = "20261122_agreement_scans"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KIND = "agreement_renewal"
OTHERS = (
    "measure",
    "agreement_plan",
    "school_programme",
    "anti_risk_programme",
    "recommendation",
    "data_year",
)

# Written is what the two schools of an agreement that the caller sees owe, and their
# municipalities, each once: the second has another occurrence, since neither names a
# school. Told is what was owed and moved, or is no more.
FOLLOW = """
CREATE FUNCTION tenancy.follow_agreement_renewal(agreement bigint, wanted text,
  called_now text, begins_on date, is_due_on date, today date, now timestamptz)
RETURNS TABLE (deadline_id bigint, owner_id bigint, whose_id bigint, called text,
  due_before date, due_after date)
LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off
AS $$
BEGIN
  IF NOT tenancy.sees_agreement(agreement) THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH parties AS (
    SELECT ends_on, mentor_school_id AS school_id, mentor_municipality_id AS place, 1 AS
      occurrence FROM api.mentoring_agreements WHERE id = agreement
    UNION ALL
    SELECT ends_on, mentee_school_id, mentee_municipality_id, 1
    FROM api.mentoring_agreements WHERE id = agreement
    UNION ALL
    SELECT ends_on, NULL::bigint, mentor_municipality_id, 1
    FROM api.mentoring_agreements WHERE id = agreement
    UNION ALL
    SELECT ends_on, NULL::bigint, mentee_municipality_id, 2
    FROM api.mentoring_agreements WHERE id = agreement
      AND mentee_municipality_id <> mentor_municipality_id
  ), was AS (
    SELECT d.id, d.state, d.due_on FROM api.deadlines d
    WHERE d.kind = 'agreement_renewal' AND d.source_id = agreement
  ), opened AS (
    INSERT INTO api.deadlines AS existing (municipality_id, kind, source_id, school_id,
      occurrence, title, starts_on, nominal_due_on, due_on, state, created_at,
      changed_at)
    SELECT p.place, 'agreement_renewal', agreement, p.school_id, p.occurrence,
      called_now, begins_on, p.ends_on, is_due_on, 'open', now, now
    FROM parties p LEFT JOIN api.schools school ON school.id = p.school_id
    WHERE wanted = 'open'
      AND (is_due_on >= today OR EXISTS (SELECT 1 FROM was))
      AND (school.closed_on IS NULL OR school.closed_on > greatest(is_due_on, today))
    ON CONFLICT (kind, coalesce(measure_id, source_id), school_id, occurrence)
    DO UPDATE SET state = 'open', done_on = NULL, title = excluded.title,
      starts_on = excluded.starts_on, nominal_due_on = excluded.nominal_due_on,
      due_on = excluded.due_on
    WHERE existing.state <> 'open' OR (existing.due_on >= today
      AND (existing.title, existing.nominal_due_on, existing.due_on)
        IS DISTINCT FROM (excluded.title, excluded.nominal_due_on, excluded.due_on))
    RETURNING existing.id, existing.municipality_id, existing.school_id, existing.title,
      existing.due_on
  ), closed AS (
    UPDATE api.deadlines d SET state = wanted,
      done_on = CASE wanted WHEN 'done' THEN today END
    WHERE wanted <> 'open' AND d.state = 'open' AND d.id IN (SELECT was.id FROM was)
    RETURNING d.id, d.municipality_id, d.school_id, d.title, d.due_on
  ), told AS (
    INSERT INTO api.outbox (kind, municipality_id, payload, created_at)
    SELECT 'deadlines.changed', changed.municipality_id,
      jsonb_build_object('happened', 'redated', 'kind', 'agreement_renewal'), now
    FROM (SELECT opened.municipality_id FROM opened
          UNION SELECT closed.municipality_id FROM closed) AS changed
  )
  SELECT o.id, o.municipality_id, o.school_id, o.title, was.due_on, o.due_on
  FROM opened o JOIN was ON was.id = o.id
  WHERE was.state = 'open' AND was.due_on <> o.due_on
  UNION ALL
  SELECT c.id, c.municipality_id, c.school_id, c.title, c.due_on, NULL::date
  FROM closed c
  WHERE wanted = 'withdrawn'
  ORDER BY 1;
END
$$
"""
SIGNATURE = "tenancy.follow_agreement_renewal(bigint, text, text, date, date, date, timestamptz)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _restrict_kinds((*OTHERS, KIND))
    op.execute(FOLLOW)
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO api")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    op.execute(f"DELETE FROM api.deadlines WHERE kind = '{KIND}'")
    _restrict_kinds(OTHERS)


def _restrict_kinds(kinds: Sequence[str]) -> None:
    name = op.f("ck_deadlines_kind")
    op.drop_constraint(name, "deadlines", schema="api", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "deadlines", f"kind in ({listed})", schema="api")
