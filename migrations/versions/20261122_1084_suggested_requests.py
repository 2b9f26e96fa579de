"""Keep with an accepted suggestion the request that it answers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_suggested_requests"
down_revision: str | None = "20261122_figure_priors"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "mentor_suggestion_decisions"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(TABLE, sa.Column("request_id", sa.BigInteger()), schema="api")
    op.create_foreign_key(
        op.f("fk_mentor_suggestion_decisions_request_id_mentor_requests"),
        TABLE,
        "mentor_requests",
        ["request_id"],
        ["id"],
        source_schema="api",
        referent_schema="api",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column(TABLE, "request_id", schema="api")
