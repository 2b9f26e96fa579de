"""Let a school have accounts that only read, and a municipality its methodists."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_readers_and_methodists"
down_revision: str | None = "20261122_sessions"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE = (
    "(role = 'administrator' and municipality_id is null and school_id is null)"
    " or (role = 'municipal_coordinator' and municipality_id is not null"
    " and school_id is null)"
    " or (role = 'school_editor' and municipality_id is not null"
    " and school_id is not null)"
)
AFTER = (
    "(role = 'administrator' and municipality_id is null and school_id is null)"
    " or (role in ('municipal_coordinator', 'methodist')"
    " and municipality_id is not null and school_id is null)"
    " or (role in ('school_editor', 'school_reader')"
    " and municipality_id is not null and school_id is not null)"
)
NAME = "ck_users_role_scope"


def replace_rule(rule: str) -> None:
    """Say anew which role goes with which place."""
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_constraint(op.f(NAME), "users", schema="api", type_="check")
    op.create_check_constraint(op.f(NAME), "users", rule, schema="api")


def upgrade() -> None:
    replace_rule(AFTER)


def downgrade() -> None:
    # Accounts in a role that is not known any more are for a person to decide upon.
    replace_rule(BEFORE)
