"""Let people open their own accounts by invitation, and sign in with other identities."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_invitations"
down_revision: str | None = "20261122_school_life"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
VISIBLE_ACCOUNT = "EXISTS (SELECT 1 FROM api.users u WHERE u.id = user_id)"
THE_SYSTEM = "(SELECT tenancy.sees_all()) AND (SELECT tenancy.user_id()) IS NULL"


def reference(column: str, table: str, name: str) -> sa.ForeignKeyConstraint:
    """Return a reference to another table of the api."""
    return sa.ForeignKeyConstraint([column], [f"api.{table}.id"], name=op.f(name))


def create_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("region_id", sa.BigInteger()),
        sa.Column("municipality_id", sa.BigInteger()),
        sa.Column("school_id", sa.BigInteger()),
        sa.Column("email", sa.Text()),
        sa.Column("issuer_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("account_id", sa.BigInteger()),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "(accepted_at is null) = (account_id is null)",
            name=op.f("ck_invitations_acceptance"),
        ),
        reference("region_id", "regions", "fk_invitations_region_id_regions"),
        reference(
            "municipality_id",
            "municipalities",
            "fk_invitations_municipality_id_municipalities",
        ),
        reference("school_id", "schools", "fk_invitations_school_id_schools"),
        reference("issuer_id", "users", "fk_invitations_issuer_id_users"),
        reference("account_id", "users", "fk_invitations_account_id_users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invitations_code_hash")),
        schema="api",
    )
    op.execute("ALTER TABLE api.invitations ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant ON api.invitations"
        f" USING ({IN_MUNICIPALITY} AND {OWN_SCHOOL})"
    )


def create_identities() -> None:
    op.create_table(
        "identities",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        reference("user_id", "users", "fk_identities_user_id_users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint(
            "issuer", "subject", name=op.f("uq_identities_issuer_subject")
        ),
        schema="api",
    )
    op.create_index(
        op.f("ix_identities_user_id"), "identities", ["user_id"], schema="api"
    )
    op.execute("ALTER TABLE api.identities ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant ON api.identities"
        f" USING ({VISIBLE_ACCOUNT} OR ({THE_SYSTEM}))"
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_invitations()
    create_identities()
    for table in ("invitations", "identities"):
        op.execute(f"REVOKE SELECT ON api.{table} FROM scoring, notifier")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("identities", schema="api")
    op.drop_table("invitations", schema="api")
