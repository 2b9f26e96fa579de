"""Keep teachers under their consent, for the api's eyes only."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_teachers"
down_revision: str | None = "20261122_import_keys"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)

CHECKS = {
    "consent": (
        "name is null or (consent_given_on is not null"
        " and consent_withdrawn_on is null and erased_on is null)"
    ),
    "consent_form": "(consent_given_on is null) = (consent_form is null)",
    "form": "consent_form in ('written', 'electronic')",
    "consent_order": "consent_withdrawn_on >= consent_given_on",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "teachers",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("subjects", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("consent_given_on", sa.Date()),
        sa.Column("consent_form", sa.Text()),
        sa.Column("consent_withdrawn_on", sa.Date()),
        sa.Column("erased_on", sa.Date()),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_teachers_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name=op.f("fk_teachers_school"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teachers")),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_teachers_{name}"))
            for name, rule in CHECKS.items()
        ),
        schema="api",
    )
    op.create_index(
        op.f("ix_teachers_school_id_id"), "teachers", ["school_id", "id"], schema="api"
    )
    op.execute("ALTER TABLE api.teachers ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant ON api.teachers"
        f" USING ({IN_MUNICIPALITY} AND {OWN_SCHOOL})"
    )
    # Names of persons are no business of the other services.
    op.execute("REVOKE SELECT ON api.teachers FROM scoring, notifier")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("teachers", schema="api")
