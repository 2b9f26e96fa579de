"""Keep surveys, scores of the municipal assessment, risks and SWOT analyses."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_surveys_scores_risks"
down_revision: str | None = "20261122_staff_lists_resources"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
TABLES = (
    "climate_surveys",
    "satisfaction_surveys",
    "msoko_groups",
    "msoko_scores",
    "risk_profiles",
    "anti_risk_programmes",
    "swot_entries",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _create_surveys()
    _create_msoko()
    _create_risks()
    _create_swot()


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table, schema="api")


def whole(name: str) -> sa.Column[int]:
    """Return a column of numbers that is always filled in."""
    return sa.Column(name, sa.BigInteger(), nullable=False)


def words(name: str) -> sa.Column[str]:
    """Return a column of texts that is always filled in."""
    return sa.Column(name, sa.Text(), nullable=False)


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    """Return the constraint that no two rows agree in these columns."""
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    """Return a named constraint."""
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def create(table: str, *parts: Any, of_school: bool = True) -> None:
    """Create a table of a municipality's rows, or of its schools', with its policy."""
    if of_school:
        school = sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name=op.f(f"fk_{table}_municipality_id_school_id_schools"),
        )
        parts = (whole("school_id"), *parts, school)
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        whole("municipality_id"),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        words("provenance"),
        *parts,
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f(f"fk_{table}_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        schema="api",
    )
    seen = f"{IN_MUNICIPALITY} AND {OWN_SCHOOL}" if of_school else IN_MUNICIPALITY
    op.execute(f"ALTER TABLE api.{table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON api.{table} USING ({seen})")


def _create_surveys() -> None:
    table = "climate_surveys"
    create(
        table,
        sa.Column("held_on", sa.Date(), nullable=False),
        words("component"),
        words("respondent_group"),
        whole("respondents"),
        whole("positive"),
        unique(table, "school_id", "held_on", "component", "respondent_group"),
        check(
            table,
            "component",
            "component in ('psychological', 'moral', 'pedagogical', 'physical')",
        ),
        check(
            table,
            "respondent_group",
            "respondent_group in ('pupils', 'parents', 'teachers')",
        ),
        check(table, "respondents", "respondents > 0"),
        check(table, "positive", "positive between 0 and respondents"),
    )
    table = "satisfaction_surveys"
    create(
        table,
        whole("calendar_year"),
        words("question"),
        whole("respondents"),
        whole("satisfied"),
        unique(table, "school_id", "calendar_year", "question"),
        check(
            table,
            "question",
            "question in ('municipal_management', 'information_and_methods')",
        ),
        check(table, "respondents", "respondents > 0"),
        check(table, "satisfied", "satisfied between 0 and respondents"),
    )


def _create_msoko() -> None:
    table = "msoko_groups"
    create(
        table,
        words("code"),
        words("title"),
        unique(table, "municipality_id", "code"),
        unique(table, "municipality_id", "id"),
        of_school=False,
    )
    table = "msoko_scores"
    create(
        table,
        whole("academic_year"),
        whole("group_id"),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("maximum", sa.Float(), nullable=False),
        unique(table, "school_id", "academic_year", "group_id"),
        check(table, "maximum", "maximum > 0"),
        check(table, "score", "score between 0 and maximum"),
        sa.ForeignKeyConstraint(
            ["municipality_id", "group_id"],
            ["api.msoko_groups.municipality_id", "api.msoko_groups.id"],
            name=op.f("fk_msoko_scores_municipality_id_group_id_msoko_groups"),
        ),
    )


def _create_risks() -> None:
    table = "risk_profiles"
    create(
        table,
        whole("academic_year"),
        words("factor"),
        words("significance"),
        sa.Column("topical", sa.Boolean(), nullable=False),
        unique(table, "school_id", "academic_year", "factor"),
        unique(table, "school_id", "id", "topical"),
        check(table, "significance", "significance in ('high', 'medium', 'low')"),
    )
    table = "anti_risk_programmes"
    create(
        table,
        whole("risk_profile_id"),
        sa.Column("topical", sa.Boolean(), server_default="true", nullable=False),
        words("goal"),
        sa.Column("tasks", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("measures", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("indicator", sa.Text()),
        sa.Column("starts_on", sa.Date()),
        sa.Column("ends_on", sa.Date()),
        words("state"),
        unique(table, "risk_profile_id"),
        check(table, "topical", "topical"),
        check(table, "period", "starts_on <= ends_on"),
        check(table, "state", "state in ('draft', 'approved')"),
        sa.ForeignKeyConstraint(
            ["school_id", "risk_profile_id", "topical"],
            [
                "api.risk_profiles.school_id",
                "api.risk_profiles.id",
                "api.risk_profiles.topical",
            ],
            name=op.f("fk_anti_risk_programmes_topical_profile"),
        ),
    )


def _create_swot() -> None:
    table = "swot_entries"
    create(
        table,
        whole("calendar_year"),
        words("quadrant"),
        whole("position"),
        words("text"),
        unique(table, "school_id", "calendar_year", "quadrant", "position"),
        check(
            table,
            "quadrant",
            "quadrant in ('strengths', 'weaknesses', 'opportunities', 'threats')",
        ),
        check(table, "position", "position > 0"),
    )
