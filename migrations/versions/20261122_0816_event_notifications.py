"""Tell whoever listens of new events, at the moment they are committed."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261122_event_notifications"
down_revision: str | None = "20261122_scoring_topics"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE FUNCTION api.tell_of_events() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        BEGIN
            PERFORM pg_notify('podyom_events', kind || ' ' || municipality_id)
            FROM (SELECT DISTINCT kind, municipality_id FROM new_events) AS told;
            RETURN NULL;
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER tell_of_events AFTER INSERT ON api.outbox
        REFERENCING NEW TABLE AS new_events
        FOR EACH STATEMENT EXECUTE FUNCTION api.tell_of_events()
        """
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER tell_of_events ON api.outbox")
    op.execute("DROP FUNCTION api.tell_of_events()")
