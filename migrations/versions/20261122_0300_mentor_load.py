"""Let a party to an agreement know what its guards need, and who took each step.

Row-level security hides the mentor's other agreements, its lists and the other
party's accounts from a school. These functions answer for one agreement that the
caller may see, with counts and titles only. They run as the tables' owner; should
that owner ever be under a policy, `row_security = off` makes them fail, where they
would otherwise count too few.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_mentor_load"
down_revision: str | None = "20261122_tenancy_and_roles"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AS_OWNER = (
    "SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off"
)
VISIBLE = (
    "a.id = agreement"
    " AND (tenancy.sees_all() OR a.municipality_id = ANY (tenancy.municipalities()))"
    " AND (tenancy.school_id() IS NULL"
    " OR tenancy.school_id() IN (a.mentor_school_id, a.mentee_school_id))"
)

FUNCTIONS = (
    # The mentor's row is locked before anything is counted: two transactions cannot
    # both find its last place free. Keys are not locked, so that other tables may
    # go on referring to the school meanwhile.
    f"""
    CREATE FUNCTION tenancy.mentor_load(
      agreement bigint, open_statuses text[], closed_statuses text[])
    RETURNS TABLE (capacity bigint, open_agreements bigint,
      is_on_low_list boolean, has_duplicate boolean)
    LANGUAGE plpgsql VOLATILE {AS_OWNER}
    AS $$
    DECLARE this record; places bigint;
    BEGIN
      SELECT a.id, a.mentor_school_id, a.mentee_school_id, a.problem,
        extract(year FROM p.starts_on) AS first_year,
        extract(year FROM p.ends_on) AS last_year
      INTO this
      FROM api.mentoring_agreements a JOIN api.programmes p ON p.id = a.programme_id
      WHERE {VISIBLE};
      IF NOT FOUND THEN
        RETURN;
      END IF;
      SELECT s.mentor_capacity INTO STRICT places FROM api.schools s
      WHERE s.id = this.mentor_school_id FOR NO KEY UPDATE;
      RETURN QUERY SELECT
        places,
        (SELECT count(*) FROM api.mentoring_agreements other
         WHERE other.mentor_school_id = this.mentor_school_id
           AND other.id <> this.id AND other.status = ANY (open_statuses)),
        EXISTS (SELECT 1 FROM api.list_memberships l
          WHERE l.school_id = this.mentor_school_id
            AND l.list_kind = 'low_results'
            AND l.year BETWEEN this.first_year AND this.last_year),
        EXISTS (SELECT 1 FROM api.mentoring_agreements other
          WHERE other.mentor_school_id = this.mentor_school_id
            AND other.mentee_school_id = this.mentee_school_id
            AND lower(btrim(other.problem)) = lower(btrim(this.problem))
            AND other.id <> this.id AND other.status <> ALL (closed_statuses));
    END
    $$
    """,
    f"""
    CREATE FUNCTION tenancy.agreement_authors(agreement bigint)
    RETURNS TABLE (id bigint, display_name text, role text)
    LANGUAGE sql STABLE {AS_OWNER}
    AS $$
      SELECT u.id, u.display_name, u.role FROM api.users u
      WHERE EXISTS (SELECT 1 FROM api.mentoring_agreements a WHERE {VISIBLE})
        AND (u.id IN (SELECT e.by_user FROM api.agreement_events e
                      WHERE e.agreement_id = agreement)
          OR u.id IN (SELECT s.signed_by FROM api.agreement_signatures s
                      WHERE s.agreement_id = agreement))
    $$
    """,
)
COLUMNS = ("mentor_school_id", "mentee_school_id")
SIGNATURES = (
    "tenancy.mentor_load(bigint, text[], text[])",
    "tenancy.agreement_authors(bigint)",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in FUNCTIONS:
        op.execute(statement)
    for signature in SIGNATURES:
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO api")
    for column in COLUMNS:
        op.create_index(
            op.f(f"ix_mentoring_agreements_{column}"),
            "mentoring_agreements",
            [column],
            unique=False,
            schema="api",
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in COLUMNS:
        op.drop_index(
            op.f(f"ix_mentoring_agreements_{column}"),
            table_name="mentoring_agreements",
            schema="api",
        )
    for signature in SIGNATURES:
        op.execute(f"DROP FUNCTION {signature}")
