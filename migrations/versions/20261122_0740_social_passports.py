"""Keep a school's social passport as one row a year."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_social_passports"
down_revision: str | None = "20261122_target_versions"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLE = "social_passports"
IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
# Read by a mentor while an agreement says so.
MENTORED = (
    "school_id = ANY ((SELECT tenancy.mentored_schools('social_passport'))::bigint[])"
)
SHARES = (
    "both_parents_higher_education",
    "bussed",
    "school_register",
    "low_income",
    "other_native_language",
    "dangerous_situation",
    "large_families",
    "incomplete_families",
    "one_parent_unemployed",
    "both_parents_unemployed",
    "disabled_parent",
    "one_parent_higher_education",
    "commission_register",
    "good_housing",
    "poor_housing",
    "special_needs",
    "foster_families",
)
BUSSED = 2  # the share that has a number of settlements
SUMS = (
    (
        "higher_education",
        "both_parents_higher_education_percent"
        " + one_parent_higher_education_percent < 100.06",
    ),
    (
        "unemployed",
        "one_parent_unemployed_percent + both_parents_unemployed_percent < 100.06",
    ),
    (
        "housing",
        "good_housing_percent + poor_housing_percent between 98.94 and 101.06",
    ),
)


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    """Return a named constraint."""
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _create_passports()
    _protect(TABLE)
    names, values = ["bussed_localities"], [f"max(localities) {_of(BUSSED)}"]
    for number, name in enumerate(SHARES, start=1):
        names += [f"{name}_percent", f"{name}_count"]
        values += [f"max(percent) {_of(number)}", f"max(numerator) {_of(number)}"]
    op.execute(
        f"INSERT INTO api.{TABLE} (municipality_id, school_id, academic_year,"
        f" provenance, {', '.join(names)})"
        " SELECT municipality_id, school_id, year, min(provenance),"
        f" {', '.join(values)} FROM api.social_shares"
        " GROUP BY municipality_id, school_id, year"
    )
    op.drop_table("social_shares", schema="api")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _create_shares()
    _protect("social_shares")
    for number, name in enumerate(SHARES, start=1):
        localities = "bussed_localities" if number == BUSSED else "NULL"
        op.execute(
            "INSERT INTO api.social_shares (municipality_id, school_id, year,"
            " indicator, percent, numerator, localities, provenance)"
            f" SELECT municipality_id, school_id, academic_year, {number},"
            f" {name}_percent, {name}_count, {localities}, provenance"
            f" FROM api.{TABLE} WHERE {name}_percent IS NOT NULL"
        )
    op.drop_table(TABLE, schema="api")


def _of(number: int) -> str:
    return f"FILTER (WHERE indicator = {number})"


def _protect(table: str) -> None:
    op.execute(f"ALTER TABLE api.{table} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON api.{table} USING ({IN_MUNICIPALITY} AND {OWN_SCHOOL})"
    )
    op.execute(f"CREATE POLICY mentor ON api.{table} FOR SELECT USING ({MENTORED})")


def _create_passports() -> None:
    shares: list[sa.Column[float] | sa.Column[int]] = []
    checks = [check(TABLE, name, rule) for name, rule in SUMS]
    for name in SHARES:
        shares.append(sa.Column(f"{name}_percent", sa.Float()))
        shares.append(sa.Column(f"{name}_count", sa.BigInteger()))
        percent, count = f"{name}_percent", f"{name}_count"
        checks.append(check(TABLE, percent, f"{percent} between 0 and 100"))
        checks.append(check(TABLE, count, f"{count} >= 0"))
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("academic_year", sa.BigInteger(), nullable=False),
        *shares,
        sa.Column("bussed_localities", sa.BigInteger()),
        *checks,
        check(TABLE, "bussed_localities", "bussed_localities >= 0"),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_social_passports_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name=op.f("fk_social_passports_municipality_id_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_social_passports")),
        sa.UniqueConstraint(
            "school_id",
            "academic_year",
            name=op.f("uq_social_passports_school_id_academic_year"),
        ),
        schema="api",
    )


def _create_shares() -> None:
    op.create_table(
        "social_shares",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("indicator", sa.SmallInteger(), nullable=False),
        sa.Column("percent", sa.Float(), nullable=False),
        sa.Column("numerator", sa.BigInteger()),
        sa.Column("localities", sa.BigInteger()),
        sa.Column("provenance", sa.Text(), nullable=False),
        check("social_shares", "indicator", "indicator between 1 and 17"),
        check("social_shares", "percent", "percent between 0 and 100"),
        check("social_shares", "numerator", "numerator >= 0"),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_social_shares_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_social_shares_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_social_shares")),
        sa.UniqueConstraint(
            "school_id",
            "year",
            "indicator",
            name=op.f("uq_social_shares_school_id_year_indicator"),
        ),
        schema="api",
    )
