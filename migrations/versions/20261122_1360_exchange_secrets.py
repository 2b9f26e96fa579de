"""Send regional systems more, by two secrets, and keep bytes as long as wanted."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_exchange_secrets"
down_revision: str | Sequence[str] | None = "20261122_indicators_by_order"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CHECK = "ck_exchange_targets_dataset"
BEFORE = "dataset in ('schools', 'results')"
AFTER = "dataset in ('schools', 'results', 'social-passports', 'list-memberships')"
OF_OTHERS = f"SELECT id FROM api.exchange_targets WHERE NOT {BEFORE}"
PUSHES = f"SELECT id FROM notifier.exchange_pushes WHERE target_id IN ({OF_OTHERS})"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in (
        sa.Column("former_secret", sa.Text(), nullable=True),
        sa.Column("former_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bytes_kept_days", sa.BigInteger(), nullable=True),
    ):
        op.add_column("exchange_targets", column, schema="api")
    op.create_check_constraint(
        op.f("ck_exchange_targets_former_secret"),
        "exchange_targets",
        "(former_secret is null) = (former_until is null)",
        schema="api",
    )
    op.create_check_constraint(
        op.f("ck_exchange_targets_bytes_kept_days"),
        "exchange_targets",
        "bytes_kept_days > 0",
        schema="api",
    )
    _narrow_datasets_to(AFTER)
    op.alter_column("exchange_files", "content", nullable=True, schema="notifier")
    op.create_index(
        "ix_exchange_files_kept",
        "exchange_files",
        ["push_id"],
        schema="notifier",
        postgresql_where=sa.text("content is not null"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index(
        "ix_exchange_files_kept", table_name="exchange_files", schema="notifier"
    )
    op.execute("UPDATE notifier.exchange_files SET content = '' WHERE content IS NULL")
    op.alter_column("exchange_files", "content", nullable=False, schema="notifier")
    for table in ("exchange_changes", "exchange_files"):
        op.execute(f"DELETE FROM notifier.{table} WHERE push_id IN ({PUSHES})")
    for table in (
        *("notifier.exchange_accepted", "notifier.exchange_pushes"),
        *("notifier.exchange_states", "api.exchange_runs"),
    ):
        op.execute(f"DELETE FROM {table} WHERE target_id IN ({OF_OTHERS})")
    op.execute(f"DELETE FROM api.exchange_targets WHERE NOT {BEFORE}")
    _narrow_datasets_to(BEFORE)
    for name in ("bytes_kept_days", "former_secret"):
        op.drop_constraint(
            op.f(f"ck_exchange_targets_{name}"), "exchange_targets", schema="api"
        )
    for name in ("bytes_kept_days", "former_until", "former_secret"):
        op.drop_column("exchange_targets", name, schema="api")


def _narrow_datasets_to(condition: str) -> None:
    op.drop_constraint(op.f(CHECK), "exchange_targets", schema="api")
    op.create_check_constraint(op.f(CHECK), "exchange_targets", condition, schema="api")
