"""Tell whoever listens of inboxes and sessions that have changed."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_inbox_notifications"
down_revision: str | None = "20261122_calendar_days"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TELL = """
CREATE FUNCTION {schema}.tell_of_inboxes() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_notify('podyom_inboxes', recipient_id::text)
    FROM (SELECT DISTINCT recipient_id FROM changed) AS told;
    RETURN NULL;
END
$$
"""
AFTER_INSERT = """
CREATE TRIGGER tell_of_inboxes AFTER INSERT ON {table}
REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION {schema}.tell_of_inboxes()
"""
TABLES = {"notifier": "notifier.inbox_messages", "api": "api.inbox_reads"}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for schema, table in TABLES.items():
        op.execute(TELL.format(schema=schema))
        op.execute(AFTER_INSERT.format(schema=schema, table=table))
    op.execute(
        """
        CREATE FUNCTION api.tell_of_revoked_session() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        BEGIN
            PERFORM pg_notify('podyom_inboxes', NEW.user_id::text);
            RETURN NULL;
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER tell_of_revoked_session AFTER UPDATE OF revoked_at
        ON api.sessions FOR EACH ROW WHEN (NEW.revoked_at IS NOT NULL)
        EXECUTE FUNCTION api.tell_of_revoked_session()
        """
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER tell_of_revoked_session ON api.sessions")
    op.execute("DROP FUNCTION api.tell_of_revoked_session()")
    for schema, table in TABLES.items():
        op.execute(f"DROP TRIGGER tell_of_inboxes ON {table}")
        op.execute(f"DROP FUNCTION {schema}.tell_of_inboxes()")
