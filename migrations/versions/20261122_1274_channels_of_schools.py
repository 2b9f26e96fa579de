"""Let a school have channels of its own, besides those of its people."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_channels_of_schools"
down_revision: str | None = "20261122_named_files"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OF_SCHOOL = (
    "school_id IS NOT NULL AND ((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
    " AND ((SELECT tenancy.school_id()) IS NULL"
    " OR school_id = (SELECT tenancy.school_id()))"
)
TABLES = (("reminder_channels", "api"), ("channel_states", "notifier"))


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, schema in TABLES:
        op.alter_column(table, "user_id", nullable=True, schema=schema)
        op.add_column(table, sa.Column("school_id", sa.BigInteger()), schema=schema)
        op.execute(f"CREATE POLICY of_school ON {schema}.{table} USING ({OF_SCHOOL})")
    op.create_foreign_key(
        op.f("fk_reminder_channels_school_id_schools"),
        "reminder_channels",
        "schools",
        ["school_id"],
        ["id"],
        source_schema="api",
        referent_schema="api",
    )
    op.create_check_constraint(
        op.f("ck_reminder_channels_owner"),
        "reminder_channels",
        "(user_id is null) <> (school_id is null)",
        schema="api",
    )
    op.create_unique_constraint(
        op.f("uq_reminder_channels_school_id_channel"),
        "reminder_channels",
        ["school_id", "channel"],
        schema="api",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, schema in TABLES:
        op.execute(f"DELETE FROM {schema}.{table} WHERE user_id IS NULL")
        op.execute(f"DROP POLICY of_school ON {schema}.{table}")
        op.drop_column(table, "school_id", schema=schema)
        op.alter_column(table, "user_id", nullable=False, schema=schema)
