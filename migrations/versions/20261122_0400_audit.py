"""Keep every change with its author, so that nothing of it can be taken back unseen."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_audit"
down_revision: str | None = "20261122_idempotency_keys"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_MUNICIPALITY = (
    "((SELECT tenancy.sees_all())"
    " OR municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[]))"
)
OWN_SCHOOL = (
    "((SELECT tenancy.school_id()) IS NULL OR school_id = (SELECT tenancy.school_id()))"
)
THE_SYSTEM = "(SELECT tenancy.sees_all()) AND (SELECT tenancy.user_id()) IS NULL"

WRITTEN = (
    "municipality_id, school_id, entity, entity_id, action, changes, reason, actor_id,"
    " request_id, import_id, address, at"
)
SEAL = "position, previous_hash, hash"

RIGHTS = (
    # The default privileges of the schema would let the api change and delete.
    "REVOKE INSERT, UPDATE, DELETE ON api.audit_entries FROM api",
    f"GRANT INSERT ({WRITTEN}) ON api.audit_entries TO api",
    f"GRANT UPDATE ({SEAL}) ON api.audit_entries TO api",
    "REVOKE DELETE ON api.audit_chains FROM api",
    "ALTER TABLE api.audit_entries ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE api.audit_chains ENABLE ROW LEVEL SECURITY",
    f"CREATE POLICY tenant ON api.audit_entries FOR SELECT"
    f" USING ({IN_MUNICIPALITY} AND {OWN_SCHOOL})",
    # A school's user may change what concerns a partner, too, and leaves a trace.
    f"CREATE POLICY written ON api.audit_entries FOR INSERT"
    f" WITH CHECK ({IN_MUNICIPALITY})",
    f"CREATE POLICY sealed ON api.audit_entries FOR UPDATE USING ({THE_SYSTEM})",
    f"CREATE POLICY tenant ON api.audit_chains USING ({IN_MUNICIPALITY})",
)

# Grants do not bind the owner of the tables: these do, until they are switched off.
GUARDS = (
    """
    CREATE FUNCTION tenancy.refuse_audit_change() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'entry % of the audit is never changed or deleted', OLD.number
        USING ERRCODE = 'integrity_constraint_violation';
    END
    $$
    """,
    """
    CREATE TRIGGER sealed_once BEFORE UPDATE ON api.audit_entries
    FOR EACH ROW WHEN (OLD.hash IS NOT NULL)
    EXECUTE FUNCTION tenancy.refuse_audit_change()
    """,
    """
    CREATE TRIGGER never_deleted BEFORE DELETE ON api.audit_entries
    FOR EACH ROW EXECUTE FUNCTION tenancy.refuse_audit_change()
    """,
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    numbers = sa.Sequence("audit_numbers", schema="api")
    op.execute(sa.schema.CreateSequence(numbers))
    op.create_table(
        "audit_entries",
        sa.Column(
            "number",
            sa.BigInteger(),
            server_default=numbers.next_value(),
            nullable=False,
        ),
        sa.Column("municipality_id", sa.BigInteger()),
        sa.Column("school_id", sa.BigInteger()),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.BigInteger()),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("actor_id", sa.BigInteger()),
        sa.Column("request_id", sa.Text()),
        sa.Column("import_id", sa.BigInteger()),
        sa.Column("address", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger()),
        sa.Column("previous_hash", sa.LargeBinary()),
        sa.Column("hash", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entries")),
        schema="api",
    )
    op.create_table(
        "audit_chains",
        sa.Column(
            "municipality_id", sa.BigInteger(), autoincrement=False, nullable=False
        ),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("municipality_id", name=op.f("pk_audit_chains")),
        schema="api",
    )
    create_indexes()
    for statement in (*RIGHTS, *GUARDS):
        op.execute(statement)


def create_indexes() -> None:
    """Index what the sealer looks for, and what readers ask by."""
    op.create_index(
        "ix_audit_entries_unsealed",
        "audit_entries",
        ["number"],
        schema="api",
        postgresql_where=sa.text("hash is null"),
    )
    op.create_index(
        "uq_audit_entries_position",
        "audit_entries",
        ["municipality_id", "position"],
        unique=True,
        schema="api",
        postgresql_where=sa.text("hash is not null"),
    )
    for name, columns in (
        ("ix_audit_entries_entity", ["entity", "entity_id", "number"]),
        ("ix_audit_entries_school_id_number", ["school_id", "number"]),
        ("ix_audit_entries_actor_id_number", ["actor_id", "number"]),
    ):
        op.create_index(name, "audit_entries", columns, schema="api")
    op.create_index(
        "ix_audit_entries_at",
        "audit_entries",
        ["at"],
        schema="api",
        postgresql_using="brin",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("audit_chains", schema="api")
    op.drop_table("audit_entries", schema="api")
    op.execute("DROP FUNCTION tenancy.refuse_audit_change()")
    op.execute(sa.schema.DropSequence(sa.Sequence("audit_numbers", schema="api")))
