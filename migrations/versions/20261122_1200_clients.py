"""Register programs that get their tokens by OAuth 2.0 client credentials."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_clients"
down_revision: str | None = "20261122_whole_attempt_log"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

THE_SYSTEM = "(SELECT tenancy.sees_all()) AND (SELECT tenancy.user_id()) IS NULL"
# A client is visible to whom its account is, and so is what it proves itself with.
SEEN = {
    "clients": "EXISTS (SELECT 1 FROM api.users u WHERE u.id = user_id)",
    "client_credentials": (
        "EXISTS (SELECT 1 FROM api.clients c WHERE c.id = client_credentials.client_id)"
    ),
    "client_assertions": "false",
}
KIND = (
    "(kind = 'secret' and secret_hash is not null and public_key is null)"
    " or (kind = 'key' and secret_hash is null and public_key is not null"
    " and key_id is not null)"
)

# What a program is for and what its issuer is for now: both have to allow it. A region
# and a municipality of it meet in the municipality; what does not meet is nothing.
ENTER_ON_BEHALF = """
CREATE FUNCTION tenancy.enter_on_behalf(account bigint, issuer bigint)
RETURNS TABLE (now timestamptz, user_id bigint, region_id bigint,
  municipality_id bigint, school_id bigint, language text, issuer_role text)
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  program api.users;
  person api.users;
  region bigint;
  municipality bigint;
  school bigint;
  seen text;
BEGIN
  SELECT * INTO program FROM api.users u WHERE u.id = account AND u.is_active;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT * INTO person FROM api.users u WHERE u.id = issuer AND u.is_active;
  IF NOT FOUND
      OR program.municipality_id <> person.municipality_id
      OR program.school_id <> person.school_id
      OR program.region_id <> person.region_id
      OR NOT tenancy.is_in_region(program.municipality_id, person.region_id)
      OR NOT tenancy.is_in_region(person.municipality_id, program.region_id) THEN
    RETURN;
  END IF;
  municipality := coalesce(program.municipality_id, person.municipality_id);
  school := coalesce(program.school_id, person.school_id);
  region := CASE WHEN municipality IS NULL
    THEN coalesce(program.region_id, person.region_id) END;
  seen := tenancy.municipalities_of(region, municipality);
  PERFORM set_config('podyom.municipalities', seen, true),
    set_config('podyom.school', coalesce(school::text, ''), true),
    set_config('podyom.user', program.id::text, true);
  RETURN QUERY SELECT tenancy.clock_now(), program.id, region, municipality, school,
    program.language, person.role;
END
$$
"""
# Whoever holds a token of a client acts for it as long as the client and what it proved
# itself with are not revoked. A secret that has merely run out takes no tokens along.
ENTER_AS_REGISTERED_CLIENT = """
CREATE FUNCTION tenancy.enter_as_registered_client(credential bigint, caller text)
RETURNS TABLE (now timestamptz, user_id bigint, region_id bigint,
  municipality_id bigint, school_id bigint, language text, issuer_role text,
  scopes text[])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  client api.clients;
BEGIN
  SELECT c.* INTO client
    FROM api.clients c JOIN api.client_credentials k ON k.client_id = c.id
    WHERE k.id = credential AND k.revoked_at IS NULL AND c.revoked_at IS NULL
      AND c.expires_at > clock_timestamp();
  IF NOT FOUND THEN RETURN; END IF;
  IF client.last_used_at IS NULL
      OR client.last_used_at < clock_timestamp() - interval '1 minute' THEN
    UPDATE api.clients SET last_used_at = clock_timestamp(), last_used_address = caller
    WHERE id = (
      SELECT c.id FROM api.clients c WHERE c.id = client.id FOR UPDATE SKIP LOCKED);
  END IF;
  RETURN QUERY SELECT e.now, e.user_id, e.region_id, e.municipality_id, e.school_id,
    e.language, e.issuer_role, client.scopes
    FROM tenancy.enter_on_behalf(client.user_id, client.issuer_id) e;
END
$$
"""
# The region that an account is for as a whole; a program has that of its issuer.
OWN_REGION = """
CREATE OR REPLACE FUNCTION tenancy.own_region() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(u.region_id, i.region_id)
  FROM api.users u
    {programs}
  WHERE u.id = tenancy.user_id()
    AND u.municipality_id IS NULL AND i.municipality_id IS NULL
$$
"""
OF_TOKENS = """LEFT JOIN api.api_tokens t ON t.user_id = u.id
    LEFT JOIN api.users i ON i.id = t.issuer_id"""
OF_CLIENTS = """LEFT JOIN api.api_tokens t ON t.user_id = u.id
    LEFT JOIN api.clients c ON c.user_id = u.id
    LEFT JOIN api.users i ON i.id = coalesce(t.issuer_id, c.issuer_id)"""
FUNCTIONS = (
    "tenancy.enter_as_registered_client(bigint, text)",
    "tenancy.enter_on_behalf(bigint, bigint)",
)


def create_clients() -> None:
    op.create_table(
        "clients",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("issuer_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("rate_limit", sa.BigInteger()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.Column("last_used_address", sa.Text()),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["api.users.id"], name=op.f("fk_clients_issuer_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["api.users.id"], name=op.f("fk_clients_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients")),
        sa.UniqueConstraint("client_id", name=op.f("uq_clients_client_id")),
        sa.UniqueConstraint("user_id", name=op.f("uq_clients_user_id")),
        schema="api",
    )
    op.create_index(
        op.f("ix_clients_issuer_id"), "clients", ["issuer_id"], schema="api"
    )


def create_credentials() -> None:
    op.create_table(
        "client_credentials",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary()),
        sa.Column("key_id", sa.Text()),
        sa.Column("public_key", postgresql.JSONB()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.Column("last_used_address", sa.Text()),
        sa.CheckConstraint(KIND, name=op.f("ck_client_credentials_kind")),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["api.clients.id"],
            name=op.f("fk_client_credentials_client_id_clients"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_credentials")),
        sa.UniqueConstraint(
            "client_id",
            "key_id",
            name=op.f("uq_client_credentials_client_id_key_id"),
        ),
        schema="api",
    )
    op.create_index(
        op.f("ix_client_credentials_client_id_id"),
        "client_credentials",
        ["client_id", "id"],
        schema="api",
    )


def create_assertions() -> None:
    op.create_table(
        "client_assertions",
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("jti_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["api.clients.id"],
            name=op.f("fk_client_assertions_client_id_clients"),
        ),
        sa.PrimaryKeyConstraint(
            "client_id", "jti_hash", name=op.f("pk_client_assertions")
        ),
        schema="api",
    )
    op.create_index(
        op.f("ix_client_assertions_expires_at"),
        "client_assertions",
        ["expires_at"],
        schema="api",
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_clients()
    create_credentials()
    create_assertions()
    for table, seen in SEEN.items():
        op.execute(f"ALTER TABLE api.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON api.{table} USING ({seen} OR ({THE_SYSTEM}))"
        )
        op.execute(f"REVOKE SELECT ON api.{table} FROM scoring, notifier")
    op.execute(ENTER_ON_BEHALF)
    op.execute(ENTER_AS_REGISTERED_CLIENT)
    for signature in FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {FUNCTIONS[0]} TO api")
    op.execute(OWN_REGION.format(programs=OF_CLIENTS))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(OWN_REGION.format(programs=OF_TOKENS))
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    for table in reversed(SEEN):
        op.drop_table(table, schema="api")
