"""Keep what people decide about reminders: rules, preferences, answers to them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_reminder_choices"
down_revision: str | None = "20261122_feeds"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
OWN = "((SELECT tenancy.user_id()) IS NULL OR user_id = (SELECT tenancy.user_id()))"
POLICIES = {
    "reminder_rules": IN_MUNICIPALITY,
    "reminder_preferences": OWN,
    "reminder_acknowledgements": f"{IN_MUNICIPALITY} AND {OWN_SCHOOL}",
    "reminder_snoozes": f"{IN_MUNICIPALITY} AND {OWN_SCHOOL}",
    "used_reminder_links": IN_MUNICIPALITY,
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "reminder_rules",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("programme_id", sa.BigInteger(), nullable=True),
        sa.Column("measure_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column(
            "document",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            nullable=True,
        ),
        sa.Column("written_by", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "programme_id is null or measure_id is null",
            name=op.f("ck_reminder_rules_place"),
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["api.measures.id"],
            name=op.f("fk_reminder_rules_measure_id_measures"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_reminder_rules_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["api.programmes.id"],
            name=op.f("fk_reminder_rules_programme_id_programmes"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"],
            ["api.users.id"],
            name=op.f("fk_reminder_rules_written_by_users"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_rules")),
        sa.UniqueConstraint(
            "municipality_id",
            "programme_id",
            "measure_id",
            "kind",
            "version",
            name="uq_reminder_rules_version",
            postgresql_nulls_not_distinct=True,
        ),
        schema="api",
    )
    op.create_table(
        "reminder_preferences",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("modes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_to", sa.Time(), nullable=False),
        sa.Column("digest_at", sa.Time(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "weekday between 0 and 6", name=op.f("ck_reminder_preferences_weekday")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["api.users.id"],
            name=op.f("fk_reminder_preferences_user_id_users"),
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_reminder_preferences")),
        schema="api",
    )
    op.create_table(
        "reminder_acknowledgements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("deadline_id", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("recipient_post", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=True),
        sa.Column("recipient_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_reminder_acknowledgements_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["api.users.id"],
            name=op.f("fk_reminder_acknowledgements_recipient_id_users"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_reminder_acknowledgements_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_acknowledgements")),
        sa.UniqueConstraint(
            "deadline_id",
            "due_on",
            name=op.f("uq_reminder_acknowledgements_deadline_id_due_on"),
        ),
        schema="api",
    )
    op.create_table(
        "reminder_snoozes",
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("deadline_id", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("recipient_post", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=True),
        sa.Column("recipient_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_reminder_snoozes_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["api.users.id"],
            name=op.f("fk_reminder_snoozes_recipient_id_users"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_reminder_snoozes_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_snoozes")),
        sa.UniqueConstraint(
            "deadline_id",
            "due_on",
            "recipient_id",
            "recipient_post",
            name="uq_reminder_snoozes_key",
            postgresql_nulls_not_distinct=True,
        ),
        schema="api",
    )
    op.create_table(
        "used_reminder_links",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_used_reminder_links_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_reminder_links")),
        schema="api",
    )
    for table, condition in POLICIES.items():
        op.execute(f"ALTER TABLE api.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON api.{table} USING ({condition})")
    # Who sees what goes out in the next weeks has to know when it does.
    op.execute(
        "CREATE POLICY district ON api.reminder_preferences FOR SELECT USING"
        " ((SELECT tenancy.school_id()) IS NULL AND EXISTS"
        " (SELECT FROM api.users u WHERE u.id = user_id))"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(POLICIES):
        op.drop_table(table, schema="api")
