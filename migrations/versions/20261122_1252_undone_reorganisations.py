"""Keep what a reorganisation did to codes and schools, so that it can be undone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_undone_reorganisations"
down_revision: str | None = "20261122_predecessors_read"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

NUMBERS = postgresql.ARRAY(sa.BigInteger())


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in (
        sa.Column("opened_ids", NUMBERS, server_default="{}", nullable=False),
        sa.Column(
            "ended_codes", postgresql.JSONB(), server_default="{}", nullable=False
        ),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("undo_reason", sa.Text()),
        sa.Column("undone_predecessors", NUMBERS),
        sa.Column("undone_successors", NUMBERS),
    ):
        op.add_column("reorganisations", column, schema="api")
    # A school that an order opened by mistake has existed on no day.
    op.drop_constraint(op.f("ck_schools_life"), "schools", schema="api", type_="check")
    op.create_check_constraint(
        op.f("ck_schools_life"), "schools", "opened_on <= closed_on", schema="api"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint(op.f("ck_schools_life"), "schools", schema="api", type_="check")
    op.create_check_constraint(
        op.f("ck_schools_life"),
        "schools",
        "opened_on < closed_on",
        schema="api",
        postgresql_not_valid=True,
    )
    for column in (
        "undone_successors",
        "undone_predecessors",
        "undo_reason",
        "undone_at",
        "ended_codes",
        "opened_ids",
    ):
        op.drop_column("reorganisations", column, schema="api")
