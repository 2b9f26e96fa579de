"""Let messages be sent once more, and mark addresses from which mail came back."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_resends_and_bounces"
down_revision: str | None = "20261122_delivery_attempts"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OF_THE_OFFICE = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
    " AND (SELECT tenancy.school_id()) IS NULL"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "messages",
        sa.Column("resends", sa.BigInteger(), server_default="0", nullable=False),
        schema="notifier",
    )
    op.create_index(
        "ix_messages_municipality_id_id",
        "messages",
        ["municipality_id", "id"],
        unique=False,
        schema="notifier",
    )
    _create_resends()
    _create_bounces()
    for table in ("api.resends", "notifier.done_resends", "api.bounces"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} USING ({OF_THE_OFFICE})")


def _create_resends() -> None:
    op.create_table(
        "resends",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("message_ids", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.BigInteger(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_resends_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"],
            ["api.users.id"],
            name=op.f("fk_resends_requested_by_users"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resends")),
        schema="api",
    )
    op.create_table(
        "done_resends",
        sa.Column("resend_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("resend_id", name=op.f("pk_done_resends")),
        schema="notifier",
    )


def _create_bounces() -> None:
    references = {
        "account_id": ("users", "fk_bounces_account_id_users"),
        "municipality_id": (
            "municipalities",
            "fk_bounces_municipality_id_municipalities",
        ),
        "recorded_by": ("users", "fk_bounces_recorded_by_users"),
        "school_id": ("schools", "fk_bounces_school_id_schools"),
    }
    op.create_table(
        "bounces",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("school_id", sa.BigInteger(), nullable=True),
        sa.Column("address_digest", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("recorded_by", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind in ('permanent', 'temporary')", name=op.f("ck_bounces_kind")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"api.{table}.id"], name=op.f(name))
            for column, (table, name) in references.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounces")),
        schema="api",
    )
    op.create_index(
        "ix_bounces_address_digest",
        "bounces",
        ["address_digest"],
        unique=False,
        schema="api",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("bounces", schema="api")
    op.drop_table("done_resends", schema="notifier")
    op.drop_table("resends", schema="api")
    op.drop_index(
        "ix_messages_municipality_id_id", table_name="messages", schema="notifier"
    )
    op.drop_column("messages", "resends", schema="notifier")
