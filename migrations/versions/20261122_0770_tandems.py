"""Keep mentoring tandems of teachers: whose they are, and who is in them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_tandems"
down_revision: str | None = "20261122_amendments"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
THE_SCHOOL = "(SELECT tenancy.school_id())"


def create_tandems() -> None:
    op.create_table(
        "tandems",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("school_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("end_comment", sa.Text(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'in_school') = (cardinality(school_ids) = 1)",
            name=op.f("ck_tandems_schools"),
        ),
        sa.CheckConstraint(
            "(status = 'ended') = (end_reason is not null)"
            " and (status = 'ended') = (ended_on is not null)",
            name=op.f("ck_tandems_ended"),
        ),
        sa.CheckConstraint(
            "end_reason in ('goal_reached', 'no_longer_needed', 'replaced', 'other')",
            name=op.f("ck_tandems_end_reason"),
        ),
        sa.CheckConstraint(
            "kind in ('in_school', 'network')", name=op.f("ck_tandems_kind")
        ),
        sa.CheckConstraint(
            "status in ('draft', 'active', 'ended')", name=op.f("ck_tandems_status")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_tandems_period")),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_tandems_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["api.tandems.id"],
            name=op.f("fk_tandems_replaces_id_tandems"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tandems")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_tandems_replaces_id")),
        schema="api",
    )
    op.create_index(
        "ix_tandems_municipality_id_id",
        "tandems",
        ["municipality_id", "id"],
        schema="api",
    )


def create_members() -> None:
    op.create_table(
        "tandem_members",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("tandem_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("teacher_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "role in ('mentor', 'mentee')", name=op.f("ck_tandem_members_role")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name=op.f("fk_tandem_members_school"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_tandem_members_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["subject"],
            ["api.subjects.code"],
            name=op.f("fk_tandem_members_subject_subjects"),
        ),
        sa.ForeignKeyConstraint(
            ["tandem_id"],
            ["api.tandems.id"],
            name=op.f("fk_tandem_members_tandem_id_tandems"),
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"],
            ["api.teachers.id"],
            name=op.f("fk_tandem_members_teacher_id_teachers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tandem_members")),
        sa.UniqueConstraint(
            "tandem_id", "place", name=op.f("uq_tandem_members_tandem_id_place")
        ),
        sa.UniqueConstraint(
            "tandem_id",
            "teacher_id",
            name=op.f("uq_tandem_members_tandem_id_teacher_id"),
        ),
        schema="api",
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_tandems()
    create_members()
    for table in ("tandems", "tandem_members"):
        op.execute(f"ALTER TABLE api.{table} ENABLE ROW LEVEL SECURITY")
    # A network is seen by all its schools, and written by the municipality alone.
    op.execute(
        "CREATE POLICY tenant ON api.tandems"
        f" USING ({IN_MUNICIPALITY} AND ({THE_SCHOOL} IS NULL"
        f" OR (kind = 'in_school' AND {THE_SCHOOL} = ANY (school_ids))))"
    )
    op.execute(
        "CREATE POLICY network ON api.tandems FOR SELECT"
        f" USING ({IN_MUNICIPALITY} AND {THE_SCHOOL} = ANY (school_ids))"
    )
    op.execute(
        "CREATE POLICY tenant ON api.tandem_members"
        " USING (EXISTS (SELECT 1 FROM api.tandems t WHERE t.id = tandem_id))"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("tandem_members", schema="api")
    op.drop_table("tandems", schema="api")
