"""Find the reports that name a file."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_named_files"
down_revision: str | None = "20261122_moving_plans"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEX = "ix_submission_files_sha256"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_index(INDEX, "submission_files", ["sha256"], schema="api")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_index(INDEX, table_name="submission_files", schema="api")
