"""Let orders add indicators to a programme, with a definition, and end them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_indicators_by_order"
down_revision: str | None = "20261122_outages_logged_once"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KIND = "ck_programme_amendment_changes_kind"
BEFORE = (
    "kind in ('add_measure', 'replace_measure', 'withdraw_measure',"
    " 'change_target', 'change_indicator', 'change_period'"
)


def constrain(kinds: str) -> None:
    table = "programme_amendment_changes"
    op.drop_constraint(op.f(KIND), table, schema="api", type_="check")
    op.create_check_constraint(op.f(KIND), table, kinds, schema="api")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, kind in (
        ("definition", postgresql.JSONB()),
        ("added_on", sa.Date()),
        ("withdrawn_on", sa.Date()),
    ):
        op.add_column(
            "target_indicators", sa.Column(name, kind, nullable=True), schema="api"
        )
    constrain(f"{BEFORE}, 'add_indicator', 'withdraw_indicator')")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "DELETE FROM api.programme_amendment_changes"
        " WHERE kind IN ('add_indicator', 'withdraw_indicator')"
    )
    constrain(f"{BEFORE})")
    for name in ("withdrawn_on", "added_on", "definition"):
        op.drop_column("target_indicators", name, schema="api")
