"""Keep what clusters were found from, so that rankings may take them as they are."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_cluster_keys"
down_revision: str | None = "20261122_runs_kept"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "condition_models", sa.Column("clusters_key", sa.Text()), schema="scoring"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("condition_models", "clusters_key", schema="scoring")
