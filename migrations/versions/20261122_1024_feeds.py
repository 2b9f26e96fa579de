"""Let calendar programs read deadlines, each feed with the rights of its account."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_feeds"
down_revision: str | None = "20261122_resends_and_bounces"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

THE_SYSTEM = "(SELECT tenancy.sees_all()) AND (SELECT tenancy.user_id()) IS NULL"
TABLE = "feeds"
# The account as it is now, and the feed within what the account may see: nothing else
# accepts the secret, and what does not meet is nothing.
ENTER_AS_FEED = """
CREATE FUNCTION tenancy.enter_as_feed(wanted bytea)
RETURNS TABLE (now timestamptz, feed_id bigint, kind text, name text, role text,
  municipality_id bigint, school_id bigint, language text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  feed record;
BEGIN
  SELECT f.id, f.kind, f.name, f.municipality_id, f.school_id, f.user_id, u.role,
      u.language, u.region_id AS of_region, u.municipality_id AS of_municipality,
      u.school_id AS of_school
    INTO feed
    FROM api.feeds f JOIN api.users u ON u.id = f.user_id
    WHERE f.token_hash = wanted AND f.revoked_at IS NULL AND u.is_active;
  IF NOT FOUND
      OR feed.municipality_id <> feed.of_municipality
      OR (feed.of_school IS NOT NULL
          AND feed.school_id IS DISTINCT FROM feed.of_school)
      OR NOT tenancy.is_in_region(feed.municipality_id, feed.of_region) THEN
    RETURN;
  END IF;
  PERFORM set_config('podyom.municipalities', feed.municipality_id::text, true),
    set_config('podyom.school', coalesce(feed.school_id::text, ''), true),
    set_config('podyom.user', feed.user_id::text, true);
  RETURN QUERY SELECT tenancy.clock_now(), feed.id, feed.kind, feed.name, feed.role,
    feed.municipality_id, feed.school_id, feed.language;
END
$$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind in ('person', 'school', 'municipality')", name=op.f("ck_feeds_kind")
        ),
        sa.CheckConstraint(
            "kind <> 'school' or school_id is not null", name=op.f("ck_feeds_school")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_feeds_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["api.schools.id"], name=op.f("fk_feeds_school_id_schools")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["api.users.id"], name=op.f("fk_feeds_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feeds_token_hash")),
        schema="api",
    )
    op.create_index(op.f("ix_feeds_user_id"), TABLE, ["user_id"], schema="api")
    op.execute(f"ALTER TABLE api.{TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON api.{TABLE}"
        f" USING (user_id = (SELECT tenancy.user_id()) OR ({THE_SYSTEM}))"
    )
    op.execute(f"REVOKE SELECT ON api.{TABLE} FROM scoring, notifier")
    op.execute(ENTER_AS_FEED)
    op.execute("REVOKE ALL ON FUNCTION tenancy.enter_as_feed(bytea) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION tenancy.enter_as_feed(bytea) TO api")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION tenancy.enter_as_feed(bytea)")
    op.drop_table(TABLE, schema="api")
