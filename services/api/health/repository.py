"""Whether the database is there, and who else works with it."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shared.persistence.engine import Database
from shared.persistence.schema import SchemaNotAtHeadError, require_head

_AT_WORK = text(
    "SELECT DISTINCT application_name FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name LIKE 'podyom-%'"
)


class DatabaseAwayError(Exception):
    """The database does not answer."""


async def read_schema_fault(engine: Database) -> SchemaNotAtHeadError | None:
    """Return what is wrong with the schema.

    Raises:
        DatabaseAwayError: nobody can know.
    """
    try:
        await require_head(engine)
    except SchemaNotAtHeadError as error:
        return error
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseAwayError from error
    return None


async def read_services(engine: Database) -> set[str]:
    """Return which services are connected to the database: their roles."""
    try:
        async with engine.connect() as connection:
            names = (await connection.scalars(_AT_WORK)).all()
    except (SQLAlchemyError, OSError):
        return set()
    return {name.removeprefix("podyom-") for name in names}
