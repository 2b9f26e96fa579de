"""Let a sign-in be ended before its token expires, and count the tries."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_sessions"
down_revision: str | None = "20261122_audit"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

THE_SYSTEM = "(SELECT tenancy.sees_all()) AND (SELECT tenancy.user_id()) IS NULL"

# The update passes over a row that another request of the session is just writing.
ENTER_WITH_SESSION = """
CREATE FUNCTION tenancy.enter_as_user(wanted bigint, wanted_session bigint)
RETURNS TABLE (now timestamptz, role text, municipality_id bigint,
  school_id bigint, language text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE account record;
BEGIN
  SELECT u.id, u.role, u.municipality_id, u.school_id, u.language, s.last_seen_at
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
  PERFORM set_config('podyom.municipalities',
      coalesce(account.municipality_id::text, 'all'), true),
    set_config('podyom.school', coalesce(account.school_id::text, ''), true),
    set_config('podyom.user', account.id::text, true);
  RETURN QUERY SELECT tenancy.clock_now(), account.role, account.municipality_id,
    account.school_id, account.language;
END
$$
"""

ENTER_WITHOUT_SESSION = """
CREATE FUNCTION tenancy.enter_as_user(wanted bigint)
RETURNS TABLE (now timestamptz, role text, municipality_id bigint,
  school_id bigint, language text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE account api.users;
BEGIN
  SELECT u.* INTO account FROM api.users u WHERE u.id = wanted AND u.is_active;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  PERFORM set_config('podyom.municipalities',
      coalesce(account.municipality_id::text, 'all'), true),
    set_config('podyom.school', coalesce(account.school_id::text, ''), true),
    set_config('podyom.user', account.id::text, true);
  RETURN QUERY SELECT tenancy.clock_now(), account.role, account.municipality_id,
    account.school_id, account.language;
END
$$
"""


def allow(signature: str) -> None:
    """Let the api alone enter."""
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO api")


def create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("address", sa.Text()),
        sa.Column("user_agent", sa.Text()),
        sa.ForeignKeyConstraint(
            ["user_id"], ["api.users.id"], name=op.f("fk_sessions_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        schema="api",
    )
    op.create_index(
        op.f("ix_sessions_user_id_id"), "sessions", ["user_id", "id"], schema="api"
    )
    op.execute("ALTER TABLE api.sessions ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant ON api.sessions"
        f" USING (user_id = (SELECT tenancy.user_id()) OR ({THE_SYSTEM}))"
    )


def create_attempts() -> None:
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("login_digest", sa.Text(), nullable=False),
        sa.Column("address", sa.Text()),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
        schema="api",
    )
    for columns in (["login_digest", "tried_at"], ["address", "tried_at"]):
        name = op.f(f"ix_sign_in_attempts_{'_'.join(columns)}")
        op.create_index(name, "sign_in_attempts", columns, schema="api")
    op.create_index(
        op.f("ix_sign_in_attempts_tried_at"),
        "sign_in_attempts",
        ["tried_at"],
        schema="api",
    )
    op.execute("ALTER TABLE api.sign_in_attempts ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON api.sign_in_attempts USING ({THE_SYSTEM})")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_sessions()
    create_attempts()
    op.execute("DROP FUNCTION tenancy.enter_as_user(bigint)")
    op.execute(ENTER_WITH_SESSION)
    allow("tenancy.enter_as_user(bigint, bigint)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION tenancy.enter_as_user(bigint, bigint)")
    op.execute(ENTER_WITHOUT_SESSION)
    allow("tenancy.enter_as_user(bigint)")
    op.drop_table("sign_in_attempts", schema="api")
    op.drop_table("sessions", schema="api")
