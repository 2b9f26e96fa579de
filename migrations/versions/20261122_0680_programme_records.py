"""Keep school programmes, recommendations, decisions and budgets of programmes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_programme_records"
down_revision: str | None = "20261122_invitations"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
VERSIONED = ("municipality_figures", "calendar_periods")
TABLES = (
    "school_programmes",
    "school_programme_indicators",
    "school_programme_measures",
    "school_programme_reviews",
    "recommendations",
    "decisions",
    "decision_subjects",
    "budget_items",
)
OF_SCHOOLS = TABLES[:5]


def number(name: str, *, required: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=not required)


def text(
    name: str, *, required: bool = True, default: str | None = None
) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=not required, server_default=default)


def texts(name: str) -> sa.Column[list[str]]:
    return sa.Column(name, postgresql.ARRAY(sa.Text()), nullable=False)


def day(name: str, *, required: bool = True) -> sa.Column[date]:
    return sa.Column(name, sa.Date(), nullable=not required)


def version() -> sa.Column[int]:
    return sa.Column("version", sa.BigInteger(), server_default="1", nullable=False)


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def unique(
    table: str, *columns: str, name: str | None = None, **options: Any
) -> sa.UniqueConstraint:
    name = op.f(f"uq_{table}_{name or '_'.join(columns)}")
    return sa.UniqueConstraint(*columns, name=name, **options)


def refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"api.{other}.id"], name=name)


def of_municipality(table: str, *parts: sa.schema.SchemaItem) -> None:
    """Create a table whose rows a municipality keeps."""
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        number("municipality_id"),
        version(),
        text("provenance"),
        *parts,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        refers(table, "municipality_id", "municipalities"),
        schema="api",
    )


def of_school(table: str, *parts: sa.schema.SchemaItem) -> None:
    """Create a table whose rows are about one school of the municipality each."""
    of_municipality(
        table,
        number("school_id"),
        *parts,
        sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name=op.f(f"fk_{table}_municipality_id_school_id_schools"),
        ),
    )


def of_school_programme(table: str, *parts: sa.schema.SchemaItem) -> None:
    """Create a table whose rows belong to a school's programme."""
    of_school(
        table,
        number("school_programme_id"),
        *parts,
        sa.ForeignKeyConstraint(
            ["school_programme_id", "school_id"],
            ["api.school_programmes.id", "api.school_programmes.school_id"],
            name=op.f(f"fk_{table}_programme"),
        ),
    )


def create_school_programmes() -> None:
    table = "school_programmes"
    of_school(
        table,
        number("programme_id"),
        text("title"),
        text("goal"),
        texts("tasks"),
        day("starts_on"),
        day("ends_on"),
        text("status", default="draft"),
        day("submitted_on", required=False),
        day("approved_on", required=False),
        day("started_on", required=False),
        day("completed_on", required=False),
        text("result", required=False),
        refers(table, "programme_id", "programmes"),
        unique(table, "school_id", "programme_id", "title"),
        unique(table, "id", "school_id"),
        check(
            table,
            "status",
            "status in ('draft', 'submitted', 'under_review', 'returned', 'approved',"
            " 'in_progress', 'completed')",
        ),
        check(table, "order", "starts_on <= ends_on"),
        check(
            table,
            "approved",
            "status not in ('approved', 'in_progress', 'completed')"
            " or approved_on is not null",
        ),
    )


def create_parts_of_school_programmes() -> None:
    table = "school_programme_indicators"
    of_school_programme(
        table,
        text("title"),
        text("unit"),
        sa.Column("baseline", sa.Float()),
        sa.Column("target", sa.Float(), nullable=False),
        day("target_on"),
        unique(table, "school_programme_id", "title"),
    )
    table = "school_programme_measures"
    of_school_programme(
        table,
        text("title"),
        day("starts_on"),
        day("due_on"),
        text("responsible", required=False),
        text("expected_result", required=False),
        day("done_on", required=False),
        unique(table, "school_programme_id", "title", "starts_on", name="key"),
        check(table, "order", "starts_on <= due_on"),
    )
    table = "school_programme_reviews"
    of_school_programme(
        table,
        text("level"),
        text("verdict"),
        texts("remarks"),
        text("expert_position"),
        day("reviewed_on"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        check(table, "level", "level in ('municipal', 'regional')"),
        check(table, "verdict", "verdict in ('approve', 'return')"),
        check(table, "remarks", "verdict <> 'return' or cardinality(remarks) > 0"),
    )


def create_recommendations() -> None:
    table = "recommendations"
    of_school(
        table,
        number("programme_id", required=False),
        text("title"),
        text("text"),
        text("grounds"),
        number("ranking_run_id", required=False),
        number("target_indicator_id", required=False),
        number("objectivity_sign_id", required=False),
        day("issued_on"),
        day("due_on"),
        text("issued_by", required=False),
        text("status", default="issued"),
        text("answer", required=False),
        day("done_on", required=False),
        day("answered_on", required=False),
        text("remark", required=False),
        day("accepted_on", required=False),
        refers(table, "programme_id", "programmes"),
        refers(table, "target_indicator_id", "target_indicators"),
        refers(table, "objectivity_sign_id", "objectivity_signs"),
        unique(table, "school_id", "issued_on", "title"),
        check(
            table, "status", "status in ('issued', 'answered', 'returned', 'accepted')"
        ),
        check(table, "order", "issued_on <= due_on"),
        check(
            table,
            "answer",
            "status = 'issued' or (answer is not null and answered_on is not null)",
        ),
        check(table, "remark", "status <> 'returned' or remark is not null"),
        check(table, "accepted", "status <> 'accepted' or accepted_on is not null"),
    )


def create_decisions() -> None:
    table = "decisions"
    of_municipality(
        table,
        number("programme_id", required=False),
        text("kind"),
        text("title"),
        text("number"),
        day("decided_on"),
        text("body"),
        text("link", required=False),
        text("summary", required=False),
        refers(table, "programme_id", "programmes"),
        unique(table, "municipality_id", "kind", "number", "decided_on"),
        check(table, "kind", "kind in ('order', 'protocol')"),
    )
    table = "decision_subjects"
    subjects = {
        "about_school_id": "schools",
        "measure_id": "measures",
        "recommendation_id": "recommendations",
    }
    of_municipality(
        table,
        number("decision_id"),
        *(number(column, required=False) for column in subjects),
        refers(table, "decision_id", "decisions"),
        *(refers(table, column, other) for column, other in subjects.items()),
        unique(
            table,
            "decision_id",
            *subjects,
            name="key",
            postgresql_nulls_not_distinct=True,
        ),
        check(table, "one", f"num_nonnulls({', '.join(subjects)}) = 1"),
    )


def create_budgets() -> None:
    table = "budget_items"
    of_municipality(
        table,
        number("programme_id"),
        number("year"),
        text("purpose"),
        text("source"),
        sa.Column("planned", sa.Numeric(14, 2), nullable=False),
        sa.Column("spent", sa.Numeric(14, 2)),
        text("comment", required=False),
        refers(table, "programme_id", "programmes"),
        unique(table, "programme_id", "year", "source", "purpose"),
        check(
            table,
            "source",
            "source in ('federal', 'regional', 'municipal', 'school',"
            " 'extrabudgetary')",
        ),
        check(table, "amounts", "planned >= 0 and spent >= 0"),
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in VERSIONED:
        op.add_column(table, version(), schema="api")
    create_school_programmes()
    create_parts_of_school_programmes()
    create_recommendations()
    create_decisions()
    create_budgets()
    for table in TABLES:
        narrower = f" AND {OWN_SCHOOL}" if table in OF_SCHOOLS else ""
        op.execute(f"ALTER TABLE api.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY tenant ON api.{table} USING ({IN_MUNICIPALITY}{narrower})"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table, schema="api")
    for table in VERSIONED:
        op.drop_column(table, "version", schema="api")
