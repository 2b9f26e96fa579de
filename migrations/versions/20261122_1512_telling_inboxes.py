"""Let the api put a message into inboxes in the transaction that it tells of."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_telling_inboxes"
down_revision: str | None = "20261122_mean_priors"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Told are the editors of a school, or the coordinators of a municipality, each in their
# language. The lock is the one under which inboxes are numbered in the order of the
# commits; the second message of a key is ignored.
TELL = """
CREATE FUNCTION tenancy.tell_inboxes(place bigint, school bigint, deadline bigint,
  message_kind text, key text, said jsonb, now timestamptz)
RETURNS bigint LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off
AS $$
DECLARE
  told bigint;
BEGIN
  IF NOT (tenancy.sees_all() OR place = ANY (tenancy.municipalities())) THEN
    RETURN 0;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('podyom_inboxes'));
  WITH people AS (
    SELECT u.id, coalesce(said -> u.language, said -> 'ru') AS words FROM api.users u
    WHERE u.is_active AND u.municipality_id = place AND CASE
      WHEN school IS NULL THEN u.role = 'municipal_coordinator'
      ELSE u.role = 'school_editor' AND u.school_id = school END
  ), messages AS (
    INSERT INTO notifier.messages (municipality_id, school_id, recipient_id, channel,
      kind, message_id, status, attempts, planned_at, send_after, next_try_at, sent_at)
    SELECT place, school, p.id, 'inbox', message_kind, key || '.' || p.id, 'sent', 1,
      now, now, clock_timestamp(), now
    FROM people p
    ON CONFLICT (message_id) DO NOTHING
    RETURNING id, recipient_id
  ), attempts AS (
    INSERT INTO notifier.attempts (municipality_id, school_id, message_id, channel,
      started_at, ended_at, outcome)
    SELECT place, school, m.id, 'inbox', clock_timestamp(), clock_timestamp(), 'sent'
    FROM messages m
  ), posted AS (
    INSERT INTO notifier.inbox_messages (message_id, municipality_id, school_id,
      recipient_id, deadline_id, subject, body, created_at)
    SELECT m.id, place, school, m.recipient_id, deadline, p.words ->> 'subject',
      p.words ->> 'body', now
    FROM messages m JOIN people p ON p.id = m.recipient_id
    RETURNING id
  )
  SELECT count(*) INTO told FROM posted;
  RETURN told;
END
$$
"""
SIGNATURE = (
    "tenancy.tell_inboxes(bigint, bigint, bigint, text, text, jsonb, timestamptz)"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(TELL)
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO api")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
