"""Tell those who review access who can read a school's data, and since when unused."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_access_reviews"
down_revision: str | None = "20261122_agreement_effects"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AS_OWNER = (
    "SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off"
)
LAST_SEEN = f"""
CREATE FUNCTION tenancy.last_seen(account bigint) RETURNS timestamptz
LANGUAGE sql STABLE {AS_OWNER}
AS $$
  SELECT max(s.last_seen_at) FROM api.sessions s WHERE s.user_id = account
$$
"""
# Those above the caller are told of, too, by role and never by login. A token or a
# client reaches a school only where its issuer still does.
ACCESS_TO_SCHOOL = f"""
CREATE FUNCTION tenancy.access_to_school(school bigint)
RETURNS TABLE (kind text, id bigint, role text, name text, level text,
  rights text[], issuer_id bigint, created_at timestamptz, expires_at timestamptz,
  last_used_at timestamptz)
LANGUAGE sql STABLE {AS_OWNER}
AS $$
  WITH RECURSIVE here AS (
    SELECT s.id, s.municipality_id, m.region_id,
      (tenancy.clock_now() AT TIME ZONE m.time_zone)::date AS today
    FROM api.schools s JOIN api.municipalities m ON m.id = s.municipality_id
    WHERE s.id = school
      AND (tenancy.sees_all() OR s.municipality_id = ANY (tenancy.municipalities()))
      AND (tenancy.school_id() IS NULL OR tenancy.school_id() = s.id)
  ), later AS (
    SELECT l.successor_id AS id FROM api.school_lineage l JOIN here
      ON l.predecessor_id = here.id
    UNION SELECT l.successor_id FROM api.school_lineage l
      JOIN later ON l.predecessor_id = later.id
  ), covering AS (
    SELECT u.id, u.role, u.display_name, u.created_at, u.is_active,
      CASE WHEN u.school_id = here.id THEN 'school'
        WHEN u.school_id IS NOT NULL THEN 'successor'
        WHEN u.municipality_id IS NOT NULL THEN 'municipality'
        WHEN u.region_id IS NOT NULL THEN 'region' ELSE 'installation' END AS level
    FROM api.users u CROSS JOIN here
    WHERE u.is_active AND CASE
      WHEN u.school_id IS NOT NULL
        THEN u.school_id = here.id OR u.school_id IN (SELECT later.id FROM later)
      WHEN u.municipality_id IS NOT NULL THEN u.municipality_id = here.municipality_id
      WHEN u.region_id IS NOT NULL THEN u.region_id = here.region_id ELSE true END
  )
  SELECT 'account', c.id, c.role, c.display_name, c.level, '{{}}'::text[],
    NULL::bigint, c.created_at, NULL::timestamptz, tenancy.last_seen(c.id)
  FROM covering c WHERE c.role <> 'api_client'
  UNION ALL
  SELECT 'api_token', t.id, c.role, t.name, c.level, t.scopes, t.issuer_id,
    t.created_at, t.expires_at, t.last_used_at
  FROM api.api_tokens t JOIN covering c ON c.id = t.user_id
    JOIN covering i ON i.id = t.issuer_id
  WHERE t.revoked_at IS NULL AND t.expires_at > clock_timestamp()
  UNION ALL
  SELECT 'client', p.id, c.role, p.name, c.level, p.scopes, p.issuer_id,
    p.created_at, p.expires_at, p.last_used_at
  FROM api.clients p JOIN covering c ON c.id = p.user_id
    JOIN covering i ON i.id = p.issuer_id
  WHERE p.revoked_at IS NULL AND p.expires_at > clock_timestamp()
  UNION ALL
  SELECT 'agreement', a.id, NULL, m.name, 'agreement', a.shared_datasets,
    NULL::bigint, a.created_at, a.ends_on::timestamptz, NULL::timestamptz
  FROM api.mentoring_agreements a JOIN here ON here.id = a.mentee_school_id
    JOIN api.schools m ON m.id = a.mentor_school_id
  WHERE a.status = 'active' AND cardinality(a.shared_datasets) > 0
    AND here.today BETWEEN a.starts_on AND a.ends_on
$$
"""
FUNCTIONS = {
    "tenancy.last_seen(bigint)": LAST_SEEN,
    "tenancy.access_to_school(bigint)": ACCESS_TO_SCHOOL,
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
