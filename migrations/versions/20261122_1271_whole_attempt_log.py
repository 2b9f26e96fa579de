"""Log tries that could not be made, and find attempts by municipality."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_whole_attempt_log"
down_revision: str | None = "20261122_domain_events"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OUTCOME = "ck_attempts_outcome"
BEFORE = "outcome in ('sent', 'put_off', 'refused', 'lost')"
AFTER = (
    "outcome in ('sent', 'put_off', 'refused', 'lost', 'unreachable', 'no_address')"
)
INDEX = "ix_attempts_municipality_id_id"


def replace_outcome(rule: str) -> None:
    """Say anew how an attempt can end."""
    op.drop_constraint(op.f(OUTCOME), "attempts", schema="notifier", type_="check")
    op.create_check_constraint(op.f(OUTCOME), "attempts", rule, schema="notifier")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    replace_outcome(AFTER)
    op.create_index(INDEX, "attempts", ["municipality_id", "id"], schema="notifier")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index(INDEX, table_name="attempts", schema="notifier")
    op.execute(
        "DELETE FROM notifier.attempts WHERE outcome IN ('unreachable', 'no_address')"
    )
    replace_outcome(BEFORE)
