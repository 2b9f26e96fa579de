"""Create the tables of the three services."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import UserDefinedType

revision: str = "20261122_first_tables"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SCHEMAS = ("api", "scoring", "notifier")


class Xid8(UserDefinedType[str]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Return the SQL name of the type."""
        return "xid8"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for schema in SCHEMAS:
        op.execute(f"CREATE SCHEMA {schema}")
    op.execute("CREATE SEQUENCE api.event_numbers")
    op.create_table(
        "methods",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_methods")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_methods_code_version")),
        schema="api",
    )
    op.create_index(
        "uq_methods_in_force",
        "methods",
        ["code"],
        unique=True,
        schema="api",
        postgresql_where=sa.text("in_force"),
    )
    op.create_table(
        "outbox",
        sa.Column(
            "number",
            sa.BigInteger(),
            server_default=sa.text("nextval('api.event_numbers')"),
            nullable=False,
        ),
        sa.Column(
            "txid",
            Xid8(),
            server_default=sa.text("pg_current_xact_id()"),
            nullable=False,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=True),
        sa.Column("academic_year", sa.BigInteger(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("relayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_outbox")),
        schema="api",
    )
    op.create_index(
        "ix_outbox_kind_txid", "outbox", ["kind", "txid"], unique=False, schema="api"
    )
    op.create_index(
        "ix_outbox_unrelayed",
        "outbox",
        ["number"],
        unique=False,
        schema="api",
        postgresql_where=sa.text("relayed_at is null"),
    )
    op.create_table(
        "procedures",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_procedures")),
        schema="api",
    )
    op.create_table(
        "regions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regions")),
        sa.UniqueConstraint("code", name=op.f("uq_regions_code")),
        schema="api",
    )
    op.create_table(
        "sandbox_clock",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("offset_seconds", sa.Double(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_sandbox_clock_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox_clock")),
        schema="api",
    )
    op.create_table(
        "subjects",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_subjects")),
        schema="api",
    )
    op.create_table(
        "reminders",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=True),
        sa.Column("recipient_id", sa.BigInteger(), nullable=False),
        sa.Column("deadline_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "channel in ('mail', 'inbox')", name=op.f("ck_reminders_channel")
        ),
        sa.CheckConstraint(
            "status in ('planned', 'sent', 'dead')", name=op.f("ck_reminders_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint(
            "recipient_id",
            "deadline_id",
            "rule",
            "channel",
            name=op.f("uq_reminders_recipient_id_deadline_id_rule_channel"),
        ),
        schema="notifier",
    )
    op.create_index(
        "ix_reminders_planned",
        "reminders",
        ["next_try_at"],
        unique=False,
        schema="notifier",
        postgresql_where=sa.text("status = 'planned'"),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("method_code", sa.Text(), nullable=True),
        sa.Column("method_version", sa.BigInteger(), nullable=True),
        sa.Column("method_hash", sa.Text(), nullable=True),
        sa.Column("input_snapshot", sa.Text(), nullable=False),
        sa.Column("input_event", sa.BigInteger(), nullable=False),
        sa.Column("results_count", sa.BigInteger(), nullable=False),
        sa.Column("schools_count", sa.BigInteger(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "topic in ('results', 'programme')", name=op.f("ck_runs_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        schema="scoring",
    )
    op.create_index(
        "ix_runs_municipality_id_topic_year",
        "runs",
        ["municipality_id", "topic", "year"],
        unique=False,
        schema="scoring",
    )
    op.create_table(
        "municipalities",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("region_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.Column("area_km2", sa.Double(), nullable=True),
        sa.Column("population", sa.BigInteger(), nullable=True),
        sa.Column("remarks", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"],
            ["api.regions.id"],
            name=op.f("fk_municipalities_region_id_regions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipalities")),
        sa.UniqueConstraint("code", name=op.f("uq_municipalities_code")),
        sa.UniqueConstraint(
            "id", "synthetic", name=op.f("uq_municipalities_id_synthetic")
        ),
        schema="api",
    )
    op.create_table(
        "inbox_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reminder_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=True),
        sa.Column("recipient_id", sa.BigInteger(), nullable=False),
        sa.Column("deadline_id", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["reminder_id"],
            ["notifier.reminders.id"],
            name=op.f("fk_inbox_messages_reminder_id_reminders"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_messages")),
        sa.UniqueConstraint("reminder_id", name=op.f("uq_inbox_messages_reminder_id")),
        schema="notifier",
    )
    op.create_index(
        "ix_inbox_messages_recipient_id_id",
        "inbox_messages",
        ["recipient_id", "id"],
        unique=False,
        schema="notifier",
    )
    op.create_table(
        "current_runs",
        sa.Column(
            "municipality_id", sa.BigInteger(), autoincrement=False, nullable=False
        ),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("input_snapshot", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "topic in ('results', 'programme')", name=op.f("ck_current_runs_topic")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["scoring.runs.id"], name=op.f("fk_current_runs_run_id_runs")
        ),
        sa.PrimaryKeyConstraint(
            "municipality_id", "topic", "year", name=op.f("pk_current_runs")
        ),
        schema="scoring",
    )
    op.create_table(
        "indicator_values",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=True),
        sa.Column("procedure", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("programme_grade", sa.BigInteger(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["scoring.runs.id"],
            name=op.f("fk_indicator_values_run_id_runs"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_values")),
        sa.UniqueConstraint(
            "run_id",
            "school_id",
            "procedure",
            "subject",
            "programme_grade",
            "measure",
            name="uq_indicator_values_key",
            postgresql_nulls_not_distinct=True,
        ),
        schema="scoring",
    )
    op.create_table(
        "programme_values",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("indicator_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("numerator", sa.BigInteger(), nullable=True),
        sa.Column("denominator", sa.BigInteger(), nullable=True),
        sa.Column("percent", sa.Double(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("schools", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "status in ('met', 'below', 'above', 'no_data')",
            name=op.f("ck_programme_values_status"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["scoring.runs.id"],
            name=op.f("fk_programme_values_run_id_runs"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_values")),
        sa.UniqueConstraint(
            "run_id",
            "indicator_id",
            "year",
            name=op.f("uq_programme_values_run_id_indicator_id_year"),
        ),
        schema="scoring",
    )
    op.create_table(
        "ranking_places",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("place_from", sa.BigInteger(), nullable=True),
        sa.Column("place_to", sa.BigInteger(), nullable=True),
        sa.Column("ranked", sa.BigInteger(), nullable=False),
        sa.Column("outside_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(place_from is null) = (place_to is null) and (place_from is null) <> (outside_reason is null)",
            name=op.f("ck_ranking_places_inside_or_outside"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["scoring.runs.id"], name=op.f("fk_ranking_places_run_id_runs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_places")),
        sa.UniqueConstraint(
            "run_id", "school_id", name=op.f("uq_ranking_places_run_id_school_id")
        ),
        schema="scoring",
    )
    op.create_table(
        "calendar_periods",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("academic_year", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind in ('quarter', 'half_year')", name=op.f("ck_calendar_periods_kind")
        ),
        sa.CheckConstraint(
            "starts_on <= ends_on", name=op.f("ck_calendar_periods_order")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_calendar_periods_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_periods")),
        sa.UniqueConstraint(
            "municipality_id",
            "academic_year",
            "kind",
            "number",
            name=op.f("uq_calendar_periods_municipality_id_academic_year_kind_number"),
        ),
        schema="api",
    )
    op.create_table(
        "condition_index_ranges",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("lowest", sa.Double(), nullable=False),
        sa.Column("highest", sa.Double(), nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "area in ('municipality', 'region')",
            name=op.f("ck_condition_index_ranges_area"),
        ),
        sa.CheckConstraint(
            "0 <= lowest and lowest <= highest and highest <= 1",
            name=op.f("ck_condition_index_ranges_order"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_condition_index_ranges_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition_index_ranges")),
        sa.UniqueConstraint(
            "municipality_id",
            "year",
            "area",
            name=op.f("uq_condition_index_ranges_municipality_id_year_area"),
        ),
        schema="api",
    )
    op.create_table(
        "municipality_figures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=True),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_municipality_figures_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality_figures")),
        sa.UniqueConstraint(
            "municipality_id",
            "code",
            name=op.f("uq_municipality_figures_municipality_id_code"),
        ),
        schema="api",
    )
    op.create_table(
        "programmes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("head_title", sa.Text(), nullable=True),
        sa.Column("head_period", sa.Text(), nullable=True),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("years", sa.Text(), nullable=False),
        sa.Column("period_text", sa.Text(), nullable=False),
        sa.Column("approved", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("expected_results", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.Column("executors_text", sa.Text(), nullable=False),
        sa.Column("document_hash", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "years in ('calendar', 'academic')", name=op.f("ck_programmes_years")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_programmes_order")),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_programmes_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("code", name=op.f("uq_programmes_code")),
        schema="api",
    )
    op.create_table(
        "schools",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("mentor_capacity", sa.BigInteger(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind in ('secondary', 'basic', 'primary', 'branch')",
            name=op.f("ck_schools_kind"),
        ),
        sa.CheckConstraint(
            "locality in ('town', 'village')", name=op.f("ck_schools_locality")
        ),
        sa.CheckConstraint("mentor_capacity >= 0", name=op.f("ck_schools_capacity")),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_schools_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["api.schools.id"], name=op.f("fk_schools_parent_id_schools")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools")),
        sa.UniqueConstraint(
            "municipality_id", "code", name=op.f("uq_schools_municipality_id_code")
        ),
        sa.UniqueConstraint(
            "municipality_id", "id", name=op.f("uq_schools_municipality_id_id")
        ),
        schema="api",
    )
    op.create_table(
        "list_memberships",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("list_kind", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("act_body", sa.Text(), nullable=False),
        sa.Column("act_number", sa.Text(), nullable=True),
        sa.Column("act_on", sa.Date(), nullable=True),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "list_kind in ('low_results', 'difficult_conditions')",
            name=op.f("ck_list_memberships_list_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_list_memberships_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_list_memberships_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_memberships")),
        sa.UniqueConstraint(
            "school_id",
            "list_kind",
            "year",
            name=op.f("uq_list_memberships_school_id_list_kind_year"),
        ),
        schema="api",
    )
    op.create_table(
        "measures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("block", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("term_text", sa.Text(), nullable=False),
        sa.Column("schedule_kind", sa.Text(), nullable=False),
        sa.Column("is_datable", sa.Boolean(), nullable=False),
        sa.Column("responsible_text", sa.Text(), nullable=True),
        sa.Column("parties", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("expected_result", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "plan in ('plan', 'roadmap', 'cyclogram')", name=op.f("ck_measures_plan")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_measures_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["api.measures.id"],
            name=op.f("fk_measures_parent_id_measures"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["api.programmes.id"],
            name=op.f("fk_measures_programme_id_programmes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measures")),
        sa.UniqueConstraint(
            "programme_id", "key", name=op.f("uq_measures_programme_id_key")
        ),
        schema="api",
    )
    op.create_table(
        "objectivity_signs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("has_sign", sa.Boolean(), nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_objectivity_signs_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_objectivity_signs_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objectivity_signs")),
        sa.UniqueConstraint(
            "school_id", "year", name=op.f("uq_objectivity_signs_school_id_year")
        ),
        schema="api",
    )
    op.create_table(
        "resource_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=True),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_resource_items_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_resource_items_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_items")),
        sa.UniqueConstraint(
            "school_id",
            "kind",
            "year",
            name=op.f("uq_resource_items_school_id_kind_year"),
            postgresql_nulls_not_distinct=True,
        ),
        schema="api",
    )
    op.create_table(
        "school_aliases",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_school_aliases_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_school_aliases_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_aliases")),
        sa.UniqueConstraint(
            "school_id", "alias", name=op.f("uq_school_aliases_school_id_alias")
        ),
        schema="api",
    )
    op.create_table(
        "school_identifiers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind in ('fis_oko_login', 'gia_code', 'inn', 'ogrn', 'internal')",
            name=op.f("ck_school_identifiers_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_school_identifiers_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_school_identifiers_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_identifiers")),
        schema="api",
    )
    op.create_index(
        "uq_school_identifiers_current",
        "school_identifiers",
        ["kind", "value"],
        unique=True,
        schema="api",
        postgresql_where=sa.text("valid_to is null"),
    )
    op.create_table(
        "social_shares",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("indicator", sa.SmallInteger(), nullable=False),
        sa.Column("percent", sa.Double(), nullable=False),
        sa.Column("numerator", sa.BigInteger(), nullable=True),
        sa.Column("localities", sa.BigInteger(), nullable=True),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "indicator between 1 and 17", name=op.f("ck_social_shares_indicator")
        ),
        sa.CheckConstraint("numerator >= 0", name=op.f("ck_social_shares_numerator")),
        sa.CheckConstraint(
            "percent between 0 and 100", name=op.f("ck_social_shares_percent")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_social_shares_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_social_shares_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_social_shares")),
        sa.UniqueConstraint(
            "school_id",
            "year",
            "indicator",
            name=op.f("uq_social_shares_school_id_year_indicator"),
        ),
        schema="api",
    )
    op.create_table(
        "staff_profiles",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("external_part_timers", sa.BigInteger(), nullable=True),
        sa.Column("external_part_timers_percent", sa.Double(), nullable=True),
        sa.Column(
            "external_part_timers_subjects", postgresql.ARRAY(sa.Text()), nullable=False
        ),
        sa.Column("load_mean_hours", sa.Double(), nullable=True),
        sa.Column("load_max_hours", sa.Double(), nullable=True),
        sa.Column("load_max_subjects", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("load_min_hours", sa.Double(), nullable=True),
        sa.Column("load_min_subjects", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("teachers_without_training", sa.BigInteger(), nullable=True),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_staff_profiles_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_staff_profiles_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_profiles")),
        sa.UniqueConstraint(
            "school_id", "as_of", name=op.f("uq_staff_profiles_school_id_as_of")
        ),
        schema="api",
    )
    op.create_table(
        "target_indicators",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("task_number", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=True),
        sa.Column("target_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_target_indicators_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["api.programmes.id"],
            name=op.f("fk_target_indicators_programme_id_programmes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_indicators")),
        sa.UniqueConstraint(
            "programme_id", "code", name=op.f("uq_target_indicators_programme_id_code")
        ),
        schema="api",
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_tasks_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["api.programmes.id"],
            name=op.f("fk_tasks_programme_id_programmes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint(
            "programme_id", "number", name=op.f("uq_tasks_programme_id_number")
        ),
        schema="api",
    )
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=True),
        sa.Column("school_id", sa.BigInteger(), nullable=True),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(role = 'administrator' and municipality_id is null and school_id is null) or (role = 'municipal_coordinator' and municipality_id is not null and school_id is null) or (role = 'school_editor' and municipality_id is not null and school_id is not null)",
            name=op.f("ck_users_role_scope"),
        ),
        sa.CheckConstraint("language in ('ru', 'en')", name=op.f("ck_users_language")),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_users_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["api.schools.id"], name=op.f("fk_users_school_id_schools")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
        schema="api",
    )
    op.create_table(
        "vacancies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_vacancies_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_vacancies_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vacancies")),
        sa.UniqueConstraint(
            "school_id",
            "year",
            "subject",
            name=op.f("uq_vacancies_school_id_year_subject"),
        ),
        schema="api",
    )
    op.create_table(
        "deadlines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("measure_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=True),
        sa.Column("occurrence", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("nominal_due_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('open', 'done', 'past')", name=op.f("ck_deadlines_state")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["api.measures.id"],
            name=op.f("fk_deadlines_measure_id_measures"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_deadlines_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_deadlines_school_id_schools"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sa.UniqueConstraint(
            "measure_id",
            "school_id",
            "occurrence",
            name=op.f("uq_deadlines_measure_id_school_id_occurrence"),
            postgresql_nulls_not_distinct=True,
        ),
        schema="api",
    )
    op.create_index(
        "ix_deadlines_municipality_id_due_on",
        "deadlines",
        ["municipality_id", "due_on"],
        unique=False,
        schema="api",
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("file_format", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status in ('previewed', 'committed')", name=op.f("ck_imports_status")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["api.users.id"], name=op.f("fk_imports_created_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_imports_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        schema="api",
    )
    op.create_index(
        "ix_imports_municipality_id_sha256",
        "imports",
        ["municipality_id", "sha256"],
        unique=False,
        schema="api",
    )
    op.create_table(
        "inbox_reads",
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("recipient_id", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["api.users.id"],
            name=op.f("fk_inbox_reads_recipient_id_users"),
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_inbox_reads")),
        schema="api",
    )
    op.create_table(
        "mentoring_agreements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("mentor_school_id", sa.BigInteger(), nullable=False),
        sa.Column("mentee_school_id", sa.BigInteger(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("goals", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status in ('draft', 'proposed', 'signed', 'active', 'suspended', 'completed', 'terminated')",
            name=op.f("ck_mentoring_agreements_status"),
        ),
        sa.CheckConstraint(
            "mentor_school_id <> mentee_school_id",
            name=op.f("ck_mentoring_agreements_two_schools"),
        ),
        sa.CheckConstraint(
            "starts_on <= ends_on", name=op.f("ck_mentoring_agreements_order")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["api.users.id"],
            name=op.f("fk_mentoring_agreements_created_by_users"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "mentee_school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name="fk_mentoring_agreements_mentee",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "mentor_school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name="fk_mentoring_agreements_mentor",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_mentoring_agreements_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["api.programmes.id"],
            name=op.f("fk_mentoring_agreements_programme_id_programmes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_agreements")),
        schema="api",
    )
    op.create_index(
        "uq_mentoring_agreements_open_pair",
        "mentoring_agreements",
        [
            "mentor_school_id",
            "mentee_school_id",
            sa.literal_column("lower(btrim(problem))"),
        ],
        unique=True,
        schema="api",
        postgresql_where=sa.text("status not in ('completed', 'terminated')"),
    )
    op.create_table(
        "target_ranges",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("indicator_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("low", sa.Double(), nullable=False),
        sa.Column("high", sa.Double(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "0 <= low and low <= high and high <= 100",
            name=op.f("ck_target_ranges_order"),
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["api.target_indicators.id"],
            name=op.f("fk_target_ranges_indicator_id_target_indicators"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_target_ranges_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_ranges")),
        sa.UniqueConstraint(
            "indicator_id", "year", name=op.f("uq_target_ranges_indicator_id_year")
        ),
        schema="api",
    )
    op.create_table(
        "agreement_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=True),
        sa.Column("from_status", sa.Text(), nullable=True),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by_user", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["api.mentoring_agreements.id"],
            name=op.f("fk_agreement_events_agreement_id_mentoring_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["by_user"],
            ["api.users.id"],
            name=op.f("fk_agreement_events_by_user_users"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_agreement_events_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_events")),
        schema="api",
    )
    op.create_index(
        "ix_agreement_events_agreement_id",
        "agreement_events",
        ["agreement_id"],
        unique=False,
        schema="api",
    )
    op.create_table(
        "agreement_measures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["api.mentoring_agreements.id"],
            name=op.f("fk_agreement_measures_agreement_id_mentoring_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_agreement_measures_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_measures")),
        sa.UniqueConstraint(
            "agreement_id",
            "position",
            name=op.f("uq_agreement_measures_agreement_id_position"),
        ),
        schema="api",
    )
    op.create_table(
        "agreement_signatures",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("agreement_id", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.BigInteger(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "side in ('mentor', 'mentee')", name=op.f("ck_agreement_signatures_side")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["api.mentoring_agreements.id"],
            name=op.f("fk_agreement_signatures_agreement_id_mentoring_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_agreement_signatures_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"],
            ["api.users.id"],
            name=op.f("fk_agreement_signatures_signed_by_users"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_signatures")),
        sa.UniqueConstraint(
            "agreement_id",
            "side",
            name=op.f("uq_agreement_signatures_agreement_id_side"),
        ),
        schema="api",
    )
    op.create_table(
        "assessment_results",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("programme_grade", sa.SmallInteger(), nullable=False),
        sa.Column("pupil_grade", sa.SmallInteger(), nullable=False),
        sa.Column("academic_year", sa.SmallInteger(), nullable=False),
        sa.Column("wave", sa.SmallInteger(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=True),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("n2", sa.BigInteger(), nullable=False),
        sa.Column("n3", sa.BigInteger(), nullable=False),
        sa.Column("n4", sa.BigInteger(), nullable=False),
        sa.Column("n5", sa.BigInteger(), nullable=False),
        sa.Column("n_absent", sa.BigInteger(), nullable=False),
        sa.Column("n_ungraded", sa.BigInteger(), nullable=False),
        sa.Column("n_below_minimum", sa.BigInteger(), nullable=True),
        sa.Column(
            "percentages", postgresql.JSONB(astext_type=sa.Text()), nullable=True
        ),
        sa.Column("counts_rebuilt", sa.Boolean(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "n2 + n3 + n4 + n5 = n", name=op.f("ck_assessment_results_marks_sum")
        ),
        sa.CheckConstraint(
            "n2 >= 0 and n3 >= 0 and n4 >= 0 and n5 >= 0 and n_absent >= 0 and n_ungraded >= 0 and n_below_minimum >= 0",
            name=op.f("ck_assessment_results_counts"),
        ),
        sa.CheckConstraint(
            "programme_grade between 1 and 12 and pupil_grade between 1 and 12",
            name=op.f("ck_assessment_results_grades"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["api.imports.id"],
            name=op.f("fk_assessment_results_import_id_imports"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "school_id"],
            ["api.schools.municipality_id", "api.schools.id"],
            name="fk_assessment_results_school",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "synthetic"],
            ["api.municipalities.id", "api.municipalities.synthetic"],
            name="fk_assessment_results_never_mixed",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_assessment_results_municipality_id_municipalities"),
        ),
        sa.ForeignKeyConstraint(
            ["procedure"],
            ["api.procedures.code"],
            name=op.f("fk_assessment_results_procedure_procedures"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id"],
            ["api.schools.id"],
            name=op.f("fk_assessment_results_school_id_schools"),
        ),
        sa.ForeignKeyConstraint(
            ["subject"],
            ["api.subjects.code"],
            name=op.f("fk_assessment_results_subject_subjects"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_results")),
        sa.UniqueConstraint(
            "municipality_id",
            "academic_year",
            "school_id",
            "procedure",
            "subject",
            "programme_grade",
            "pupil_grade",
            "wave",
            "written_on",
            name="uq_assessment_results_natural_key",
            postgresql_nulls_not_distinct=True,
        ),
        schema="api",
    )
    op.create_table(
        "import_lines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("municipality_id", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("record", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("result_id", sa.BigInteger(), nullable=True),
        sa.Column("result_version", sa.BigInteger(), nullable=True),
        sa.Column("faults", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "action in ('new', 'changed', 'unchanged', 'bad')",
            name=op.f("ck_import_lines_action"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["api.imports.id"],
            name=op.f("fk_import_lines_import_id_imports"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["api.municipalities.id"],
            name=op.f("fk_import_lines_municipality_id_municipalities"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_lines")),
        schema="api",
    )
    op.create_index(
        "ix_import_lines_import_id_action_id",
        "import_lines",
        ["import_id", "action", "id"],
        unique=False,
        schema="api",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for schema in reversed(SCHEMAS):
        op.execute(f"DROP SCHEMA {schema} CASCADE")
