"""Note each change of an exported row, to be numbered and fed to other systems."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_change_feed"
down_revision: str | None = "20261122_places_of_preferences"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AS_OWNER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id IS NULL"
    " OR school_id = (SELECT tenancy.school_id()))"
)
THE_SYSTEM = "((SELECT tenancy.sees_all()) AND (SELECT tenancy.user_id()) IS NULL)"
SOMEBODY = (
    "((SELECT tenancy.sees_all())"
    " OR cardinality((SELECT tenancy.municipalities())::bigint[]) > 0)"
)
ACTIONS = "action in ('upsert', 'delete', 'replace', 'event')"

# Dataset, table, columns of the key; each row is of a school.
OF_SCHOOLS: tuple[tuple[str, str, str], ...] = (
    ("school-aliases", "school_aliases", "school_id alias"),
    ("school-identifiers", "school_identifiers", "kind value"),
    ("school-groups", "school_groups", "school_id group_code valid_from"),
    ("school-contacts", "school_contacts", "school_id role rank"),
    (
        "results",
        "assessment_results",
        "municipality_id academic_year school_id procedure subject programme_grade "
        + "pupil_grade wave written_on",
    ),
    ("social-passports", "social_passports", "school_id academic_year"),
    ("resource-items", "resource_items", "school_id kind title year"),
    ("enrolments", "enrolments", "school_id academic_year"),
    ("condition-indices", "condition_indices", "school_id academic_year"),
    ("staff-profiles", "staff_profiles", "school_id as_of"),
    ("vacancies", "vacancies", "school_id year subject"),
    ("staff-trainings", "staff_trainings", "school_id academic_year topic"),
    ("objectivity-signs", "objectivity_signs", "school_id year"),
    ("list-memberships", "list_memberships", "school_id list_kind year"),
    (
        "finding-explanations",
        "finding_explanations",
        "school_id year test procedure subject programme_grade",
    ),
    (
        "climate-surveys",
        "climate_surveys",
        "school_id held_on component respondent_group",
    ),
    (
        "satisfaction-surveys",
        "satisfaction_surveys",
        "school_id calendar_year question",
    ),
    ("msoko-scores", "msoko_scores", "school_id academic_year group_id"),
    ("risk-profiles", "risk_profiles", "school_id academic_year factor"),
    ("anti-risk-programmes", "anti_risk_programmes", "risk_profile_id"),
    ("swot-entries", "swot_entries", "school_id calendar_year quadrant position"),
    ("internal-controls", "internal_controls", "school_id held_on topic"),
    ("deadlines", "deadlines", "kind measure_id source_id school_id occurrence"),
    ("school-programmes", "school_programmes", "school_id programme_id title"),
    (
        "school-programme-indicators",
        "school_programme_indicators",
        "school_programme_id title",
    ),
    (
        "school-programme-measures",
        "school_programme_measures",
        "school_programme_id title starts_on",
    ),
    ("school-programme-reviews", "school_programme_reviews", ""),
    ("recommendations", "recommendations", "school_id issued_on title"),
    ("school-distances", "school_distances", "school_id other_school_id"),
    ("mentor-offers", "mentor_offers", "school_id position problem valid_from"),
    ("mentor-requests", "mentor_requests", "school_id position problem asked_on"),
    ("deficits", "deficits", "school_id bearer position kind observed_on"),
)
# The same, of datasets whose rows are of no school.
OF_MUNICIPALITIES: tuple[tuple[str, str, str], ...] = (
    ("municipality-contacts", "municipality_contacts", "municipality_id role rank"),
    (
        "school-calendar",
        "calendar_periods",
        "municipality_id academic_year kind number",
    ),
    ("municipal-figures", "municipality_figures", "municipality_id code"),
    ("condition-index-ranges", "condition_index_ranges", "municipality_id year area"),
    (
        "mark-boundaries",
        "mark_boundaries",
        "municipality_id year procedure subject programme_grade",
    ),
    (
        "objectivity-limits",
        "objectivity_limits",
        "municipality_id year area procedure subject programme_grade measure",
    ),
    ("msoko-groups", "msoko_groups", "municipality_id code"),
    ("programmes", "programmes", "code"),
    ("measures", "measures", "programme_id key"),
    ("target-indicators", "target_indicators", "programme_id code"),
    ("decisions", "decisions", "municipality_id kind number decided_on"),
    (
        "decision-subjects",
        "decision_subjects",
        "decision_id about_school_id measure_id recommendation_id",
    ),
    ("budget-items", "budget_items", "programme_id year source purpose"),
)
# Table, its column that names what shows it, watched columns, what shows it, and how.
BORROWED: tuple[tuple[str, ...], ...] = (
    ("schools", "id", "name,synthetic"),
    ("municipalities", "id", "name,synthetic"),
    (
        "measures",
        "id",
        "programme_id,number,title,term_text,expected_result",
        "api.deadlines",
        "t.measure_id = ANY ($1)",
    ),
    (
        "programmes",
        "id",
        "provenance",
        "api.measures",
        "t.programme_id = ANY ($1)",
    ),
    (
        "programmes",
        "id",
        "provenance",
        "api.target_indicators",
        "t.programme_id = ANY ($1)",
    ),
    (
        "msoko_groups",
        "id",
        "code,title",
        "api.msoko_scores",
        "t.group_id = ANY ($1)",
    ),
    (
        "target_ranges",
        "indicator_id",
        "indicator_id,year,low,high,text",
        "api.target_indicators",
        "t.id = ANY ($1)",
    ),
)
EVERY = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}

# What is noted of a row: where it belongs, and its key where that has changed.
PLAN = """
CREATE FUNCTION api.noted_rows(followed api.feed_tables, operation text)
RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  parts text[] := '{}';
  nothing text := 'NULL::jsonb';
  old_key text := nothing;
  new_key text := nothing;
  is_rekeyed text := 'false';
  old_place text;
  new_place text;
BEGIN
  IF cardinality(followed.key_columns) > 0 THEN
    SELECT 'jsonb_build_object(' || string_agg(format('%1$L, o.%1$I', k), ',') || ')',
        'jsonb_build_object(' || string_agg(format('%1$L, n.%1$I', k), ',') || ')',
        'ROW(' || string_agg(format('o.%I', k), ',') || ') IS DISTINCT FROM ROW('
          || string_agg(format('n.%I', k), ',') || ')'
      INTO old_key, new_key, is_rekeyed FROM unnest(followed.key_columns) k;
  END IF;
  FOR i IN 1 .. cardinality(followed.municipality_columns) LOOP
    SELECT
        string_agg(CASE c WHEN '' THEN 'NULL::bigint' ELSE format('o.%I', c) END, ','),
        string_agg(CASE c WHEN '' THEN 'NULL::bigint' ELSE format('n.%I', c) END, ',')
      INTO old_place, new_place
      FROM unnest(ARRAY[followed.municipality_columns[i],
        followed.school_columns[i]]) c;
    CASE operation
      WHEN 'INSERT' THEN
        parts := parts || format('SELECT ''upsert'', n.id, %s, %s, %s FROM new_rows n',
          new_place, nothing, nothing);
      WHEN 'DELETE' THEN
        parts := parts || format('SELECT ''delete'', o.id, %s, %s, %s FROM old_rows o',
          old_place, old_key, nothing);
      ELSE
        -- Whoever sees the old place only has to lose the row.
        parts := parts || format('SELECT ''delete'', o.id, %1$s, %2$s, %3$s
          FROM old_rows o JOIN new_rows n ON n.id = o.id
          WHERE ROW(%1$s) IS DISTINCT FROM ROW(%4$s)',
          old_place, old_key, nothing, new_place);
        parts := parts || format('SELECT ''upsert'', n.id, %1$s,
            CASE WHEN %2$s THEN %3$s END, CASE WHEN %2$s THEN %4$s END
          FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE n.* IS DISTINCT FROM o.*',
          new_place, is_rekeyed, new_key, old_key);
    END CASE;
  END LOOP;
  RETURN array_to_string(parts, ' UNION ALL ');
END
$$
"""
# The tables of old and new rows are known to the trigger's own function only.
FOLLOWER = """
CREATE FUNCTION api.note_changes() RETURNS trigger LANGUAGE plpgsql {as_owner}
AS $$
DECLARE followed api.feed_tables;
BEGIN
  SELECT * INTO STRICT followed FROM api.feed_tables f
    WHERE f.relation = TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
  EXECUTE format('INSERT INTO api.feed_entries
      (action, dataset, row_id, municipality_id, school_id, key, old_key, request_id,
      at)
    SELECT p.a, $1, p.r, p.m, p.s, p.k, p.o, $2, $3
    FROM (%s) p(a, r, m, s, k, o)', api.noted_rows(followed, TG_OP))
    USING followed.dataset, nullif(current_setting('podyom.request', true), ''),
      tenancy.clock_now();
  RETURN NULL;
END
$$
"""
TELLER = """
CREATE FUNCTION api.tell_of_changes() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM new_rows) THEN
    PERFORM pg_notify('podyom_changes', TG_ARGV[0]);
  END IF;
  RETURN NULL;
END
$$
"""
# Rows of other tables that show what has changed here: they are noted as changed too.
TOUCH = """
CREATE FUNCTION api.touch(borrower text, condition text, ids bigint[])
RETURNS void LANGUAGE plpgsql {as_owner}
AS $$
DECLARE
  followed api.feed_tables;
  parts text[] := '{{}}';
BEGIN
  SELECT * INTO STRICT followed FROM api.feed_tables f WHERE f.relation = borrower;
  FOR i IN 1 .. cardinality(followed.municipality_columns) LOOP
    parts := parts || format(
      'SELECT ''upsert'', t.id, t.%I, %s, $1 FROM %s t WHERE %s',
      followed.municipality_columns[i],
      CASE followed.school_columns[i] WHEN '' THEN 'NULL::bigint'
        ELSE format('t.%I', followed.school_columns[i]) END,
      borrower::regclass, condition);
  END LOOP;
  EXECUTE format('INSERT INTO api.feed_entries
      (action, dataset, row_id, municipality_id, school_id, request_id, at)
    SELECT p.a, $2, p.r, p.m, p.s, $3, $4 FROM (%s) p(a, r, m, s, ids)',
    array_to_string(parts, ' UNION ALL '))
    USING ids, followed.dataset, nullif(current_setting('podyom.request', true), ''),
      tenancy.clock_now();
END
$$
"""
REPLACED = """
CREATE FUNCTION api.note_replaced(municipality_ids bigint[], years bigint[])
RETURNS void LANGUAGE sql {as_owner}
AS $$
  INSERT INTO api.feed_entries
    (action, dataset, municipality_id, academic_year, request_id, at)
  SELECT 'replace', d.code, m.id, m.year,
    nullif(current_setting('podyom.request', true), ''), tenancy.clock_now()
  FROM unnest(municipality_ids, years) m(id, year)
    CROSS JOIN (VALUES ('rankings'), ('indicators')) d(code)
$$
"""
BORROWERS = """
CREATE FUNCTION api.note_borrowers() RETURNS trigger LANGUAGE plpgsql {as_owner}
AS $$
DECLARE
  changed bigint[];
  followed api.feed_tables;
  condition text;
  old_values text;
  new_values text;
BEGIN
  SELECT string_agg(format('o.%I', c), ','), string_agg(format('n.%I', c), ',')
    INTO old_values, new_values FROM unnest(string_to_array(TG_ARGV[1], ',')) c;
  CASE TG_OP
    WHEN 'INSERT' THEN
      EXECUTE format('SELECT array_agg(DISTINCT n.%I) FROM new_rows n', TG_ARGV[0])
        INTO changed;
    WHEN 'DELETE' THEN
      EXECUTE format('SELECT array_agg(DISTINCT o.%I) FROM old_rows o', TG_ARGV[0])
        INTO changed;
    ELSE
      EXECUTE format('SELECT array_agg(DISTINCT v.id)
        FROM new_rows n JOIN old_rows o ON o.id = n.id
          CROSS JOIN LATERAL (VALUES (o.%1$I), (n.%1$I)) v(id)
        WHERE ROW(%2$s) IS DISTINCT FROM ROW(%3$s)', TG_ARGV[0], old_values, new_values)
        INTO changed;
  END CASE;
  IF changed IS NULL THEN
    RETURN NULL;
  END IF;
  IF TG_NARGS > 2 THEN
    PERFORM api.touch(TG_ARGV[2], TG_ARGV[3], changed);
    RETURN NULL;
  END IF;
  FOR followed IN SELECT * FROM api.feed_tables f
    WHERE f.relation <> TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME ORDER BY f.relation
  LOOP
    SELECT string_agg(format('t.%I = ANY ($1)', c), ' OR ') INTO condition
      FROM unnest(CASE TG_TABLE_NAME WHEN 'schools' THEN followed.school_columns
        ELSE followed.municipality_columns END) c WHERE c <> '';
    IF condition IS NOT NULL THEN
      PERFORM api.touch(followed.relation, condition, changed);
    END IF;
  END LOOP;
  PERFORM api.note_replaced(array_agg(r.municipality_id), array_agg(r.year))
    FROM scoring.current_runs r
    WHERE r.topic = 'results' AND r.municipality_id IN (
      SELECT s.municipality_id FROM api.schools s
      WHERE CASE TG_TABLE_NAME WHEN 'schools' THEN s.id ELSE s.municipality_id END
        = ANY (changed));
  RETURN NULL;
END
$$
"""
RUNS = """
CREATE FUNCTION api.note_runs() RETURNS trigger LANGUAGE plpgsql {as_owner}
AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM api.note_replaced(array_agg(o.municipality_id), array_agg(o.year))
      FROM old_rows o WHERE o.topic = 'results';
  ELSE
    PERFORM api.note_replaced(array_agg(n.municipality_id), array_agg(n.year))
      FROM new_rows n WHERE n.topic = 'results';
  END IF;
  RETURN NULL;
END
$$
"""
# A table is followed from the moment that this is called; its rows have an `id`.
FOLLOW = """
CREATE FUNCTION api.follow_changes(relation text, dataset text,
  municipality_columns text[], school_columns text[], key_columns text[])
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO api.feed_tables VALUES
    (relation, dataset, municipality_columns, school_columns, key_columns);
  EXECUTE format('CREATE TRIGGER feed_inserts AFTER INSERT ON %s
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION api.note_changes()', relation::regclass);
  EXECUTE format('CREATE TRIGGER feed_updates AFTER UPDATE ON %s
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION api.note_changes()', relation::regclass);
  EXECUTE format('CREATE TRIGGER feed_deletes AFTER DELETE ON %s
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION api.note_changes()', relation::regclass);
END
$$
"""
# Which database this is: a restored one is another, as is a promoted standby.
IDENTITY = """
CREATE FUNCTION api.feed_identity() RETURNS text LANGUAGE sql STABLE {as_owner}
AS $$
  SELECT left(md5(concat_ws(':', s.system_identifier, c.timeline_id, d.oid)), 12)
  FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d
  WHERE d.datname = current_database()
$$
"""
FUNCTIONS = {
    "noted_rows(api.feed_tables, text)": PLAN,
    "note_changes()": FOLLOWER.format(as_owner=AS_OWNER),
    "tell_of_changes()": TELLER,
    "touch(text, text, bigint[])": TOUCH.format(as_owner=AS_OWNER),
    "note_replaced(bigint[], bigint[])": REPLACED.format(as_owner=AS_OWNER),
    "note_borrowers()": BORROWERS.format(as_owner=AS_OWNER),
    "note_runs()": RUNS.format(as_owner=AS_OWNER),
    "follow_changes(text, text, text[], text[], text[])": FOLLOW,
    "feed_identity()": IDENTITY.format(as_owner=AS_OWNER),
}


def create_tables() -> None:
    op.create_table(
        "feed_tables",
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("municipality_columns", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("school_columns", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("key_columns", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("relation", name=op.f("pk_feed_tables")),
        sa.UniqueConstraint("dataset", name=op.f("uq_feed_tables_dataset")),
        schema="api",
    )
    op.create_table(
        "feed_state",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("forgotten_number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_feed_state_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_state")),
        schema="api",
    )
    op.execute("INSERT INTO api.feed_state VALUES (1, 0, 0)")
    entry = (
        ("action", sa.Text(), False),
        ("dataset", sa.Text(), True),
        ("event", sa.Text(), True),
        ("row_id", sa.BigInteger(), True),
        ("municipality_id", sa.BigInteger(), False),
        ("school_id", sa.BigInteger(), True),
        ("academic_year", sa.BigInteger(), True),
        ("key", postgresql.JSONB(), True),
        ("old_key", postgresql.JSONB(), True),
        ("payload", postgresql.JSONB(), True),
        ("request_id", sa.Text(), True),
        ("at", sa.DateTime(timezone=True), False),
    )

    def columns() -> list[sa.Column[object]]:
        return [sa.Column(name, kind, nullable=null) for name, kind, null in entry]

    op.create_table(
        "feed_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        *columns(),
        sa.CheckConstraint(ACTIONS, name=op.f("ck_feed_entries_action")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_entries")),
        schema="api",
    )
    op.create_table(
        "changes",
        sa.Column("number", sa.BigInteger(), nullable=False),
        *columns(),
        sa.Column("numbered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(ACTIONS, name=op.f("ck_changes_action")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_changes")),
        schema="api",
    )
    op.create_index(
        op.f("ix_changes_municipality_id_number"),
        "changes",
        ["municipality_id", "number"],
        schema="api",
    )


def protect_tables() -> None:
    for table, seen in (
        ("feed_tables", SOMEBODY),
        ("feed_state", SOMEBODY),
        ("feed_entries", THE_SYSTEM),
        ("changes", f"{IN_MUNICIPALITY} AND {OWN_SCHOOL}"),
    ):
        op.execute(f"ALTER TABLE api.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY tenant ON api.{table} USING ({seen})")
    # Written by the triggers and by migrations; the api numbers, and forgets.
    op.execute("REVOKE INSERT, UPDATE, DELETE ON api.feed_tables FROM api")
    op.execute("REVOKE UPDATE ON api.feed_entries FROM api")
    op.execute("REVOKE INSERT, DELETE ON api.feed_state FROM api")
    op.execute("REVOKE UPDATE ON api.changes FROM api")


def follow(dataset: str, table: str, municipality: str, school: str, key: str) -> None:
    def words(text: str) -> str:
        return "{" + ",".join(word or '""' for word in text.split(" ")) + "}"

    keys = words(key) if key else "{}"
    op.execute(
        f"SELECT api.follow_changes('api.{table}', '{dataset}',"
        f" '{words(municipality)}', '{words(school)}', '{keys}')"
    )


def follow_tables() -> None:
    follow("schools", "schools", "municipality_id", "id", "municipality_id code")
    follow(
        "mentoring-agreements",
        "mentoring_agreements",
        "mentor_municipality_id mentee_municipality_id",
        "mentor_school_id mentee_school_id",
        "municipality_id registry_year registry_number",
    )
    for dataset, table, key in OF_SCHOOLS:
        follow(dataset, table, "municipality_id", "school_id", key)
    for dataset, table, key in OF_MUNICIPALITIES:
        follow(dataset, table, "municipality_id", "", key)


def create_triggers() -> None:
    for number, (table, *rest) in enumerate(BORROWED):
        arguments = ", ".join(f"'{each}'" for each in rest)
        operations = EVERY if table == "target_ranges" else {"UPDATE": EVERY["UPDATE"]}
        for operation, tables in operations.items():
            op.execute(
                f"CREATE TRIGGER feed_borrowers_{number}_{operation.lower()}"
                f" AFTER {operation} ON api.{table} REFERENCING {tables}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION api.note_borrowers({arguments})"
            )
    for operation, tables in EVERY.items():
        op.execute(
            f"CREATE TRIGGER feed_runs_{operation.lower()} AFTER {operation}"
            f" ON scoring.current_runs REFERENCING {tables}"
            " FOR EACH STATEMENT EXECUTE FUNCTION api.note_runs()"
        )
    for table, word in (("feed_entries", "waiting"), ("changes", "numbered")):
        op.execute(
            f"CREATE TRIGGER tell_of_changes AFTER INSERT ON api.{table}"
            " REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT"
            f" EXECUTE FUNCTION api.tell_of_changes('{word}')"
        )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    create_tables()
    for signature, statement in FUNCTIONS.items():
        op.execute(statement)
        op.execute(f"REVOKE ALL ON FUNCTION api.{signature} FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION api.feed_identity() TO api")
    follow_tables()
    create_triggers()
    protect_tables()


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for trigger in ("feed_inserts", "feed_updates", "feed_deletes"):
        for table in _followed():
            op.execute(f"DROP TRIGGER {trigger} ON {table}")
    for number, (table, *_) in enumerate(BORROWED):
        for operation in EVERY if table == "target_ranges" else ("UPDATE",):
            name = f"feed_borrowers_{number}_{operation.lower()}"
            op.execute(f"DROP TRIGGER {name} ON api.{table}")
    for operation in EVERY:
        name = f"feed_runs_{operation.lower()}"
        op.execute(f"DROP TRIGGER {name} ON scoring.current_runs")
    for table in ("changes", "feed_entries", "feed_state"):
        op.drop_table(table, schema="api")
    for signature in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION api.{signature}")
    op.drop_table("feed_tables", schema="api")


def _followed() -> list[str]:
    tables = [table for _, table, _ in (*OF_SCHOOLS, *OF_MUNICIPALITIES)]
    return [f"api.{table}" for table in ("schools", "mentoring_agreements", *tables)]
