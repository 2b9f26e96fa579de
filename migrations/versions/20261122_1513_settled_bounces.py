"""Settle bounces, and what inboxes tell of them, once the address is another."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_settled_bounces"
down_revision: str | None = "20261122_telling_inboxes"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A school mends the address of its contact, and sees no bounces. Those of an account
# are its own; those of contacts last while another contact has the address.
SETTLE = """
CREATE FUNCTION tenancy.settle_bounces(place bigint, account bigint, digest text,
  now timestamptz)
RETURNS TABLE (bounce_id bigint, of_school bigint)
LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off
AS $$
BEGIN
  IF NOT (tenancy.sees_all() OR place = ANY (tenancy.municipalities())) THEN
    RETURN;
  END IF;
  IF account IS NULL AND EXISTS (
    SELECT 1 FROM (
      SELECT email FROM api.school_contacts WHERE municipality_id = place
      UNION ALL
      SELECT email FROM api.municipality_contacts WHERE municipality_id = place
    ) AS contacts
    WHERE encode(sha256(convert_to(lower(btrim(email)), 'UTF8')), 'hex') = digest
  ) THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH settled AS (
    UPDATE api.bounces b SET cleared_at = now
    WHERE b.municipality_id = place AND b.account_id IS NOT DISTINCT FROM account
      AND b.address_digest = digest AND b.cleared_at IS NULL
    RETURNING b.id, b.school_id
  ), seen AS (
    INSERT INTO api.inbox_reads (message_id, recipient_id, read_at)
    SELECT i.id, i.recipient_id, now
    FROM settled
    JOIN notifier.messages m ON m.municipality_id = place AND m.kind = 'alarm'
      AND starts_with(m.message_id, 'bounce.' || settled.id || '.')
    JOIN notifier.inbox_messages i ON i.message_id = m.id
    ON CONFLICT DO NOTHING
  )
  SELECT settled.id, settled.school_id FROM settled ORDER BY 1;
END
$$
"""
SIGNATURE = "tenancy.settle_bounces(bigint, bigint, text, timestamptz)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(SETTLE)
    op.execute(f"REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {SIGNATURE} TO api")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DROP FUNCTION {SIGNATURE}")
