"""Tell other systems of decisions on schools, and of publications of rankings.

The rows that there are already reach them with their next copy of the whole.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_orders_followed"
down_revision: str | None = "20261122_contact_confirmations"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SCHOOLS = {
    "identification_decisions": "school_id",
    "ranking_publications": '""',
    "ranking_objections": "school_id",
}
TRIGGERS = ("feed_inserts", "feed_updates", "feed_deletes")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, school in SCHOOLS.items():
        dataset = table.replace("_", "-")
        op.execute(
            f"SELECT api.follow_changes('api.{table}', '{dataset}',"
            f" '{{municipality_id}}', '{{{school}}}', '{{}}')"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in SCHOOLS:
        for trigger in TRIGGERS:
            op.execute(f"DROP TRIGGER {trigger} ON api.{table}")
        op.execute(f"DELETE FROM api.feed_tables WHERE relation = 'api.{table}'")
