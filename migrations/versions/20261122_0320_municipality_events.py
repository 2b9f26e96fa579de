"""Find the events of one municipality without reading those of all others."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_municipality_events"
down_revision: str | None = "20261122_import_sources"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXES = (
    ("ix_outbox_municipality_id_kind_txid", ["municipality_id", "kind", "txid"]),
    ("ix_outbox_municipality_id_number", ["municipality_id", "number"]),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, columns in INDEXES:
        op.create_index(name, "outbox", columns, unique=False, schema="api")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, _ in reversed(INDEXES):
        op.drop_index(name, table_name="outbox", schema="api")
