"""Open to a mentor's users what an active agreement says, in its period and no longer.

The policies are for reading only; writing stays with those who had the right before.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_agreement_rights"
down_revision: str | None = "20261122_import_pipeline"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AS_OWNER = (
    "SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off"
)
DATASETS = (
    "results",
    "indicators",
    "enrolment",
    "social_passport",
    "staff",
    "objectivity_signs",
    "list_memberships",
    "resources",
)
# The rows of a school in these tables are what the dataset's name stands for.
TABLES = {
    "api.assessment_results": "results",
    "scoring.indicator_values": "indicators",
    "scoring.ranking_places": "indicators",
    "api.enrolments": "enrolment",
    "api.social_shares": "social_passport",
    "api.staff_profiles": "staff",
    "api.vacancies": "staff",
    "api.objectivity_signs": "objectivity_signs",
    "api.list_memberships": "list_memberships",
    "api.resource_items": "resources",
}
# The day is that of the municipality which keeps the agreement.
MENTORED_SCHOOLS = f"""
CREATE FUNCTION tenancy.mentored_schools(dataset text) RETURNS bigint[]
LANGUAGE sql STABLE {AS_OWNER}
AS $$
  SELECT coalesce(array_agg(a.mentee_school_id), '{{}}'::bigint[])
  FROM api.mentoring_agreements a
    JOIN api.municipalities m ON m.id = a.municipality_id
  WHERE a.mentor_school_id = tenancy.school_id()
    AND a.status = 'active'
    AND dataset = ANY (a.shared_datasets)
    AND (tenancy.clock_now() AT TIME ZONE m.time_zone)::date
      BETWEEN a.starts_on AND a.ends_on
$$
"""
SIGNATURE = "tenancy.mentored_schools(text)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "mentoring_agreements",
        sa.Column(
            "shared_datasets",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
        ),
        schema="api",
    )
    names = ", ".join(f"'{name}'" for name in DATASETS)
    op.create_check_constraint(
        op.f("ck_mentoring_agreements_shared_datasets"),
        "mentoring_agreements",
        f"shared_datasets <@ array[{names}]",
        schema="api",
    )
    op.execute(MENTORED_SCHOOLS)
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    # The other services read the same tables, under the same policies.
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO api, scoring, notifier")
    for table, dataset in TABLES.items():
        op.execute(
            f"CREATE POLICY mentor ON {table} FOR SELECT USING (school_id = ANY"
            f" ((SELECT tenancy.mentored_schools('{dataset}'))::bigint[]))"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        op.execute(f"DROP POLICY mentor ON {table}")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
    op.drop_constraint(
        op.f("ck_mentoring_agreements_shared_datasets"),
        "mentoring_agreements",
        schema="api",
        type_="check",
    )
    op.drop_column("mentoring_agreements", "shared_datasets", schema="api")
