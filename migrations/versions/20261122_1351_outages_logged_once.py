"""Log a server that is away once, for as long as it is."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_outages_logged_once"
down_revision: str | None = "20261122_settled_deadlines"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEX = "uq_attempts_away"
AWAY = "outcome = 'unreachable' AND back_at IS NULL"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    tries = sa.Column("tries", sa.Integer(), server_default="1", nullable=False)
    op.add_column("attempts", tries, schema="notifier")
    back_at = sa.Column("back_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("attempts", back_at, schema="notifier")
    # Until now each look had a row of its own, which began and ended with it.
    op.execute(
        "UPDATE notifier.attempts SET back_at = ended_at WHERE outcome = 'unreachable'"
    )
    op.create_index(
        INDEX,
        "attempts",
        ["channel"],
        unique=True,
        schema="notifier",
        postgresql_where=sa.text(AWAY),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index(INDEX, table_name="attempts", schema="notifier")
    op.drop_column("attempts", "back_at", schema="notifier")
    op.drop_column("attempts", "tries", schema="notifier")
