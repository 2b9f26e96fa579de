"""Let schools of two municipalities conclude an agreement that both confirm.

An agreement is kept by the municipality of its programme and is seen by both. What
belongs to it is seen with it. Schools and municipalities stay hidden from each other:
functions tell the name of a school and the frame of an agreement, nothing else.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_agreements_across"
down_revision: str | None = "20261122_teachers"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AS_OWNER = (
    "SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off"
)
IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR {column} = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
IN_OWN = IN_MUNICIPALITY.format(column="municipality_id")
IN_EITHER = (
    "((SELECT tenancy.sees_all())"
    " OR mentor_municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[])"
    " OR mentee_municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_AGREEMENT = (
    "((SELECT tenancy.school_id()) IS NULL"
    " OR (SELECT tenancy.school_id()) IN (mentor_school_id, mentee_school_id))"
)
VISIBLE_AGREEMENT = (
    "EXISTS (SELECT 1 FROM api.mentoring_agreements a WHERE a.id = agreement_id)"
)
THE_USER = "(SELECT tenancy.user_id())"
PARTS = ("agreement_measures", "agreement_signatures", "agreement_events")
# The subquery is under the policy of mentoring_agreements: a party's step is told to
# the other party's municipality, too.
PARTNERS_AUDIT = (
    "(entity = 'mentoring_agreement' AND EXISTS (SELECT 1 FROM"
    " api.mentoring_agreements a WHERE a.id = entity_id"
    " AND audit_entries.municipality_id"
    " IN (a.mentor_municipality_id, a.mentee_municipality_id)))"
)
PARTNERS_EVENT = (
    "(kind = 'agreement.changed' AND EXISTS (SELECT 1 FROM"
    " api.mentoring_agreements a WHERE a.id = (outbox.payload ->> 'id')::bigint"
    " AND a.municipality_id = outbox.municipality_id))"
)
AUDIT_BEFORE = f"{IN_OWN} OR (municipality_id IS NULL AND actor_id = {THE_USER})"

SEES_AGREEMENT = """
CREATE OR REPLACE FUNCTION tenancy.sees_agreement(agreement bigint) RETURNS boolean
LANGUAGE sql STABLE {as_owner}
AS $$
  SELECT EXISTS (SELECT 1 FROM api.mentoring_agreements a
    WHERE a.id = agreement
      AND (tenancy.sees_all() OR {within})
      AND (tenancy.school_id() IS NULL
           OR tenancy.school_id() IN (a.mentor_school_id, a.mentee_school_id)))
$$
"""
SEEN_BY_ONE = SEES_AGREEMENT.format(
    as_owner=AS_OWNER, within="a.municipality_id = ANY (tenancy.municipalities())"
)
SEEN_BY_BOTH = SEES_AGREEMENT.format(
    as_owner=AS_OWNER,
    within=(
        "a.mentor_municipality_id = ANY (tenancy.municipalities())"
        " OR a.mentee_municipality_id = ANY (tenancy.municipalities())"
    ),
)
MENTOR_LOAD = """
CREATE OR REPLACE FUNCTION tenancy.mentor_load(
  agreement bigint, open_statuses text[], closed_statuses text[])
RETURNS TABLE (capacity bigint, open_agreements bigint,
  is_on_low_list boolean, has_duplicate boolean)
LANGUAGE plpgsql VOLATILE {as_owner}
AS $$
DECLARE this record; places bigint;
BEGIN
  SELECT a.id, a.mentor_school_id, a.mentee_school_id, a.problem,
    extract(year FROM p.starts_on) AS first_year,
    extract(year FROM p.ends_on) AS last_year
  INTO this
  FROM api.mentoring_agreements a JOIN api.programmes p ON p.id = a.programme_id
  WHERE {visible};
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
"""
AUTHORS = """
CREATE OR REPLACE FUNCTION tenancy.agreement_authors(agreement bigint)
RETURNS TABLE (id bigint, display_name text, role text)
LANGUAGE sql STABLE {as_owner}
AS $$
  SELECT u.id, u.display_name, u.role FROM api.users u
  WHERE EXISTS (SELECT 1 FROM api.mentoring_agreements a WHERE {visible})
    AND (u.id IN (SELECT e.by_user FROM api.agreement_events e
                  WHERE e.agreement_id = agreement)
      OR u.id IN (SELECT s.signed_by FROM api.agreement_signatures s
                  WHERE s.agreement_id = agreement))
$$
"""
VISIBLE_BEFORE = (
    "a.id = agreement"
    " AND (tenancy.sees_all() OR a.municipality_id = ANY (tenancy.municipalities()))"
    " AND (tenancy.school_id() IS NULL"
    " OR tenancy.school_id() IN (a.mentor_school_id, a.mentee_school_id))"
)
VISIBLE = "a.id = agreement AND tenancy.sees_agreement(agreement)"

FUNCTIONS = (
    # That a school exists, and its name, is public; whoever is nobody learns nothing.
    f"""
    CREATE FUNCTION tenancy.school_label(school bigint)
    RETURNS TABLE (code text, name text, municipality_id bigint,
      municipality_name text, synthetic boolean)
    LANGUAGE sql STABLE ROWS 1 {AS_OWNER}
    AS $$
      SELECT s.code, s.name, m.id, m.name, m.synthetic
      FROM api.schools s JOIN api.municipalities m ON m.id = s.municipality_id
      WHERE s.id = school
        AND (tenancy.sees_all() OR cardinality(tenancy.municipalities()) > 0)
    $$
    """,
    f"""
    CREATE FUNCTION tenancy.agreement_frame(agreement bigint)
    RETURNS TABLE (municipality_code text, municipality_name text, time_zone text,
      programme_title text, programme_starts_on date, programme_ends_on date)
    LANGUAGE sql STABLE ROWS 1 {AS_OWNER}
    AS $$
      SELECT m.code, m.name, m.time_zone, p.title, p.starts_on, p.ends_on
      FROM api.mentoring_agreements a
        JOIN api.municipalities m ON m.id = a.municipality_id
        JOIN api.programmes p ON p.id = a.programme_id
      WHERE {VISIBLE}
    $$
    """,
    # Of the schools whose data is open to the caller's at this moment: themselves, their
    # municipalities, or the municipalities of those whose indicators are.
    f"""
    CREATE FUNCTION tenancy.mentored_places(kind text) RETURNS bigint[]
    LANGUAGE sql STABLE {AS_OWNER}
    AS $$
      SELECT coalesce(array_agg(CASE kind WHEN 'schools' THEN a.mentee_school_id
        ELSE a.mentee_municipality_id END), '{{}}'::bigint[])
      FROM api.mentoring_agreements a
        JOIN api.municipalities m ON m.id = a.municipality_id
      WHERE a.mentor_school_id = tenancy.school_id()
        AND a.status = 'active'
        AND cardinality(a.shared_datasets) > 0
        AND (kind <> 'indicators' OR 'indicators' = ANY (a.shared_datasets))
        AND (tenancy.clock_now() AT TIME ZONE m.time_zone)::date
          BETWEEN a.starts_on AND a.ends_on
    $$
    """,
    # The last guard, for whoever forgets to ask: an agreement that begins to take a
    # place finds one, or is refused.
    f"""
    CREATE FUNCTION tenancy.hold_mentor_capacity() RETURNS trigger
    LANGUAGE plpgsql {AS_OWNER}
    AS $$
    DECLARE places bigint;
    BEGIN
      SELECT s.mentor_capacity INTO STRICT places FROM api.schools s
      WHERE s.id = NEW.mentor_school_id FOR NO KEY UPDATE;
      IF (SELECT count(*) FROM api.mentoring_agreements other
          WHERE other.mentor_school_id = NEW.mentor_school_id
            AND other.id <> NEW.id
            AND other.status IN ('proposed', 'signed', 'active', 'suspended')
         ) >= places THEN
        RAISE EXCEPTION 'mentor % has no free place', NEW.mentor_school_id
          USING ERRCODE = 'check_violation', CONSTRAINT = 'mentor_capacity';
      END IF;
      RETURN NEW;
    END
    $$
    """,
)
TRIGGER = """
CREATE TRIGGER hold_mentor_capacity BEFORE UPDATE OF status ON api.mentoring_agreements
FOR EACH ROW WHEN (OLD.status = 'draft' AND NEW.status IN
  ('proposed', 'signed', 'active', 'suspended'))
EXECUTE FUNCTION tenancy.hold_mentor_capacity()
"""
SIGNATURES = (
    "tenancy.school_label(bigint)",
    "tenancy.agreement_frame(bigint)",
    "tenancy.mentored_places(text)",
)
# What a dataset of a school elsewhere is listed with: only while it is open.
SHOWN_TO_MENTORS = {
    "api.schools": ("id", "schools"),
    "api.municipalities": ("id", "municipalities"),
    "scoring.runs": ("municipality_id", "indicators"),
    "scoring.current_runs": ("municipality_id", "indicators"),
}


def replace_policy(table: str, name: str, rest: str) -> None:
    """Change whose rows are whose."""
    op.execute(f"DROP POLICY {name} ON {table}")
    op.execute(f"CREATE POLICY {name} ON {table} {rest}")


def point_to_schools(*, own: bool) -> None:
    """Say which municipality the two schools of an agreement are of."""
    for side in ("mentor", "mentee"):
        name = op.f(f"fk_mentoring_agreements_{side}")
        op.drop_constraint(
            name, "mentoring_agreements", schema="api", type_="foreignkey"
        )
        op.create_foreign_key(
            name,
            "mentoring_agreements",
            "schools",
            [
                f"{side}_municipality_id" if own else "municipality_id",
                f"{side}_school_id",
            ],
            ["municipality_id", "id"],
            source_schema="api",
            referent_schema="api",
        )


def add_municipalities() -> None:
    for side in ("mentor", "mentee"):
        column = f"{side}_municipality_id"
        op.add_column(
            "mentoring_agreements", sa.Column(column, sa.BigInteger()), schema="api"
        )
        op.execute(f"UPDATE api.mentoring_agreements SET {column} = municipality_id")
        op.alter_column("mentoring_agreements", column, nullable=False, schema="api")
    op.create_check_constraint(
        op.f("ck_mentoring_agreements_kept_by_a_party"),
        "mentoring_agreements",
        "municipality_id in (mentor_municipality_id, mentee_municipality_id)",
        schema="api",
    )
    point_to_schools(own=True)


def create_confirmations() -> None:
    op.create_table(
        "agreement_confirmations",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "side in ('mentor', 'mentee')", name=op.f("ck_agreement_confirmations_side")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_agreement_confirmations_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["api.mentoring_agreements.id"],
            name=op.f("fk_agreement_confirmations_agreement_id_mentoring_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"],
            ["api.users.id"],
            name=op.f("fk_agreement_confirmations_confirmed_by_users"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_confirmations")),
        sa.UniqueConstraint(
            "agreement_id",
            "side",
            name=op.f("uq_agreement_confirmations_agreement_id_side"),
        ),
        schema="api",
    )
    op.execute("ALTER TABLE api.agreement_confirmations ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant ON api.agreement_confirmations"
        f" USING ({VISIBLE_AGREEMENT})"
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    add_municipalities()
    create_confirmations()
    op.execute(SEEN_BY_BOTH)
    op.execute(MENTOR_LOAD.format(as_owner=AS_OWNER, visible=VISIBLE))
    op.execute(AUTHORS.format(as_owner=AS_OWNER, visible=VISIBLE))
    for statement in (*FUNCTIONS, TRIGGER):
        op.execute(statement)
    for signature in SIGNATURES:
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO api, scoring, notifier")
    replace_policy(
        "api.mentoring_agreements", "tenant", f"USING ({IN_EITHER} AND {OWN_AGREEMENT})"
    )
    for table in PARTS:
        replace_policy(f"api.{table}", "tenant", f"USING ({VISIBLE_AGREEMENT})")
    replace_policy(
        "api.audit_entries",
        "written",
        f"FOR INSERT WITH CHECK ({AUDIT_BEFORE} OR {PARTNERS_AUDIT})",
    )
    op.execute(f"CREATE POLICY partner ON api.outbox USING ({PARTNERS_EVENT})")
    for table, (column, kind) in SHOWN_TO_MENTORS.items():
        op.execute(
            f"CREATE POLICY mentor ON {table} FOR SELECT USING ({column} = ANY"
            f" ((SELECT tenancy.mentored_places('{kind}'))::bigint[]))"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in SHOWN_TO_MENTORS:
        op.execute(f"DROP POLICY mentor ON {table}")
    op.execute("DROP POLICY partner ON api.outbox")
    replace_policy(
        "api.audit_entries", "written", f"FOR INSERT WITH CHECK ({AUDIT_BEFORE})"
    )
    for table in PARTS:
        replace_policy(
            f"api.{table}", "tenant", f"USING ({IN_OWN} AND {VISIBLE_AGREEMENT})"
        )
    replace_policy(
        "api.mentoring_agreements", "tenant", f"USING ({IN_OWN} AND {OWN_AGREEMENT})"
    )
    op.execute("DROP TRIGGER hold_mentor_capacity ON api.mentoring_agreements")
    op.execute("DROP FUNCTION tenancy.hold_mentor_capacity()")
    for signature in SIGNATURES:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute(AUTHORS.format(as_owner=AS_OWNER, visible=VISIBLE_BEFORE))
    op.execute(MENTOR_LOAD.format(as_owner=AS_OWNER, visible=VISIBLE_BEFORE))
    op.execute(SEEN_BY_ONE)
    op.drop_table("agreement_confirmations", schema="api")
    # Agreements of two municipalities, if there are any, are for a person to end.
    point_to_schools(own=False)
    op.drop_constraint(
        op.f("ck_mentoring_agreements_kept_by_a_party"),
        "mentoring_agreements",
        schema="api",
        type_="check",
    )
    for side in ("mentee", "mentor"):
        op.drop_column("mentoring_agreements", f"{side}_municipality_id", schema="api")
