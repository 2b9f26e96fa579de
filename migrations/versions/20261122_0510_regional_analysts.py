"""Let an account be for a region, and keep sign-ins from the other services."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_regional_analysts"
down_revision: str | None = "20261122_readers_and_methodists"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE_SCOPE = "ck_users_role_scope"
BEFORE = (
    "(role = 'administrator' and municipality_id is null and school_id is null)"
    " or (role in ('municipal_coordinator', 'methodist')"
    " and municipality_id is not null and school_id is null)"
    " or (role in ('school_editor', 'school_reader')"
    " and municipality_id is not null and school_id is not null)"
)
AFTER = (
    "(role = 'administrator' and region_id is null and municipality_id is null"
    " and school_id is null)"
    " or (role = 'regional_analyst' and region_id is not null"
    " and municipality_id is null and school_id is null)"
    " or (role in ('municipal_coordinator', 'methodist') and region_id is null"
    " and municipality_id is not null and school_id is null)"
    " or (role in ('school_editor', 'school_reader') and region_id is null"
    " and municipality_id is not null and school_id is not null)"
)
IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
THE_USER = "(SELECT tenancy.user_id())"

# What `podyom.municipalities` is for an account of this part of the tree.
MUNICIPALITIES_OF = """
CREATE FUNCTION tenancy.municipalities_of(region bigint, municipality bigint)
RETURNS text LANGUAGE sql STABLE
RETURN CASE
  WHEN municipality IS NOT NULL THEN municipality::text
  WHEN region IS NOT NULL THEN coalesce(
    (SELECT string_agg(m.id::text, ',') FROM api.municipalities m
     WHERE m.region_id = region), '')
  ELSE 'all'
END
"""

ENTER = """
CREATE FUNCTION tenancy.enter_as_user(wanted bigint, wanted_session bigint)
RETURNS TABLE (now timestamptz, role text, {region_out} municipality_id bigint,
  school_id bigint, language text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE account record;
BEGIN
  SELECT u.id, u.role, {region_read} u.municipality_id, u.school_id, u.language,
      s.last_seen_at
    INTO account
    FROM api.users u JOIN api.sessions s ON s.user_id = u.id
    WHERE u.id = wanted AND u.is_active AND s.id = wanted_session
      AND s.revoked_at IS NULL AND s.expires_at > clock_timestamp();
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF account.last_seen_at < clock_timestamp() - interval '1 minute' THEN
    UPDATE api.sessions SET last_seen_at = clock_timestamp() WHERE id = (
      SELECT s.id FROM api.sessions s WHERE s.id = wanted_session
      FOR UPDATE SKIP LOCKED);
  END IF;
  PERFORM set_config('podyom.municipalities', {municipalities}, true),
    set_config('podyom.school', coalesce(account.school_id::text, ''), true),
    set_config('podyom.user', account.id::text, true);
  RETURN QUERY SELECT tenancy.clock_now(), account.role, {region_returned}
    account.municipality_id, account.school_id, account.language;
END
$$
"""
ENTER_BEFORE = ENTER.format(
    region_out="",
    region_read="",
    municipalities="coalesce(account.municipality_id::text, 'all')",
    region_returned="",
)
ENTER_AFTER = ENTER.format(
    region_out="region_id bigint,",
    region_read="u.region_id,",
    municipalities=(
        "tenancy.municipalities_of(account.region_id, account.municipality_id)"
    ),
    region_returned="account.region_id,",
)


def replace_entrance(statement: str) -> None:
    """Change what entering does; the api alone may enter."""
    signature = "tenancy.enter_as_user(bigint, bigint)"
    op.execute(f"DROP FUNCTION {signature}")
    op.execute(statement)
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO api")


def replace_policy(table: str, name: str, rest: str) -> None:
    """Change whose rows are whose."""
    op.execute(f"DROP POLICY {name} ON {table}")
    op.execute(f"CREATE POLICY {name} ON {table} {rest}")


def replace_role_scope(rule: str) -> None:
    """Say anew which role goes with which place."""
    op.drop_constraint(op.f(ROLE_SCOPE), "users", schema="api", type_="check")
    op.create_check_constraint(op.f(ROLE_SCOPE), "users", rule, schema="api")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("users", sa.Column("region_id", sa.BigInteger()), schema="api")
    op.create_foreign_key(
        op.f("fk_users_region_id_regions"),
        "users",
        "regions",
        ["region_id"],
        ["id"],
        source_schema="api",
        referent_schema="api",
    )
    replace_role_scope(AFTER)
    # Who is of no municipality sees the own account all the same.
    replace_policy(
        "api.users",
        "tenant",
        f"USING (id = {THE_USER} OR ({IN_MUNICIPALITY} AND {OWN_SCHOOL}))",
    )
    # What somebody of no municipality does to the own account leaves a trace, too.
    replace_policy(
        "api.audit_entries",
        "written",
        f"FOR INSERT WITH CHECK ({IN_MUNICIPALITY}"
        f" OR (municipality_id IS NULL AND actor_id = {THE_USER}))",
    )
    op.execute(MUNICIPALITIES_OF)
    replace_entrance(ENTER_AFTER)
    op.execute("REVOKE SELECT ON api.sessions FROM scoring, notifier")
    op.execute("REVOKE SELECT ON api.sign_in_attempts FROM scoring, notifier")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("GRANT SELECT ON api.sessions TO scoring, notifier")
    op.execute("GRANT SELECT ON api.sign_in_attempts TO scoring, notifier")
    replace_entrance(ENTER_BEFORE)
    op.execute("DROP FUNCTION tenancy.municipalities_of(bigint, bigint)")
    replace_policy(
        "api.audit_entries", "written", f"FOR INSERT WITH CHECK ({IN_MUNICIPALITY})"
    )
    replace_policy("api.users", "tenant", f"USING ({IN_MUNICIPALITY} AND {OWN_SCHOOL})")
    # Accounts in a role that is not known any more are for a person to decide upon.
    replace_role_scope(BEFORE)
    op.drop_column("users", "region_id", schema="api")
