"""Let schools open, close and become others, and keep whom to turn to in them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_school_life"
down_revision: str | None = "20261122_api_clients"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
# Which rows of a new table are seen within the municipality.
TABLES = {
    "school_contacts": OWN_SCHOOL,
    "municipality_contacts": "true",
    "school_groups": OWN_SCHOOL,
    "reorganisations": "true",
    "school_lineage": "true",
}
VERSIONED = ("schools", "school_aliases", "school_identifiers")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # Trusted since PostgreSQL 13: it takes no more than the right to make schemas.
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for table in VERSIONED:
        version = sa.Column(
            "version", sa.BigInteger(), server_default="1", nullable=False
        )
        op.add_column(table, version, schema="api")
    for name in ("opened_on", "closed_on"):
        op.add_column("schools", sa.Column(name, sa.Date()), schema="api")
    op.create_check_constraint(
        op.f("ck_schools_life"), "schools", "opened_on < closed_on", schema="api"
    )
    op.drop_index("uq_school_identifiers_current", "school_identifiers", schema="api")
    op.create_check_constraint(
        op.f("ck_school_identifiers_order"),
        "school_identifiers",
        "valid_from <= valid_to",
        schema="api",
    )
    op.execute(
        "ALTER TABLE api.school_identifiers ADD CONSTRAINT"
        " ex_school_identifiers_one_school EXCLUDE USING gist"
        " (kind WITH =, value WITH =, daterange(valid_from, valid_to, '[]') WITH &&)"
    )
    create_school_contacts()
    create_municipality_contacts()
    create_school_groups()
    create_reorganisations()
    create_school_lineage()
    create_loaded_documents()
    for table, narrower in TABLES.items():
        op.execute(f"ALTER TABLE api.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON api.{table}"
            f" USING ({IN_MUNICIPALITY} AND {narrower})"
        )


def create_school_contacts() -> None:
    op.create_table(
        "school_contacts",
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("absent_from", sa.Date(), nullable=True),
        sa.Column("absent_to", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("bounced_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "absent_from <= absent_to", name=op.f("ck_school_contacts_absence")
        ),
        sa.CheckConstraint(
            "email is not null or phone is not null",
            name=op.f("ck_school_contacts_reachable"),
        ),
        sa.CheckConstraint(
            "rank between 1 and 9", name=op.f("ck_school_contacts_rank")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name=op.f("fk_school_contacts_municipality_id_school_id_schools"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_school_contacts_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_contacts")),
        sa.UniqueConstraint(
            "school_id",
            "role",
            "rank",
            name=op.f("uq_school_contacts_school_id_role_rank"),
        ),
        schema="api",
    )


def create_municipality_contacts() -> None:
    op.create_table(
        "municipality_contacts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("absent_from", sa.Date(), nullable=True),
        sa.Column("absent_to", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("bounced_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "absent_from <= absent_to", name=op.f("ck_municipality_contacts_absence")
        ),
        sa.CheckConstraint(
            "email is not null or phone is not null",
            name=op.f("ck_municipality_contacts_reachable"),
        ),
        sa.CheckConstraint(
            "rank between 1 and 9", name=op.f("ck_municipality_contacts_rank")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_municipality_contacts_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality_contacts")),
        sa.UniqueConstraint(
            "municipality_id",
            "role",
            "rank",
            name=op.f("uq_municipality_contacts_municipality_id_role_rank"),
        ),
        schema="api",
    )


def create_school_groups() -> None:
    op.create_table(
        "school_groups",
        sa.Column("group_code", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("order_number", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "valid_from <= valid_to", name=op.f("ck_school_groups_order")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name=op.f("fk_school_groups_municipality_id_school_id_schools"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_school_groups_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_groups")),
        sa.UniqueConstraint(
            "school_id",
            "group_code",
            "valid_from",
            name=op.f("uq_school_groups_school_id_group_code_valid_from"),
        ),
        schema="api",
    )


def create_reorganisations() -> None:
    op.create_table(
        "reorganisations",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("takes_effect_on", sa.Date(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("order_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind in ('merge', 'split')", name=op.f("ck_reorganisations_kind")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_reorganisations_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorganisations")),
        sa.UniqueConstraint(
            "municipality_id", "id", name=op.f("uq_reorganisations_municipality_id_id")
        ),
        schema="api",
    )


def create_school_lineage() -> None:
    op.create_table(
        "school_lineage",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("reorganisation_id", sa.BigInteger(), nullable=False),
        sa.Column("predecessor_id", sa.BigInteger(), nullable=False),
        sa.Column("successor_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "predecessor_id <> successor_id", name=op.f("ck_school_lineage_different")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_school_lineage_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["predecessor_id"],
            ["api.schools.id"],
            name=op.f("fk_school_lineage_predecessor_id_schools"),
        ),
        sa.ForeignKeyConstraint(
            ["reorganisation_id"],
            ["api.reorganisations.id"],
            name=op.f("fk_school_lineage_reorganisation_id_reorganisations"),
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["api.schools.id"],
            name=op.f("fk_school_lineage_successor_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_lineage")),
        sa.UniqueConstraint(
            "predecessor_id",
            "successor_id",
            name=op.f("uq_school_lineage_predecessor_id_successor_id"),
        ),
        schema="api",
    )


def create_loaded_documents() -> None:
    op.create_table(
        "loaded_documents",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_loaded_documents")),
        schema="api",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("loaded_documents", schema="api")
    for table in reversed(TABLES):
        op.drop_table(table, schema="api")
    for name in ("ex_school_identifiers_one_school", "ck_school_identifiers_order"):
        op.drop_constraint(name, "school_identifiers", schema="api")
    op.create_index(
        "uq_school_identifiers_current",
        "school_identifiers",
        ["kind", "value"],
        unique=True,
        schema="api",
        postgresql_where=sa.text("valid_to is null"),
    )
    op.drop_constraint(op.f("ck_schools_life"), "schools", schema="api")
    for name in ("opened_on", "closed_on"):
        op.drop_column("schools", name, schema="api")
    for table in VERSIONED:
        op.drop_column(table, "version", schema="api")
    # The extension stays: others may use it.
