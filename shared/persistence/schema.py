"""The whole schema: the metadata of all tables, and the check that it is at head."""

from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.domain.errors import Text
from shared.persistence.tables import (
    agreements,
    amendments,
    api_tokens,
    audit,
    calendar_days,
    clients,
    condition_indices,
    conditions,
    contact_confirmations,
    contacts,
    data_year_dates,
    deadlines,
    decisions,
    deliveries,
    distances,
    enrolments,
    feed,
    feeds,
    figures,
    idempotency,
    identification,
    import_runs,
    internal_controls,
    invitations,
    loads,
    matching,
    mentor_bank,
    methods,
    msoko,
    municipalities,
    objectivity,
    objectivity_findings,
    outbox,
    plan_imports,
    programme_reports,
    programmes,
    ranking_publications,
    recommendations,
    reminder_choices,
    reminders,
    reorganisations,
    results,
    risks,
    school_conditions,
    school_programmes,
    schools,
    scoring,
    sessions,
    social_passports,
    staff_trainings,
    submissions,
    surveys,
    swot,
    tandems,
    teachers,
    usage,
    users,
    webhooks,
    years,
)
from shared.persistence.tables.base import Base

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"

TABLE_MODULES = (
    agreements,
    amendments,
    api_tokens,
    audit,
    calendar_days,
    clients,
    condition_indices,
    conditions,
    contacts,
    contact_confirmations,
    data_year_dates,
    deadlines,
    decisions,
    deliveries,
    distances,
    enrolments,
    feed,
    feeds,
    figures,
    idempotency,
    identification,
    import_runs,
    internal_controls,
    invitations,
    loads,
    matching,
    mentor_bank,
    methods,
    msoko,
    municipalities,
    objectivity,
    objectivity_findings,
    outbox,
    plan_imports,
    programme_reports,
    programmes,
    ranking_publications,
    recommendations,
    reminder_choices,
    reminders,
    reorganisations,
    results,
    risks,
    school_conditions,
    school_programmes,
    schools,
    scoring,
    sessions,
    social_passports,
    staff_trainings,
    submissions,
    surveys,
    swot,
    tandems,
    teachers,
    usage,
    users,
    webhooks,
    years,
)

# What PostgreSQL says to a service before the first migration: its role does not
# exist (22023), or it may not read the version (42501).
UNMIGRATED = {"22023", "42501"}

metadata = Base.metadata


class SchemaNotAtHeadError(Exception):
    """The database's schema is not the one that this program was written for."""

    def __init__(self, current: str | None, head: str | None) -> None:
        self.text = Text(
            f"Схема базы данных: {current or 'пустая'}, нужна {head}. "
            "Выполните «make migrate».",
            f"The database schema is at {current or 'nothing'}, but {head} is needed. "
            "Run 'make migrate'.",
        )
        super().__init__(self.text.en)


def alembic_config() -> Config:
    """Return Alembic's configuration for the project's own migrations."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@cache
def head_revision() -> str | None:
    """Return the newest migration as it was when this process first asked."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


async def require_head(engine: AsyncEngine) -> None:
    """Check that the database is at the newest migration.

    Raises:
        SchemaNotAtHeadError: it is not; nothing has been changed.
    """
    head = head_revision()

    def current_revision(connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    try:
        async with engine.connect() as connection:
            current = await connection.run_sync(current_revision)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in UNMIGRATED:
            raise
        current = None
    if current != head:
        raise SchemaNotAtHeadError(current, head)
