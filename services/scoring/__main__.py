"""Starts the scoring worker: `python -m services.scoring`."""

import asyncio
import os
import sys

from sqlalchemy.exc import SQLAlchemyError

from services.scoring import worker
from shared.persistence.engine import create_engine
from shared.persistence.schema import SchemaNotAtHeadError, require_head
from shared.runtime.logs import configure_logs
from shared.runtime.settings import ScoringSettings, SettingsError, scoring_settings
from shared.runtime.startup import refuse, refuse_database, stop_signals
from shared.runtime.tracing import traced

# A municipality takes two: one for its lock and one for its transaction.
CONNECTIONS = 12


async def run(settings: ScoringSettings) -> None:
    """Check the database, then compute until told to stop.

    Raises:
        SchemaNotAtHeadError: migrations are missing or newer than this program.
    """
    stop = stop_signals()
    database = create_engine(settings.database_url, "scoring", pool_size=CONNECTIONS)
    try:
        await require_head(database)
        await worker.run(database, settings.redis_url, stop)
    finally:
        await database.dispose()


def main() -> int:
    """Compute until told to stop; return the exit code."""
    configure_logs()
    try:
        settings = scoring_settings(os.environ)
        with traced("scoring", os.environ):
            asyncio.run(run(settings))
    except (SettingsError, SchemaNotAtHeadError) as error:
        return refuse(error.text)
    except (SQLAlchemyError, OSError) as error:
        return refuse_database(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
