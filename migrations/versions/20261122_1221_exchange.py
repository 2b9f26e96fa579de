"""Send rows to regional systems: where, what was sent, and what they answered."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_exchange"
down_revision: str | Sequence[str] | None = "20261122_traces"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
TABLES = (
    "api.exchange_targets",
    "api.exchange_runs",
    "notifier.exchange_states",
    "notifier.exchange_pushes",
    "notifier.exchange_files",
    "notifier.exchange_changes",
    "notifier.exchange_accepted",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "exchange_targets",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("region_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("identifier_kind", sa.Text(), nullable=False),
        sa.Column(
            "subject_codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False
        ),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("at_time", sa.Time(), nullable=True),
        sa.Column("weekday", sa.SmallInteger(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'http') = (url is not null)", name=op.f("ck_exchange_targets_url")
        ),
        sa.CheckConstraint(
            "dataset in ('schools', 'results')",
            name=op.f("ck_exchange_targets_dataset"),
        ),
        sa.CheckConstraint(
            "identifier_kind in ('code', 'fis_oko_login', 'gia_code', 'inn', 'ogrn', 'internal')",
            name=op.f("ck_exchange_targets_identifier_kind"),
        ),
        sa.CheckConstraint(
            "kind in ('http', 'csv', 'xlsx')", name=op.f("ck_exchange_targets_kind")
        ),
        sa.CheckConstraint(
            "rhythm in ('daily', 'weekly', 'on_change') and (rhythm = 'on_change') = (at_time is null) and (rhythm = 'weekly') = (weekday is not null)",
            name=op.f("ck_exchange_targets_rhythm"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(municipality_id, region_id) = 1",
            name=op.f("ck_exchange_targets_part"),
        ),
        sa.CheckConstraint(
            "weekday between 1 and 7", name=op.f("ck_exchange_targets_weekday")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["api.users.id"],
            name=op.f("fk_exchange_targets_created_by_users"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_exchange_targets_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"],
            ["api.regions.id"],
            name=op.f("fk_exchange_targets_region_id_regions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_targets")),
        schema="api",
    )
    op.create_table(
        "exchange_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["api.users.id"], name=op.f("fk_exchange_runs_asked_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["api.exchange_targets.id"],
            name=op.f("fk_exchange_runs_target_id_exchange_targets"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_runs")),
        schema="api",
    )
    op.create_index(
        "ix_exchange_runs_target_id_id",
        "exchange_runs",
        ["target_id", "id"],
        unique=False,
        schema="api",
    )
    op.create_table(
        "exchange_states",
        sa.Column("target_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("next_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("is_owed", sa.Boolean(), nullable=False),
        sa.Column("largest", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["api.exchange_targets.id"],
            name=op.f("fk_exchange_states_target_id_exchange_targets"),
        ),
        sa.PrimaryKeyConstraint("target_id", name=op.f("pk_exchange_states")),
        schema="notifier",
    )
    op.create_table(
        "exchange_pushes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("upserts", sa.BigInteger(), nullable=False),
        sa.Column("deletes", sa.BigInteger(), nullable=False),
        sa.Column("unchanged", sa.BigInteger(), nullable=False),
        sa.Column("held", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "cause in ('schedule', 'change', 'asked')",
            name=op.f("ck_exchange_pushes_cause"),
        ),
        sa.CheckConstraint(
            "status in ('sending', 'accepted', 'refused')",
            name=op.f("ck_exchange_pushes_status"),
        ),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["api.exchange_targets.id"],
            name=op.f("fk_exchange_pushes_target_id_exchange_targets"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_pushes")),
        sa.UniqueConstraint("key", name=op.f("uq_exchange_pushes_key")),
        sa.UniqueConstraint(
            "target_id", "sequence", name=op.f("uq_exchange_pushes_target_id_sequence")
        ),
        schema="notifier",
    )
    op.create_index(
        "ix_exchange_pushes_sending",
        "exchange_pushes",
        ["target_id"],
        unique=True,
        schema="notifier",
        postgresql_where=sa.text("status = 'sending'"),
    )
    op.create_table(
        "exchange_files",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("push_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["push_id"],
            ["notifier.exchange_pushes.id"],
            name=op.f("fk_exchange_files_push_id_exchange_pushes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_files")),
        sa.UniqueConstraint(
            "push_id", "number", name=op.f("uq_exchange_files_push_id_number")
        ),
        schema="notifier",
    )
    op.create_table(
        "exchange_changes",
        sa.Column("push_id", sa.BigInteger(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["push_id"],
            ["notifier.exchange_pushes.id"],
            name=op.f("fk_exchange_changes_push_id_exchange_pushes"),
        ),
        sa.PrimaryKeyConstraint("push_id", "row_key", name=op.f("pk_exchange_changes")),
        schema="notifier",
    )
    op.create_table(
        "exchange_accepted",
        sa.Column("target_id", sa.BigInteger(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["api.exchange_targets.id"],
            name=op.f("fk_exchange_accepted_target_id_exchange_targets"),
        ),
        sa.PrimaryKeyConstraint(
            "target_id", "row_key", name=op.f("pk_exchange_accepted")
        ),
        schema="notifier",
    )

    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON {table} USING ({IN_MUNICIPALITY})")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        schema, name = table.split(".")
        op.drop_table(name, schema=schema)
