"""Show a municipality's results to the public once it has decided so.

Those that there are were shown before and stay so; new ones wait for their decision.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_public_by_decision"
down_revision: str | None = "20261122_undone_reorganisations"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

HEAD = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
MUNICIPALITIES = f"""
CREATE OR REPLACE FUNCTION tenancy.public_municipalities()
RETURNS TABLE (id bigint, code text, name text, synthetic boolean)
{HEAD}
AS $$
  SELECT m.id, m.code, m.name, m.synthetic FROM api.municipalities m
  {{where}}
  ORDER BY m.id
$$
"""
RESULTS = f"""
CREATE OR REPLACE FUNCTION tenancy.public_results(wanted bigint, wanted_year integer)
RETURNS TABLE (procedure text, subject text, programme_grade integer,
  school_id bigint, school_name text, failed bigint, satisfactory bigint,
  good bigint)
{HEAD}
AS $$
  SELECT r.procedure, r.subject, r.programme_grade::integer, s.id, s.name,
    sum(r.n2)::bigint, sum(r.n3)::bigint, sum(r.n4 + r.n5)::bigint
  FROM api.assessment_results r
    JOIN api.schools s ON s.id = r.school_id
    JOIN api.municipalities m ON m.id = r.municipality_id
    JOIN api.procedures p ON p.code = r.procedure
  WHERE r.municipality_id = wanted AND r.academic_year = wanted_year AND p.marked
    {{condition}}
  GROUP BY r.procedure, r.subject, r.programme_grade, s.id, s.name
  ORDER BY r.procedure, r.subject, r.programme_grade, s.id
$$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    decided = sa.Column(
        "is_public", sa.Boolean(), server_default="true", nullable=False
    )
    op.add_column("municipalities", decided, schema="api")
    op.alter_column(
        "municipalities", "is_public", server_default="false", schema="api"
    )
    op.execute(MUNICIPALITIES.format(where="WHERE m.is_public"))
    op.execute(RESULTS.format(condition="AND m.is_public"))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(MUNICIPALITIES.format(where=""))
    op.execute(RESULTS.format(condition=""))
    op.drop_column("municipalities", "is_public", schema="api")
