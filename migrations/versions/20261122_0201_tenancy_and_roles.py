"""Give each service its role and its own tables, and each tenant its own rows."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_tenancy_and_roles"
down_revision: str | None = "20261122_first_tables"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLES = ("api", "scoring", "notifier")

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR {column} = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
DISTRICT_OR_OWN_SCHOOL = f"(school_id IS NULL OR {OWN_SCHOOL})"
NO_SCHOOL_USER = "(SELECT tenancy.school_id()) IS NULL"
OWN_AGREEMENT = (
    "((SELECT tenancy.school_id()) IS NULL"
    " OR (SELECT tenancy.school_id()) IN (mentor_school_id, mentee_school_id))"
)
# The subquery is itself under the policy of mentoring_agreements.
VISIBLE_AGREEMENT = (
    "EXISTS (SELECT 1 FROM api.mentoring_agreements a WHERE a.id = agreement_id)"
)
OWN_OR_PARTNER_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR id = (SELECT tenancy.school_id())"
    " OR EXISTS (SELECT 1 FROM api.mentoring_agreements a"
    " WHERE schools.id IN (a.mentor_school_id, a.mentee_school_id)))"
)
OWN_MESSAGE = (
    "((SELECT tenancy.user_id()) IS NULL OR recipient_id = (SELECT tenancy.user_id()))"
)

# Which rows of a tenant's table are seen within the municipality.
NARROWER: dict[str, str | None] = {
    "api.calendar_periods": None,
    "api.municipality_figures": None,
    "api.programmes": None,
    "api.tasks": None,
    "api.target_indicators": None,
    "api.target_ranges": None,
    "api.measures": None,
    "api.condition_index_ranges": None,
    "api.outbox": None,
    "scoring.runs": None,
    "scoring.current_runs": None,
    "scoring.programme_values": None,
    "api.schools": OWN_OR_PARTNER_SCHOOL,
    "api.school_aliases": OWN_SCHOOL,
    "api.school_identifiers": OWN_SCHOOL,
    "api.users": OWN_SCHOOL,
    "api.social_shares": OWN_SCHOOL,
    "api.staff_profiles": OWN_SCHOOL,
    "api.vacancies": OWN_SCHOOL,
    "api.objectivity_signs": OWN_SCHOOL,
    "api.list_memberships": OWN_SCHOOL,
    "api.resource_items": OWN_SCHOOL,
    "api.assessment_results": OWN_SCHOOL,
    "api.deadlines": OWN_SCHOOL,
    "api.imports": NO_SCHOOL_USER,
    "api.import_lines": NO_SCHOOL_USER,
    "api.mentoring_agreements": OWN_AGREEMENT,
    "api.agreement_measures": VISIBLE_AGREEMENT,
    "api.agreement_signatures": VISIBLE_AGREEMENT,
    "api.agreement_events": VISIBLE_AGREEMENT,
    "scoring.indicator_values": DISTRICT_OR_OWN_SCHOOL,
    "scoring.ranking_places": OWN_SCHOOL,
    "notifier.reminders": OWN_SCHOOL,
    "notifier.inbox_messages": OWN_MESSAGE,
}

FUNCTIONS = (
    "CREATE SCHEMA tenancy",
    """
    CREATE FUNCTION tenancy.sees_all() RETURNS boolean LANGUAGE sql STABLE
    RETURN coalesce(current_setting('podyom.municipalities', true), '') = 'all'
    """,
    """
    CREATE FUNCTION tenancy.municipalities() RETURNS bigint[] LANGUAGE sql STABLE
    RETURN CASE coalesce(current_setting('podyom.municipalities', true), '')
      WHEN '' THEN '{}'::bigint[]
      WHEN 'all' THEN '{}'::bigint[]
      ELSE string_to_array(current_setting('podyom.municipalities', true), ',')::bigint[]
    END
    """,
    """
    CREATE FUNCTION tenancy.school_id() RETURNS bigint LANGUAGE sql STABLE
    RETURN nullif(current_setting('podyom.school', true), '')::bigint
    """,
    """
    CREATE FUNCTION tenancy.user_id() RETURNS bigint LANGUAGE sql STABLE
    RETURN nullif(current_setting('podyom.user', true), '')::bigint
    """,
    """
    CREATE FUNCTION tenancy.clock_now() RETURNS timestamptz LANGUAGE sql STABLE
    RETURN clock_timestamp() + coalesce(
      (SELECT make_interval(secs => offset_seconds) FROM api.sandbox_clock),
      interval '0')
    """,
    # A transaction that acts for the system itself: a worker, the loader.
    """
    CREATE FUNCTION tenancy.enter_as_system(municipalities text)
    RETURNS timestamptz LANGUAGE sql VOLATILE
    BEGIN ATOMIC
      SELECT set_config('podyom.municipalities', municipalities, true),
        set_config('podyom.school', '', true), set_config('podyom.user', '', true);
      SELECT tenancy.clock_now();
    END
    """,
    # A transaction that acts for a user: the rights are read from the account at
    # that moment, so that a changed account is at once a changed right.
    """
    CREATE FUNCTION tenancy.enter_as_user(wanted bigint)
    RETURNS TABLE (now timestamptz, role text, municipality_id bigint,
      school_id bigint, language text)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE account api.users;
    BEGIN
      SELECT u.* INTO account FROM api.users u WHERE u.id = wanted AND u.is_active;
      IF NOT FOUND THEN
        RETURN;
      END IF;
      PERFORM set_config('podyom.municipalities',
          coalesce(account.municipality_id::text, 'all'), true),
        set_config('podyom.school', coalesce(account.school_id::text, ''), true),
        set_config('podyom.user', account.id::text, true);
      RETURN QUERY SELECT tenancy.clock_now(), account.role, account.municipality_id,
        account.school_id, account.language;
    END
    $$
    """,
    # What signing in needs to know before anybody has any rights.
    """
    CREATE FUNCTION tenancy.account_for_sign_in(wanted text)
    RETURNS TABLE (id bigint, password_hash text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
      SELECT u.id, u.password_hash FROM api.users u
      WHERE u.login = wanted AND u.is_active
    $$
    """,
    "REVOKE ALL ON FUNCTION tenancy.enter_as_user(bigint) FROM PUBLIC",
    "REVOKE ALL ON FUNCTION tenancy.account_for_sign_in(text) FROM PUBLIC",
)


def create_role(role: str) -> None:
    """Create the role where it is missing; its members may act as it."""
    op.execute(
        f"""
        DO $$ BEGIN
          IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN
            CREATE ROLE {role} NOLOGIN;
          END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
        """
    )
    op.execute(
        f"""
        DO $$ BEGIN
          -- Since 16 creating a role does not imply the right to act as it.
          IF NOT pg_has_role(current_user, '{role}',
              CASE WHEN current_setting('server_version_num')::int >= 160000
                THEN 'SET' ELSE 'MEMBER' END) THEN
            GRANT {role} TO CURRENT_USER;
          END IF;
        END $$
        """
    )


def grant(role: str) -> None:
    """Let the role read every service's tables and write its own only."""
    for schema in ROLES:
        op.execute(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
        op.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}")
        op.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES"
            f" TO {role}"
        )
    own = "INSERT, UPDATE, DELETE"
    op.execute(f"GRANT {own} ON ALL TABLES IN SCHEMA {role} TO {role}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {role} TO {role}")
    op.execute(
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {role} GRANT {own} ON TABLES TO {role}"
    )
    op.execute(
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {role} GRANT USAGE ON SEQUENCES TO {role}"
    )
    op.execute(f"GRANT USAGE ON SCHEMA tenancy TO {role}")
    op.execute(f"GRANT SELECT ON alembic_version TO {role}")


def protect(table: str, narrower: str | None) -> None:
    """Show rows of the tenant's municipality only, and within it by `narrower`."""
    condition = IN_MUNICIPALITY.format(column="municipality_id")
    if narrower is not None:
        condition = f"{condition} AND {narrower}"
    add_policy(table, condition)


def add_policy(table: str, condition: str) -> None:
    """Enable row-level security with one policy for reading and writing."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} USING ({condition})")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for role in ROLES:
        create_role(role)
    for statement in FUNCTIONS:
        op.execute(statement)
    for role in ROLES:
        grant(role)
    op.execute("GRANT EXECUTE ON FUNCTION tenancy.enter_as_user(bigint) TO api")
    op.execute("GRANT EXECUTE ON FUNCTION tenancy.account_for_sign_in(text) TO api")
    # Password hashes are the api's alone; the notifier needs to know whom to remind.
    op.execute("REVOKE SELECT ON api.users FROM scoring, notifier")
    op.execute(
        "GRANT SELECT (id, role, municipality_id, school_id, display_name, email,"
        " language, is_active) ON api.users TO notifier"
    )
    add_policy("api.municipalities", IN_MUNICIPALITY.format(column="id"))
    add_policy("api.inbox_reads", "recipient_id = (SELECT tenancy.user_id())")
    for table, narrower in NARROWER.items():
        protect(table, narrower)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    tables = ("api.municipalities", "api.inbox_reads", *NARROWER)
    for table in tables:
        op.execute(f"DROP POLICY tenant ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute("DROP SCHEMA tenancy CASCADE")
    # The roles belong to the whole server and may serve other databases.
    for role in ROLES:
        op.execute(f"DROP OWNED BY {role}")
