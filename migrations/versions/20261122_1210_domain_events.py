"""Tell of events beside the changes that they are, in the one order of the feed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_domain_events"
down_revision: str | None = "20261122_roster_changes"
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
NEW = "REFERENCING NEW TABLE AS new_rows"
BOTH = "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"
OLD = "REFERENCING OLD TABLE AS old_rows"
INTO = """INSERT INTO api.feed_entries (action, event, dataset, row_id, municipality_id,
      school_id, academic_year, payload, request_id, at)
    SELECT 'event', t.event, t.dataset, t.row_id, t.municipality_id, t.school_id,
      t.academic_year, t.payload, nullif(current_setting('podyom.request', true), ''),
      tenancy.clock_now()
    FROM"""

TELL = """
CREATE FUNCTION api.tell_event(event text, dataset text, municipality bigint,
  school bigint, academic_year bigint, row_id bigint, payload jsonb)
RETURNS void LANGUAGE plpgsql {as_owner}
AS $$
BEGIN
  IF NOT (tenancy.sees_all()
      OR municipality = ANY (tenancy.municipalities()::bigint[])) THEN
    RAISE insufficient_privilege USING MESSAGE = 'an event of another municipality';
  END IF;
  {into} (VALUES (event, dataset, row_id, municipality, school, academic_year,
    payload)) t(event, dataset, row_id, municipality_id, school_id, academic_year,
    payload);
END
$$
"""
# However many rows a transaction writes, it tells once of a school's year.
RESULTS = f"""
CREATE FUNCTION api.tell_of_results() RETURNS trigger LANGUAGE plpgsql {AS_OWNER}
AS $$
DECLARE
  rows text;
BEGIN
  rows := CASE TG_OP
    WHEN 'INSERT' THEN 'SELECT municipality_id, school_id, academic_year, 1, 0
      FROM new_rows'
    WHEN 'DELETE' THEN 'SELECT municipality_id, school_id, academic_year, 0, 1
      FROM old_rows'
    ELSE 'SELECT n.municipality_id, n.school_id, n.academic_year, 1, 0
      FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE n.* IS DISTINCT FROM o.*
      UNION ALL SELECT o.municipality_id, o.school_id, o.academic_year, 0, 1
      FROM new_rows n JOIN old_rows o ON o.id = n.id
      WHERE ROW(n.school_id, n.academic_year) IS DISTINCT FROM
        ROW(o.school_id, o.academic_year)'
  END;
  EXECUTE format('INSERT INTO api.feed_entries AS told (action, event, dataset,
      municipality_id, school_id, academic_year, payload, request_id, at,
      transaction_id)
    SELECT ''event'', ''result.changed'', ''results'', r.m, r.s, r.y,
      jsonb_build_object(''written'', sum(r.w), ''deleted'', sum(r.d)),
      nullif(current_setting(''podyom.request'', true), ''''), tenancy.clock_now(),
      pg_current_xact_id()::text::bigint
    FROM (%s) r(m, s, y, w, d) GROUP BY r.m, r.s, r.y ORDER BY r.m, r.s, r.y
    ON CONFLICT (transaction_id, event, school_id, academic_year)
      WHERE transaction_id IS NOT NULL
    DO UPDATE SET payload = jsonb_build_object(
      ''written'', (told.payload -> ''written'')::bigint
        + (excluded.payload -> ''written'')::bigint,
      ''deleted'', (told.payload -> ''deleted'')::bigint
        + (excluded.payload -> ''deleted'')::bigint)', rows);
  RETURN NULL;
END
$$
"""


def told_of(name: str, body: str) -> str:
    return f"""
CREATE FUNCTION api.{name}() RETURNS trigger LANGUAGE plpgsql {AS_OWNER}
AS $$
BEGIN
  {INTO} ({body}
  ) t(event, dataset, row_id, municipality_id, school_id, academic_year, payload);
  RETURN NULL;
END
$$
"""


LISTED = """
    SELECT 'list_status.changed', 'list-memberships', {0}.id, {0}.municipality_id,
      {0}.school_id, {0}.year, jsonb_build_object('source', 'membership',
        'list_kind', {0}.list_kind, 'status', {1}, 'act_on', {0}.act_on,
        'valid_to', {0}.valid_to)
    FROM {2}"""
ON_LIST = "CASE WHEN n.valid_to IS NULL THEN 'listed' ELSE 'excluded' END"
DECIDED = """
    SELECT 'list_status.changed', 'list-memberships', NULL::bigint, n.municipality_id,
      n.school_id, n.academic_year, jsonb_build_object('source', 'decision',
        'decision_id', n.id, 'rule_code', n.rule_code,
        'computed_status', n.computed_status,
        'status', CASE WHEN n.withdrawn_at IS NULL THEN n.status
          ELSE n.computed_status END,
        'is_withdrawn', n.withdrawn_at IS NOT NULL)
    FROM {0}"""
AGREED = """
    SELECT 'agreement.transitioned', 'mentoring-agreements', n.id, side.municipality_id,
      side.school_id, NULL::bigint, jsonb_build_object('side', side.name,
        'from', {0}, 'to', n.status, 'mentor_school_id', n.mentor_school_id,
        'mentee_school_id', n.mentee_school_id)
    FROM {1} CROSS JOIN LATERAL (VALUES
      ('mentor', n.mentor_municipality_id, n.mentor_school_id),
      ('mentee', n.mentee_municipality_id, n.mentee_school_id)
    ) side(name, municipality_id, school_id) {2}"""
OWED = """
    SELECT CASE n.state WHEN 'done' THEN 'deadline.met' ELSE 'deadline.opened' END,
      'deadlines', n.id, n.municipality_id, n.school_id, NULL::bigint,
      jsonb_build_object('kind', n.kind, 'measure_id', n.measure_id,
        'due_on', n.due_on) || CASE n.state WHEN 'done' THEN
        jsonb_build_object('done_on', n.done_on, 'is_late', n.done_on > n.due_on)
        ELSE '{{}}' END
    FROM {0}"""
MISSED = """
    SELECT 'deadline.missed', 'deadlines', n.deadline_id, n.municipality_id,
      n.school_id, NULL::bigint, jsonb_build_object('kind', d.kind,
        'measure_id', d.measure_id, 'due_on', n.due_on)
    FROM new_rows n JOIN api.deadlines d ON d.id = n.deadline_id"""
PUBLISHED = """
    SELECT 'ranking.published', 'rankings', NULL::bigint, n.municipality_id,
      NULL::bigint, n.academic_year, jsonb_build_object('publication_id', n.id,
        'run_id', n.run_id, 'order_on', n.order_on, 'rows_hash', n.rows_hash)
    FROM {0}"""
CHANGED = "new_rows n JOIN old_rows o ON o.id = n.id WHERE"
LEFT_STATE = (
    f"{CHANGED} (n.state = 'done' AND o.state <> 'done') OR (n.state = 'open'"
    " AND o.state IN ('done', 'past', 'withdrawn'))"
)
LISTED_ANEW = (
    f"{CHANGED} ROW(n.list_kind, n.year, n.school_id, n.valid_to)"
    " IS DISTINCT FROM ROW(o.list_kind, o.year, o.school_id, o.valid_to)"
)
# Table, name, operation, what it sees, and what it tells.
TOLD: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "list_memberships",
        "tell_of_listed",
        "INSERT",
        NEW,
        LISTED.format("n", ON_LIST, "new_rows n"),
    ),
    (
        "list_memberships",
        "tell_of_relisted",
        "UPDATE",
        BOTH,
        LISTED.format("n", ON_LIST, LISTED_ANEW),
    ),
    (
        "list_memberships",
        "tell_of_unlisted",
        "DELETE",
        OLD,
        LISTED.format("o", "'removed'", "old_rows o"),
    ),
    (
        "identification_decisions",
        "tell_of_decided",
        "INSERT",
        NEW,
        DECIDED.format("new_rows n"),
    ),
    (
        "identification_decisions",
        "tell_of_redecided",
        "UPDATE",
        BOTH,
        DECIDED.format(
            f"{CHANGED} ROW(n.status, n.withdrawn_at)"
            " IS DISTINCT FROM ROW(o.status, o.withdrawn_at)"
        ),
    ),
    (
        "mentoring_agreements",
        "tell_of_drafted",
        "INSERT",
        NEW,
        AGREED.format("NULL::text", "new_rows n", ""),
    ),
    (
        "mentoring_agreements",
        "tell_of_transitions",
        "UPDATE",
        BOTH,
        AGREED.format(
            "o.status",
            "new_rows n JOIN old_rows o ON o.id = n.id",
            "WHERE n.status <> o.status",
        ),
    ),
    (
        "deadlines",
        "tell_of_opened",
        "INSERT",
        NEW,
        OWED.format("new_rows n WHERE n.state IN ('open', 'done')"),
    ),
    ("deadlines", "tell_of_met", "UPDATE", BOTH, OWED.format(LEFT_STATE)),
    ("missed_deadlines", "tell_of_missed", "INSERT", NEW, MISSED),
    (
        "ranking_publications",
        "tell_of_published",
        "INSERT",
        NEW,
        PUBLISHED.format("new_rows n WHERE n.status = 'published'"),
    ),
    (
        "ranking_publications",
        "tell_of_publications",
        "UPDATE",
        BOTH,
        PUBLISHED.format(f"{CHANGED} n.status = 'published' AND o.status <> n.status"),
    ),
)
RESULT_TRIGGERS = {"INSERT": NEW, "UPDATE": BOTH, "DELETE": OLD}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column(
        "feed_entries", sa.Column("transaction_id", sa.BigInteger()), schema="api"
    )
    op.create_index(
        "uq_feed_entries_transaction_id",
        "feed_entries",
        ["transaction_id", "event", "school_id", "academic_year"],
        unique=True,
        schema="api",
        postgresql_where=sa.text("transaction_id IS NOT NULL"),
    )
    op.create_index(
        "ix_changes_events",
        "changes",
        ["number"],
        schema="api",
        postgresql_where=sa.text("action = 'event'"),
    )
    _create_missed()
    op.execute(TELL.format(as_owner=AS_OWNER, into=INTO))
    signature = "api.tell_event(text, text, bigint, bigint, bigint, bigint, jsonb)"
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO api")
    op.execute(RESULTS)
    op.execute("REVOKE ALL ON FUNCTION api.tell_of_results() FROM PUBLIC")
    for operation, seen in RESULT_TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER event_of_{operation.lower()} AFTER {operation}"
            f" ON api.assessment_results {seen}"
            " FOR EACH STATEMENT EXECUTE FUNCTION api.tell_of_results()"
        )
    for table, name, operation, seen, body in TOLD:
        op.execute(told_of(name, body))
        op.execute(f"REVOKE ALL ON FUNCTION api.{name}() FROM PUBLIC")
        op.execute(
            f"CREATE TRIGGER event_of_{operation.lower()} AFTER {operation}"
            f" ON api.{table} {seen} FOR EACH STATEMENT EXECUTE FUNCTION api.{name}()"
        )


def _create_missed() -> None:
    op.create_table(
        "missed_deadlines",
        sa.Column("deadline_id", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger()),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deadline_id"],
            ["api.deadlines.id"],
            name=op.f("fk_missed_deadlines_deadline_id_deadlines"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "deadline_id", "due_on", name=op.f("pk_missed_deadlines")
        ),
        schema="api",
    )
    op.execute("ALTER TABLE api.missed_deadlines ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY tenant ON api.missed_deadlines"
        f" USING ({IN_MUNICIPALITY} AND {OWN_SCHOOL})"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, name, operation, _, _ in TOLD:
        op.execute(f"DROP TRIGGER event_of_{operation.lower()} ON api.{table}")
        op.execute(f"DROP FUNCTION api.{name}()")
    for operation in RESULT_TRIGGERS:
        op.execute(
            f"DROP TRIGGER event_of_{operation.lower()} ON api.assessment_results"
        )
    op.execute("DROP FUNCTION api.tell_of_results()")
    op.execute(
        "DROP FUNCTION api.tell_event(text, text, bigint, bigint, bigint, bigint,"
        " jsonb)"
    )
    op.drop_table("missed_deadlines", schema="api")
    op.drop_index("ix_changes_events", "changes", schema="api")
    op.drop_index("uq_feed_entries_transaction_id", "feed_entries", schema="api")
    op.drop_column("feed_entries", "transaction_id", schema="api")
