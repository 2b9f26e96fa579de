"""Let an event and a message keep the trace that they are part of."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_traces"
down_revision: str | None = "20261122_runs_in_sets"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (("outbox", "api"), ("messages", "notifier"))


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, schema in TABLES:
        op.add_column(
            table, sa.Column("trace_parent", sa.Text(), nullable=True), schema=schema
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, schema in TABLES:
        op.drop_column(table, "trace_parent", schema=schema)
