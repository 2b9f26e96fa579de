"""Find when schools and calendars changed last."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_roster_changes"
down_revision: str | Sequence[str] | None = "20261122_regional_reminder_rules"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(
        op.f("ix_changes_organisations"),
        "changes",
        ["municipality_id", "dataset", "school_id", "numbered_at"],
        schema="api",
        postgresql_where=sa.text(
            "dataset in ('schools', 'school-identifiers', 'school-calendar')"
        ),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index(
        op.f("ix_changes_organisations"), table_name="changes", schema="api"
    )
