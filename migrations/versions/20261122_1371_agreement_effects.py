"""Let readers of an agreement set its mentee beside like schools.

A school does not read its peers' figures: these functions give them to what counts
with them, of agreements that the caller sees.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_agreement_effects"
down_revision: str | None = "20261122_exchange_secrets"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AS_OWNER = (
    "SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off"
)
THIS = "a.id = agreement AND tenancy.sees_agreement(agreement)"
FUNCTIONS = {
    # By the newest conditions up to the year in which the agreement began.
    "tenancy.agreement_peers(bigint, bigint)": f"""
    CREATE FUNCTION tenancy.agreement_peers(agreement bigint, in_year bigint)
    RETURNS TABLE (run_id bigint, year bigint, school_id bigint, name text,
      distance double precision, has_agreement boolean)
    LANGUAGE sql STABLE {AS_OWNER}
    AS $$
      SELECT c.run_id, c.year, s.id, s.name, (p.value ->> 'distance')::float8,
        EXISTS (SELECT 1 FROM api.mentoring_agreements o
          WHERE o.id <> a.id AND s.id IN (o.mentor_school_id, o.mentee_school_id)
            AND o.starts_on <= coalesce(a.ended_on, a.ends_on)
            AND coalesce(o.ended_on, o.ends_on) >= a.starts_on
            AND EXISTS (SELECT 1 FROM api.agreement_events e
              WHERE e.agreement_id = o.id AND e.to_status = 'active'))
          OR s.id = a.mentor_school_id
      FROM api.mentoring_agreements a
        CROSS JOIN LATERAL (SELECT n.run_id, n.year FROM scoring.current_runs n
          WHERE n.municipality_id = a.mentee_municipality_id
            AND n.topic = 'conditions' AND n.year <= in_year
          ORDER BY n.year DESC LIMIT 1) c
        JOIN scoring.school_conditions k
          ON k.run_id = c.run_id AND k.school_id = a.mentee_school_id
        CROSS JOIN LATERAL jsonb_array_elements(k.peers) p
        JOIN api.schools s ON s.id = (p.value ->> 'school_id')::bigint
      WHERE {THIS}
    $$
    """,
    "tenancy.agreement_figures(bigint, bigint, bigint[], text)": f"""
    CREATE FUNCTION tenancy.agreement_figures(
      agreement bigint, in_year bigint, years bigint[], measure text)
    RETURNS TABLE (run_id bigint, year bigint, school_id bigint, procedure text,
      subject text, programme_grade bigint, value double precision, n bigint)
    LANGUAGE sql STABLE {AS_OWNER}
    AS $$
      SELECT f.run_id, c.year, f.school_id, f.procedure, f.subject, f.programme_grade,
        CASE measure WHEN 'low_share' THEN f.low_share
          WHEN 'quality_rate' THEN f.quality_rate
          WHEN 'success_rate' THEN f.success_rate END,
        CASE measure WHEN 'low_share' THEN f.n_low_of ELSE f.n_marked END
      FROM api.mentoring_agreements a
        JOIN scoring.current_runs c ON c.municipality_id = a.mentee_municipality_id
          AND c.topic = 'results' AND c.year = ANY (years)
        JOIN scoring.figures f ON f.run_id = c.run_id
      WHERE {THIS}
        AND f.procedure IS NOT NULL AND f.subject IS NOT NULL
        AND f.programme_grade IS NOT NULL
        AND CASE measure WHEN 'low_share' THEN f.n_low_of ELSE f.n_marked END > 0
        AND (f.school_id = a.mentee_school_id OR f.school_id IN (
          SELECT p.school_id FROM tenancy.agreement_peers(agreement, in_year) p))
    $$
    """,
    "tenancy.agreement_composites(bigint, bigint, bigint[])": f"""
    CREATE FUNCTION tenancy.agreement_composites(
      agreement bigint, in_year bigint, years bigint[])
    RETURNS TABLE (run_id bigint, year bigint, school_id bigint,
      value double precision, n bigint, method_hash text)
    LANGUAGE sql STABLE {AS_OWNER}
    AS $$
      SELECT r.run_id, c.year, r.school_id, r.value, r.n, u.method_hash
      FROM api.mentoring_agreements a
        JOIN scoring.current_runs c ON c.municipality_id = a.mentee_municipality_id
          AND c.topic = 'results' AND c.year = ANY (years)
        JOIN scoring.runs u ON u.id = c.run_id
        JOIN scoring.ranking_places r ON r.run_id = c.run_id AND r.scope = 'overall'
      WHERE {THIS} AND r.value IS NOT NULL AND r.outside_reason IS NULL
        AND (r.school_id = a.mentee_school_id OR r.school_id IN (
          SELECT p.school_id FROM tenancy.agreement_peers(agreement, in_year) p))
    $$
    """,
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for signature, function in FUNCTIONS.items():
        op.execute(function)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO api")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for signature in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {signature}")
