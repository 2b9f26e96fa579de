"""Keep with each change its transaction: runs tell by it what they have seen."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_audit_transactions"
down_revision: str | None = "20261122_submissions"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ADD = (
    # A default that is added with the column would write every entry anew.
    "ALTER TABLE api.audit_entries ADD COLUMN txid xid8",
    "ALTER TABLE api.audit_entries ALTER COLUMN txid SET DEFAULT pg_current_xact_id()",
    "CREATE INDEX ix_audit_entries_txid ON api.audit_entries (txid)",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in ADD:
        op.execute(statement)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE api.audit_entries DROP COLUMN txid")
