"""Keep reports on deadlines, what was decided of them, and their files."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_submissions"
down_revision: str | None = "20261122_plan_imports"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
TABLES = ("submissions", "submission_files")


def create_submissions() -> None:
    op.create_table(
        "submissions",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger()),
        sa.Column("deadline_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("links", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("submitted_by", sa.BigInteger(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.Text()),
        sa.Column("comment", sa.Text()),
        sa.Column("decided_by", sa.BigInteger()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "decision <> 'return' or comment is not null",
            name=op.f("ck_submissions_comment"),
        ),
        sa.CheckConstraint(
            "decision in ('accept', 'return')", name=op.f("ck_submissions_decision")
        ),
        sa.CheckConstraint(
            "(decision is null) = (decided_at is null) and (decision is null) = (decided_by is null)",
            name=op.f("ck_submissions_decided"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_submissions_number")),
        sa.ForeignKeyConstraint(
            ["deadline_id"],
            ["api.deadlines.id"],
            name=op.f("fk_submissions_deadline_id_deadlines"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["api.users.id"],
            name=op.f("fk_submissions_decided_by_users"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_submissions_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_submissions_school_id_schools"),
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by"],
            ["api.users.id"],
            name=op.f("fk_submissions_submitted_by_users"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint(
            "deadline_id", "number", name=op.f("uq_submissions_deadline_id_number")
        ),
        schema="api",
    )
    op.create_index(
        "uq_submissions_undecided",
        "submissions",
        ["deadline_id"],
        unique=True,
        schema="api",
        postgresql_where=sa.text("decision is null"),
    )


def create_files() -> None:
    op.create_table(
        "submission_files",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger()),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "octet_length(sha256) = 32", name=op.f("ck_submission_files_sha256")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_submission_files_size")),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_submission_files_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_submission_files_school_id_schools"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["api.submissions.id"],
            name=op.f("fk_submission_files_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_files")),
        sa.UniqueConstraint(
            "submission_id",
            "position",
            name=op.f("uq_submission_files_submission_id_position"),
        ),
        schema="api",
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("deadlines", sa.Column("done_on", sa.Date()), schema="api")
    op.create_check_constraint(
        op.f("ck_deadlines_done"),
        "deadlines",
        "done_on is null or state = 'done'",
        schema="api",
    )
    create_submissions()
    create_files()
    for table in TABLES:
        op.execute(f"ALTER TABLE api.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON api.{table} USING"
            f" ({IN_MUNICIPALITY} AND {OWN_SCHOOL})"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table, schema="api")
    op.drop_constraint(op.f("ck_deadlines_done"), "deadlines", schema="api")
    op.drop_column("deadlines", "done_on", schema="api")
