"""Let other systems be told of events by webhooks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_webhooks"
down_revision: str | None = "20261122_channels_of_schools"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# An endpoint of a region, or of everything, is for those who see everything.
ENDPOINTS = (
    "(SELECT tenancy.sees_all())"
    " OR (municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[])"
    " AND ((SELECT tenancy.school_id()) IS NULL"
    " OR school_id = (SELECT tenancy.school_id())))"
)
OF_ENDPOINTS = (
    "(SELECT tenancy.sees_all())"
    " OR endpoint_id IN (SELECT e.id FROM api.webhook_endpoints e)"
)
THE_SYSTEM = "(SELECT tenancy.sees_all()) AND (SELECT tenancy.user_id()) IS NULL"
POLICIES = {
    "api.webhook_endpoints": ENDPOINTS,
    "api.webhook_secrets": OF_ENDPOINTS,
    "api.webhook_replays": OF_ENDPOINTS,
    "notifier.done_webhook_replays": OF_ENDPOINTS,
    "notifier.webhook_cursor": THE_SYSTEM,
    "notifier.webhook_deliveries": OF_ENDPOINTS,
    "notifier.webhook_attempts": OF_ENDPOINTS,
    "notifier.webhook_states": OF_ENDPOINTS,
}


def create_endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=True),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("school_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("datasets", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("from_number", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enabled_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(region_id is null or municipality_id is null)"
            " and (school_id is null or municipality_id is not null)",
            name=op.f("ck_webhook_endpoints_part"),
        ),
        sa.CheckConstraint(
            "cardinality(events) > 0", name=op.f("ck_webhook_endpoints_events")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["api.users.id"],
            name=op.f("fk_webhook_endpoints_created_by_users"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_webhook_endpoints_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"],
            ["api.regions.id"],
            name=op.f("fk_webhook_endpoints_region_id_regions"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_webhook_endpoints_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
        schema="api",
    )
    op.create_index(
        "ix_webhook_endpoints_municipality_id",
        "webhook_endpoints",
        ["municipality_id"],
        unique=False,
        schema="api",
    )
    op.create_table(
        "webhook_secrets",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("endpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(scheme = 'v1a') = (public_key is not null)",
            name=op.f("ck_webhook_secrets_public"),
        ),
        sa.CheckConstraint(
            "scheme in ('v1', 'v1a')", name=op.f("ck_webhook_secrets_scheme")
        ),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["api.webhook_endpoints.id"],
            name=op.f("fk_webhook_secrets_endpoint_id_webhook_endpoints"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_secrets")),
        schema="api",
    )
    op.create_index(
        "ix_webhook_secrets_endpoint_id",
        "webhook_secrets",
        ["endpoint_id"],
        unique=False,
        schema="api",
    )
    op.create_table(
        "webhook_replays",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("endpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("first_number", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("requested_by", sa.BigInteger(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "first_number <= last_number", name=op.f("ck_webhook_replays_range")
        ),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["api.webhook_endpoints.id"],
            name=op.f("fk_webhook_replays_endpoint_id_webhook_endpoints"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"],
            ["api.users.id"],
            name=op.f("fk_webhook_replays_requested_by_users"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_replays")),
        schema="api",
    )
    op.create_index(
        "ix_webhook_replays_endpoint_id",
        "webhook_replays",
        ["endpoint_id"],
        unique=False,
        schema="api",
    )


def create_deliveries() -> None:
    op.create_table(
        "done_webhook_replays",
        sa.Column("replay_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("endpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("replay_id", name=op.f("pk_done_webhook_replays")),
        schema="notifier",
    )
    op.create_table(
        "webhook_cursor",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_webhook_cursor_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_cursor")),
        schema="notifier",
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("endpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("webhook_id", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=True),
        sa.Column("lane", sa.BigInteger(), nullable=False),
        sa.Column("previous_number", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("replays", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status in ('waiting', 'delivered', 'failed')",
            name=op.f("ck_webhook_deliveries_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint(
            "endpoint_id",
            "number",
            name=op.f("uq_webhook_deliveries_endpoint_id_number"),
        ),
        schema="notifier",
    )
    op.create_index(
        "ix_webhook_deliveries_lanes",
        "webhook_deliveries",
        ["endpoint_id", "lane", "number"],
        unique=False,
        schema="notifier",
    )
    op.create_index(
        "ix_webhook_deliveries_waiting",
        "webhook_deliveries",
        ["endpoint_id", "lane", "number"],
        unique=False,
        schema="notifier",
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "webhook_attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("endpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("code", sa.BigInteger(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "outcome in ('delivered', 'put_off', 'failed', 'lost')",
            name=op.f("ck_webhook_attempts_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["notifier.webhook_deliveries.id"],
            name=op.f("fk_webhook_attempts_delivery_id_webhook_deliveries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_attempts")),
        schema="notifier",
    )
    op.create_index(
        "ix_webhook_attempts_delivery_id",
        "webhook_attempts",
        ["delivery_id"],
        unique=False,
        schema="notifier",
    )
    op.create_index(
        "ix_webhook_attempts_endpoint_id_id",
        "webhook_attempts",
        ["endpoint_id", "id"],
        unique=False,
        schema="notifier",
    )
    op.create_table(
        "webhook_states",
        sa.Column("endpoint_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("enabled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_reason", sa.Text(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "disabled_reason in ('gone', 'failing')",
            name=op.f("ck_webhook_states_reason"),
        ),
        sa.PrimaryKeyConstraint("endpoint_id", name=op.f("pk_webhook_states")),
        schema="notifier",
    )

    op.execute("INSERT INTO notifier.webhook_cursor VALUES (1, 0)")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_endpoints()
    create_deliveries()
    for table, seen in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} USING ({seen})")
    op.execute("REVOKE SELECT ON api.webhook_secrets FROM scoring")
    # Webhooks carry the feed's identity beside its numbers.
    op.execute("GRANT EXECUTE ON FUNCTION api.feed_identity() TO notifier")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("REVOKE EXECUTE ON FUNCTION api.feed_identity() FROM notifier")
    for table in (
        "webhook_states",
        "webhook_attempts",
        "webhook_deliveries",
        "webhook_cursor",
        "done_webhook_replays",
    ):
        op.drop_table(table, schema="notifier")
    for table in ("webhook_replays", "webhook_secrets", "webhook_endpoints"):
        op.drop_table(table, schema="api")
