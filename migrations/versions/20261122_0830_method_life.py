"""Let municipalities and regions have methods, by orders and for periods."""

import json
from collections.abc import Sequence
from hashlib import sha256

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_method_life"
down_revision: str | None = "20261122_event_notifications"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SEES_ALL = "(SELECT tenancy.sees_all())"
OWN_MUNICIPALITY = "municipality_id = ANY ((SELECT tenancy.municipalities())::bigint[])"
OWN_REGION = "region_id = (SELECT tenancy.own_region())"
# The subquery is itself under the policy of municipalities.
REGION_ABOVE = "region_id IN (SELECT m.region_id FROM api.municipalities m)"
OF_THE_SYSTEM = (
    "(municipality_id IS NULL AND region_id IS NULL"
    " AND ((SELECT tenancy.user_id()) IS NOT NULL"
    " OR cardinality((SELECT tenancy.municipalities())) > 0))"
)
NO_SCHOOL_USER = "(SELECT tenancy.school_id()) IS NULL"
IS_SETTLED = "state <> 'draft'"

SEEN = {
    "methods": (
        f"{SEES_ALL} OR {OWN_REGION}"
        f" OR ({OWN_MUNICIPALITY} AND ({IS_SETTLED} OR {NO_SCHOOL_USER}))"
        f" OR ({IS_SETTLED} AND ({OF_THE_SYSTEM} OR {REGION_ABOVE}))"
    ),
    "method_periods": (
        f"{SEES_ALL} OR {OWN_REGION} OR {OWN_MUNICIPALITY}"
        f" OR {OF_THE_SYSTEM} OR {REGION_ABOVE}"
    ),
}
# A region writes its own, and not what its municipalities have decided.
WRITTEN = (
    f"{SEES_ALL} OR {OWN_REGION} OR ({OWN_MUNICIPALITY} AND {NO_SCHOOL_USER}"
    " AND (SELECT tenancy.own_region()) IS NULL)"
)

# The region that an account is for as a whole; a token has that of its issuer.
OWN_REGION_FUNCTION = """
CREATE FUNCTION tenancy.own_region() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(u.region_id, i.region_id)
  FROM api.users u
    LEFT JOIN api.api_tokens t ON t.user_id = u.id
    LEFT JOIN api.users i ON i.id = t.issuer_id
  WHERE u.id = tenancy.user_id()
    AND u.municipality_id IS NULL AND i.municipality_id IS NULL
$$
"""
GUARD_METHOD = """
CREATE FUNCTION api.guard_method() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'draft' THEN
      RAISE EXCEPTION 'method % was approved and is never deleted', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF (OLD.region_id, OLD.municipality_id, OLD.code, OLD.version, OLD.kind)
      IS DISTINCT FROM
      (NEW.region_id, NEW.municipality_id, NEW.code, NEW.version, NEW.kind) THEN
    RAISE EXCEPTION 'method % keeps its owner, code, version and kind', OLD.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state <> 'draft' AND (OLD.content, OLD.content_hash, OLD.order_body,
      OLD.order_number, OLD.order_on, OLD.approved_at, OLD.approved_by)
      IS DISTINCT FROM (NEW.content, NEW.content_hash, NEW.order_body,
      NEW.order_number, NEW.order_on, NEW.approved_at, NEW.approved_by) THEN
    RAISE EXCEPTION 'method % was approved and is never changed', OLD.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (OLD.state, NEW.state) NOT IN (('draft', 'draft'), ('draft', 'approved'),
      ('approved', 'approved'), ('approved', 'withdrawn'),
      ('withdrawn', 'withdrawn')) THEN
    RAISE EXCEPTION 'method % cannot become % after %', OLD.id, NEW.state, OLD.state
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$
"""
# It locks a method that its caller may only read, hence the rights of the owner.
GUARD_PERIOD = """
CREATE FUNCTION api.guard_method_period() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE method record;
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.order_number IS NOT NULL THEN
      RAISE EXCEPTION 'period % was ordered and is never deleted', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF OLD.revoked_at IS NOT NULL
        OR (OLD.method_id, OLD.region_id, OLD.municipality_id, OLD.slot,
          OLD.valid_from, OLD.order_body, OLD.order_number, OLD.order_on)
        IS DISTINCT FROM (NEW.method_id, NEW.region_id, NEW.municipality_id, NEW.slot,
          NEW.valid_from, NEW.order_body, NEW.order_number, NEW.order_on) THEN
      RAISE EXCEPTION 'of period % only the end changes', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
  END IF;
  SELECT m.* INTO STRICT method FROM api.methods m WHERE m.id = NEW.method_id
    FOR SHARE;
  IF method.state <> 'approved' THEN
    RAISE EXCEPTION 'method % is %', method.id, method.state
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.slot NOT IN (method.kind, method.kind || ':' || method.code) THEN
    RAISE EXCEPTION 'method % does not fit the slot %', method.id, NEW.slot
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (
      (method.municipality_id IS NULL AND method.region_id IS NULL)
      OR method.municipality_id = NEW.municipality_id
      OR method.region_id = NEW.region_id
      OR EXISTS (SELECT FROM api.municipalities m
        WHERE m.id = NEW.municipality_id AND m.region_id = method.region_id)
  ) IS NOT TRUE THEN
    RAISE EXCEPTION 'method % belongs elsewhere', method.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$
"""
GUARDS = (
    """
    CREATE TRIGGER guarded BEFORE UPDATE OR DELETE ON api.methods
    FOR EACH ROW EXECUTE FUNCTION api.guard_method()
    """,
    """
    CREATE TRIGGER guarded BEFORE INSERT OR UPDATE OR DELETE ON api.method_periods
    FOR EACH ROW EXECUTE FUNCTION api.guard_method_period()
    """,
)

CHECKS = {
    "one_owner": "municipality_id is null or region_id is null",
    "state": "state in ('draft', 'approved', 'withdrawn')",
    "approved_once": "(state = 'draft') = (approved_at is null)",
    "by_order": (
        "approved_at is null or order_number is not null"
        " or (municipality_id is null and region_id is null)"
    ),
    "whole_order": "num_nulls(order_body, order_number, order_on) in (0, 3)",
}
REFERENCES = {
    "region_id": "regions",
    "municipality_id": "municipalities",
    "copied_from_id": "methods",
    "approved_by": "users",
    "created_by": "users",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    extend_methods()
    settle_methods()
    create_periods()
    # What was in force was so everywhere, and of a kind one counted, the first by code.
    op.execute(
        "INSERT INTO api.method_periods (method_id, slot, valid_from, created_at)"
        " SELECT DISTINCT ON (kind) id, kind, 1990, now() FROM api.methods"
        " WHERE in_force AND kind <> 'identification' ORDER BY kind, code COLLATE \"C\""
    )
    op.execute(
        "INSERT INTO api.method_periods (method_id, slot, valid_from, created_at)"
        " SELECT id, kind || ':' || code, 1990, now() FROM api.methods"
        " WHERE in_force AND kind = 'identification'"
    )
    op.drop_index("uq_methods_in_force", "methods", schema="api")
    op.drop_column("methods", "in_force", schema="api")
    protect()


def extend_methods() -> None:
    for name, kind in (
        ("region_id", sa.BigInteger()),
        ("municipality_id", sa.BigInteger()),
        ("content_hash", sa.Text()),
        ("state", sa.Text()),
        ("copied_from_id", sa.BigInteger()),
        ("order_body", sa.Text()),
        ("order_number", sa.Text()),
        ("order_on", sa.Date()),
        ("approved_at", sa.DateTime(timezone=True)),
        ("approved_by", sa.BigInteger()),
        ("withdrawn_at", sa.DateTime(timezone=True)),
        ("created_at", sa.DateTime(timezone=True)),
        ("created_by", sa.BigInteger()),
    ):
        op.add_column("methods", sa.Column(name, kind), schema="api")
    op.add_column(
        "methods",
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        schema="api",
    )
    for column, table in REFERENCES.items():
        op.create_foreign_key(
            op.f(f"fk_methods_{column}_{table}"),
            "methods",
            table,
            [column],
            ["id"],
            source_schema="api",
            referent_schema="api",
        )


def settle_methods() -> None:
    """Say of the methods that shipped so far that they are approved."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, content FROM api.methods")).all()
    for row in rows:
        canonical = json.dumps(
            row.content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        connection.execute(
            sa.text(
                "UPDATE api.methods SET content_hash = :hash, state = 'approved',"
                " approved_at = now(), created_at = now() WHERE id = :id"
            ),
            {"hash": sha256(canonical.encode()).hexdigest(), "id": row.id},
        )
    for column in ("content_hash", "state", "created_at"):
        op.alter_column("methods", column, nullable=False, schema="api")
    for name, rule in CHECKS.items():
        op.create_check_constraint(
            op.f(f"ck_methods_{name}"), "methods", rule, schema="api"
        )
    op.drop_constraint(
        op.f("uq_methods_code_version"), "methods", schema="api", type_="unique"
    )
    op.create_index(
        "uq_methods_version",
        "methods",
        [
            sa.text("coalesce(region_id, 0)"),
            sa.text("coalesce(municipality_id, 0)"),
            "code",
            "version",
        ],
        unique=True,
        schema="api",
    )
    op.create_index(
        "ix_methods_code_version", "methods", ["code", "version"], schema="api"
    )


def create_periods() -> None:
    op.create_table(
        "method_periods",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("method_id", sa.BigInteger(), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=True),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.BigInteger(), nullable=False),
        sa.Column("valid_to", sa.BigInteger(), nullable=True),
        sa.Column("order_body", sa.Text(), nullable=True),
        sa.Column("order_number", sa.Text(), nullable=True),
        sa.Column("order_on", sa.Date(), nullable=True),
        sa.Column("ended_by_body", sa.Text(), nullable=True),
        sa.Column("ended_by_number", sa.Text(), nullable=True),
        sa.Column("ended_by_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.text("coalesce(region_id, 0)"), "="),
            (sa.text("coalesce(municipality_id, 0)"), "="),
            (sa.column("slot"), "="),
            (sa.text("int8range(valid_from, valid_to, '[]')"), "&&"),
            where=sa.text("revoked_at is null"),
            using="gist",
            name="ex_method_periods_one_in_force",
        ),
        sa.CheckConstraint(
            "municipality_id is null or region_id is null",
            name=op.f("ck_method_periods_one_place"),
        ),
        sa.CheckConstraint(
            "num_nulls(order_body, order_number, order_on) in (0, 3)",
            name=op.f("ck_method_periods_whole_order"),
        ),
        sa.CheckConstraint(
            "valid_from <= valid_to", name=op.f("ck_method_periods_order")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["api.users.id"],
            name=op.f("fk_method_periods_created_by_users"),
        ),
        sa.ForeignKeyConstraint(
            ["method_id"],
            ["api.methods.id"],
            name=op.f("fk_method_periods_method_id_methods"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_method_periods_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"],
            ["api.regions.id"],
            name=op.f("fk_method_periods_region_id_regions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method_periods")),
        schema="api",
    )
    op.create_index(
        "ix_method_periods_method_id", "method_periods", ["method_id"], schema="api"
    )


def protect() -> None:
    """Show each its own, its region's and the system's; let each write its own."""
    op.execute(OWN_REGION_FUNCTION)
    op.execute("REVOKE ALL ON FUNCTION tenancy.own_region() FROM PUBLIC")
    op.execute(
        "GRANT EXECUTE ON FUNCTION tenancy.own_region() TO api, scoring, notifier"
    )
    op.execute(GUARD_METHOD)
    op.execute(GUARD_PERIOD)
    for guard in GUARDS:
        op.execute(guard)
    for table, seen in SEEN.items():
        op.execute(f"ALTER TABLE api.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY seen ON api.{table} FOR SELECT USING ({seen})")
        op.execute(
            f"CREATE POLICY made ON api.{table} FOR INSERT WITH CHECK ({WRITTEN})"
        )
        op.execute(f"CREATE POLICY written ON api.{table} FOR UPDATE USING ({WRITTEN})")
        op.execute(f"CREATE POLICY removed ON api.{table} FOR DELETE USING ({WRITTEN})")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER guarded ON api.methods")
    for policy in ("seen", "made", "written", "removed"):
        op.execute(f"DROP POLICY {policy} ON api.methods")
    op.execute("ALTER TABLE api.methods DISABLE ROW LEVEL SECURITY")
    op.add_column("methods", sa.Column("in_force", sa.Boolean()), schema="api")
    op.execute(
        "UPDATE api.methods m SET in_force = EXISTS (SELECT FROM api.method_periods p"
        " WHERE p.method_id = m.id AND p.revoked_at IS NULL AND p.valid_to IS NULL"
        " AND p.region_id IS NULL AND p.municipality_id IS NULL)"
    )
    op.alter_column("methods", "in_force", nullable=False, schema="api")
    op.drop_table("method_periods", schema="api")
    # Nobody but the system had methods before, and nothing was a draft.
    op.execute(
        "DELETE FROM api.methods WHERE state = 'draft' OR region_id IS NOT NULL"
        " OR municipality_id IS NOT NULL"
    )
    op.drop_index("ix_methods_code_version", "methods", schema="api")
    op.drop_index("uq_methods_version", "methods", schema="api")
    op.create_unique_constraint(
        op.f("uq_methods_code_version"), "methods", ["code", "version"], schema="api"
    )
    op.create_index(
        "uq_methods_in_force",
        "methods",
        ["code"],
        unique=True,
        schema="api",
        postgresql_where=sa.text("in_force"),
    )
    for name in CHECKS:
        op.drop_constraint(
            op.f(f"ck_methods_{name}"), "methods", schema="api", type_="check"
        )
    for column in (
        *REFERENCES,
        "content_hash",
        "state",
        "order_body",
        "order_number",
        "order_on",
        "approved_at",
        "withdrawn_at",
        "created_at",
        "revision",
    ):
        op.drop_column("methods", column, schema="api")
    op.execute("DROP FUNCTION api.guard_method_period()")
    op.execute("DROP FUNCTION api.guard_method()")
    op.execute("DROP FUNCTION tenancy.own_region()")
