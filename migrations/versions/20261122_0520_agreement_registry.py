"""Give every proposed agreement its number in the register of its municipality.

Agreements that were proposed before this revision are numbered in the order in which
they were proposed, so that the register has no gap from its first day.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_agreement_registry"
down_revision: str | None = "20261122_regional_analysts"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AS_OWNER = (
    "SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off"
)
IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)

FUNCTIONS = (
    # Whether the caller is a party to the agreement or coordinates one; for functions
    # that run as the owner and so are under no policy themselves.
    f"""
    CREATE FUNCTION tenancy.sees_agreement(agreement bigint) RETURNS boolean
    LANGUAGE sql STABLE {AS_OWNER}
    AS $$
      SELECT EXISTS (SELECT 1 FROM api.mentoring_agreements a
        WHERE a.id = agreement
          AND (tenancy.sees_all()
               OR a.municipality_id = ANY (tenancy.municipalities()))
          AND (tenancy.school_id() IS NULL
               OR tenancy.school_id() IN (a.mentor_school_id, a.mentee_school_id)))
    $$
    """,
    # The register's row stays locked until the transaction ends: whoever comes next
    # waits, and a number that is rolled back is given again.
    f"""
    CREATE FUNCTION tenancy.next_registry_number(agreement bigint, in_year bigint)
    RETURNS bigint LANGUAGE sql VOLATILE {AS_OWNER}
    AS $$
      INSERT INTO api.agreement_registers AS r (municipality_id, year, last_number)
      SELECT a.municipality_id, in_year, 1 FROM api.mentoring_agreements a
      WHERE a.id = agreement AND tenancy.sees_agreement(agreement)
      ON CONFLICT (municipality_id, year)
        DO UPDATE SET last_number = r.last_number + 1
      RETURNING r.last_number
    $$
    """,
)
SIGNATURES = (
    "tenancy.sees_agreement(bigint)",
    "tenancy.next_registry_number(bigint, bigint)",
)

NUMBER_THE_OLD = """
UPDATE api.mentoring_agreements a
SET registry_year = old.year, registry_number = old.number
FROM (
  SELECT proposed.*, row_number() OVER (
    PARTITION BY municipality_id, year ORDER BY event_id) AS number
  FROM (
    SELECT e.agreement_id, e.municipality_id, min(e.id) AS event_id,
      extract(year FROM min(e.at) AT TIME ZONE m.time_zone)::bigint AS year
    FROM api.agreement_events e JOIN api.municipalities m ON m.id = e.municipality_id
    WHERE e.action = 'propose'
    GROUP BY e.agreement_id, e.municipality_id, m.time_zone
  ) proposed
) old
WHERE old.agreement_id = a.id
"""
START_THE_REGISTERS = """
INSERT INTO api.agreement_registers (municipality_id, year, last_number)
SELECT municipality_id, registry_year, max(registry_number)
FROM api.mentoring_agreements WHERE registry_number IS NOT NULL
GROUP BY municipality_id, registry_year
"""


def create_registers() -> None:
    """Create the table of the last numbers given."""
    op.create_table(
        "agreement_registers",
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "last_number > 0", name=op.f("ck_agreement_registers_number")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_agreement_registers_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint(
            "municipality_id", "year", name=op.f("pk_agreement_registers")
        ),
        schema="api",
    )
    op.execute("ALTER TABLE api.agreement_registers ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON api.agreement_registers USING ({IN_MUNICIPALITY})"
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_registers()
    for column in ("registry_year", "registry_number"):
        op.add_column(
            "mentoring_agreements",
            sa.Column(column, sa.BigInteger(), nullable=True),
            schema="api",
        )
    op.execute(NUMBER_THE_OLD)
    op.execute(START_THE_REGISTERS)
    op.create_unique_constraint(
        op.f("uq_mentoring_agreements_registry_number"),
        "mentoring_agreements",
        ["municipality_id", "registry_year", "registry_number"],
        schema="api",
    )
    op.create_check_constraint(
        op.f("ck_mentoring_agreements_registry"),
        "mentoring_agreements",
        "(registry_year is null) = (registry_number is null)"
        " and (registry_number is not null or status in ('draft', 'terminated'))",
        schema="api",
    )
    for statement in FUNCTIONS:
        op.execute(statement)
    for signature in SIGNATURES:
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO api")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for signature in reversed(SIGNATURES):
        op.execute(f"DROP FUNCTION {signature}")
    op.drop_constraint(
        op.f("ck_mentoring_agreements_registry"),
        "mentoring_agreements",
        schema="api",
        type_="check",
    )
    for column in ("registry_number", "registry_year"):
        op.drop_column("mentoring_agreements", column, schema="api")
    op.drop_table("agreement_registers", schema="api")
