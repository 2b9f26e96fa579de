"""Keep places within kinds and clusters, with intervals and statistical ties."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_places"
down_revision: str | None = "20261122_wide_figures"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "ranking_places"
COLUMNS: Sequence[tuple[str, sa.types.TypeEngine[object]]] = (
    ("scope_group", sa.Text()),
    ("interval_low", sa.BigInteger()),
    ("interval_high", sa.BigInteger()),
    ("band", sa.BigInteger()),
    ("value_low", sa.Double()),
    ("value_high", sa.Double()),
    ("shrunk", sa.Double()),
    ("shrink_weight", sa.Double()),
    ("pooled_value", sa.Double()),
    ("pooled_n", sa.BigInteger()),
    ("pooled_years", postgresql.JSONB()),
)
CHECKS = {
    "scope": "scope in ('overall', 'kind', 'cluster')",
    "group": "(scope = 'overall') = (scope_group is null)",
    "interval": "interval_low <= place_from and place_to <= interval_high",
}
ONE_PLACE = "uq_ranking_places_run_id_school_id"
ONE_PLACE_A_SCOPE = "uq_ranking_places_run_id_school_id_scope"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        TABLE,
        sa.Column("scope", sa.Text(), server_default="overall", nullable=False),
        schema="scoring",
    )
    for name, kind in COLUMNS:
        op.add_column(TABLE, sa.Column(name, kind), schema="scoring")
    for name, rule in CHECKS.items():
        op.create_check_constraint(
            op.f(f"ck_{TABLE}_{name}"), TABLE, rule, schema="scoring"
        )
    op.drop_constraint(op.f(ONE_PLACE), TABLE, type_="unique", schema="scoring")
    op.create_unique_constraint(
        op.f(ONE_PLACE_A_SCOPE),
        TABLE,
        ["run_id", "school_id", "scope"],
        schema="scoring",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM scoring.ranking_places WHERE scope <> 'overall'")
    op.drop_constraint(op.f(ONE_PLACE_A_SCOPE), TABLE, type_="unique", schema="scoring")
    op.create_unique_constraint(
        op.f(ONE_PLACE), TABLE, ["run_id", "school_id"], schema="scoring"
    )
    for name in CHECKS:
        op.drop_constraint(
            op.f(f"ck_{TABLE}_{name}"), TABLE, type_="check", schema="scoring"
        )
    for name, _ in reversed(COLUMNS):
        op.drop_column(TABLE, name, schema="scoring")
    op.drop_column(TABLE, "scope", schema="scoring")
