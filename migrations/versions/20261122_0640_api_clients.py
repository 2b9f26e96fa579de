"""Let programs act for a part of the tree with the rights that somebody lent them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_api_clients"
down_revision: str | None = "20261122_agreement_rights"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLE_SCOPE = "ck_users_role_scope"
BEFORE = (
    "(role = 'administrator' and region_id is null and municipality_id is null"
    " and school_id is null)"
    " or (role = 'regional_analyst' and region_id is not null"
    " and municipality_id is null and school_id is null)"
    " or (role in ('municipal_coordinator', 'methodist') and region_id is null"
    " and municipality_id is not null and school_id is null)"
    " or (role in ('school_editor', 'school_reader') and region_id is null"
    " and municipality_id is not null and school_id is not null)"
)
AFTER = (
    f"{BEFORE} or (role = 'api_client' and password_hash is null"
    " and (region_id is null or municipality_id is null)"
    " and (school_id is null or municipality_id is not null))"
)
# A client is visible to whom its account is.
VISIBLE_ACCOUNT = "EXISTS (SELECT 1 FROM api.users u WHERE u.id = user_id)"
THE_SYSTEM = "(SELECT tenancy.sees_all()) AND (SELECT tenancy.user_id()) IS NULL"

# What the token is for and what its issuer is for now: both have to allow it. A region
# and a municipality of it meet in the municipality; what does not meet is nothing.
ENTER_AS_CLIENT = """
CREATE FUNCTION tenancy.enter_as_client(wanted bytea)
RETURNS TABLE (now timestamptz, user_id bigint, region_id bigint,
  municipality_id bigint, school_id bigint, language text, issuer_role text,
  scopes text[])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  client record;
  region bigint;
  municipality bigint;
  school bigint;
  seen text;
BEGIN
  SELECT t.id AS token_id, t.scopes, t.last_used_at, u.id, u.region_id,
      u.municipality_id, u.school_id, u.language, i.role AS issuer_role,
      i.region_id AS of_region, i.municipality_id AS of_municipality,
      i.school_id AS of_school
    INTO client
    FROM api.api_tokens t
      JOIN api.users u ON u.id = t.user_id
      JOIN api.users i ON i.id = t.issuer_id
    WHERE t.token_hash = wanted AND t.revoked_at IS NULL
      AND t.expires_at > clock_timestamp() AND u.is_active AND i.is_active;
  IF NOT FOUND
      OR client.municipality_id <> client.of_municipality
      OR client.school_id <> client.of_school
      OR client.region_id <> client.of_region
      OR NOT tenancy.is_in_region(client.municipality_id, client.of_region)
      OR NOT tenancy.is_in_region(client.of_municipality, client.region_id) THEN
    RETURN;
  END IF;
  municipality := coalesce(client.municipality_id, client.of_municipality);
  school := coalesce(client.school_id, client.of_school);
  region := CASE WHEN municipality IS NULL
    THEN coalesce(client.region_id, client.of_region) END;
  seen := tenancy.municipalities_of(region, municipality);
  IF client.last_used_at IS NULL
      OR client.last_used_at < clock_timestamp() - interval '1 minute' THEN
    UPDATE api.api_tokens SET last_used_at = clock_timestamp() WHERE id = (
      SELECT t.id FROM api.api_tokens t WHERE t.id = client.token_id
      FOR UPDATE SKIP LOCKED);
  END IF;
  PERFORM set_config('podyom.municipalities', seen, true),
    set_config('podyom.school', coalesce(school::text, ''), true),
    set_config('podyom.user', client.id::text, true);
  RETURN QUERY SELECT tenancy.clock_now(), client.id, region, municipality, school,
    client.language, client.issuer_role, client.scopes;
END
$$
"""
# Nothing named is nothing to be outside of.
IS_IN_REGION = """
CREATE FUNCTION tenancy.is_in_region(municipality bigint, region bigint)
RETURNS boolean LANGUAGE sql STABLE
RETURN municipality IS NULL OR region IS NULL OR EXISTS (
  SELECT 1 FROM api.municipalities m
  WHERE m.id = municipality AND m.region_id = region)
"""


def replace_role_scope(rule: str) -> None:
    """Say anew which role goes with which place."""
    op.drop_constraint(op.f(ROLE_SCOPE), "users", schema="api", type_="check")
    op.create_check_constraint(op.f(ROLE_SCOPE), "users", rule, schema="api")


def create_tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("issuer_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["user_id"], ["api.users.id"], name=op.f("fk_api_tokens_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["api.users.id"], name=op.f("fk_api_tokens_issuer_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
        sa.UniqueConstraint("user_id", name=op.f("uq_api_tokens_user_id")),
        schema="api",
    )
    op.create_index(
        op.f("ix_api_tokens_issuer_id"), "api_tokens", ["issuer_id"], schema="api"
    )
    op.execute("ALTER TABLE api.api_tokens ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant ON api.api_tokens"
        f" USING ({VISIBLE_ACCOUNT} OR ({THE_SYSTEM}))"
    )
    op.execute("REVOKE SELECT ON api.api_tokens FROM scoring, notifier")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.alter_column("users", "password_hash", nullable=True, schema="api")
    replace_role_scope(AFTER)
    create_tokens()
    op.execute(IS_IN_REGION)
    op.execute(ENTER_AS_CLIENT)
    op.execute("REVOKE ALL ON FUNCTION tenancy.enter_as_client(bytea) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION tenancy.enter_as_client(bytea) TO api")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION tenancy.enter_as_client(bytea)")
    op.execute("DROP FUNCTION tenancy.is_in_region(bigint, bigint)")
    op.drop_table("api_tokens", schema="api")
    # Clients and accounts without a password are for a person to decide upon.
    replace_role_scope(BEFORE)
    op.alter_column("users", "password_hash", nullable=False, schema="api")
