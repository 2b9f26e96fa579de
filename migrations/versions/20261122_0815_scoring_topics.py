"""Let the scoring service compute more topics, by methods of several kinds."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_scoring_topics"
down_revision: str | None = "20261122_agreement_evaluation"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = "topic in ('results', 'programme')"
TOPICS = (
    "topic in ('results', 'conditions', 'identification', 'objectivity', 'programme',"
    " 'matching')"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("runs", "current_runs"):
        _allow(table, TOPICS)
    op.add_column(
        "runs",
        sa.Column("methods", postgresql.JSONB(), server_default="[]", nullable=False),
        schema="scoring",
    )
    op.add_column("methods", sa.Column("kind", sa.Text()), schema="api")
    # A method says itself of which kind it is; until now there was one.
    op.execute(
        "UPDATE api.methods SET kind = 'ranking',"
        " content = content || '{\"kind\": \"ranking\"}'"
    )
    op.alter_column("methods", "kind", nullable=False, schema="api")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM api.methods WHERE kind <> 'ranking'")
    op.execute("UPDATE api.methods SET content = content - 'kind'")
    op.drop_column("methods", "kind", schema="api")
    op.drop_column("runs", "methods", schema="scoring")
    for table in ("current_runs", "runs"):
        _allow(table, BEFORE)


def _allow(table: str, topics: str) -> None:
    name = op.f(f"ck_{table}_topic")
    op.drop_constraint(name, table, schema="scoring", type_="check")
    op.create_check_constraint(name, table, topics, schema="scoring")
