"""Show preferences of reminders where their people are, without asking who they are."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_places_of_preferences"
down_revision: str | None = "20261122_followed_records"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "api.reminder_preferences"
OWN = "user_id = (SELECT tenancy.user_id())"
IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
NO_SCHOOL_USER = "(SELECT tenancy.school_id()) IS NULL"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        f"ALTER TABLE {TABLE} ADD COLUMN municipality_id BIGINT CONSTRAINT"
        " fk_reminder_preferences_municipality_id_municipalities"
        " REFERENCES api.municipalities (id)"
    )
    op.execute(
        f"UPDATE {TABLE} p SET municipality_id = u.municipality_id"
        " FROM api.users u WHERE u.id = p.user_id"
    )
    op.execute(f"DROP POLICY district ON {TABLE}")
    op.execute(f"DROP POLICY tenant ON {TABLE}")
    op.execute(
        f"CREATE POLICY tenant ON {TABLE}"
        f" USING ({OWN} OR ({IN_MUNICIPALITY} AND {NO_SCHOOL_USER}))"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DROP POLICY tenant ON {TABLE}")
    op.execute(f"ALTER TABLE {TABLE} DROP COLUMN municipality_id")
    op.execute(
        f"CREATE POLICY tenant ON {TABLE} USING"
        f" ((SELECT tenancy.user_id()) IS NULL OR {OWN})"
    )
    op.execute(
        f"CREATE POLICY district ON {TABLE} FOR SELECT USING ({NO_SCHOOL_USER}"
        " AND EXISTS (SELECT FROM api.users u WHERE u.id = user_id))"
    )
