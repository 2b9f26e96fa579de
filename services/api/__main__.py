"""Starts the api: `python -m services.api`."""

import asyncio
import os
import signal
import sys
from contextlib import ExitStack, suppress
from socket import socket

import uvicorn
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from services.api.app import create_app
from services.api.sandbox.repository import read_offset
from shared.persistence.engine import create_engine
from shared.persistence.schema import SchemaNotAtHeadError, require_head
from shared.persistence.work import begin_as_system
from shared.runtime.garbage import collect_rarely
from shared.runtime.logs import configure_logs
from shared.runtime.settings import ApiSettings, Mode, SettingsError, api_settings
from shared.runtime.startup import refuse, refuse_database
from shared.runtime.tracing import traced

GRACE_SECONDS = 4
STARTUP_FAILURE = 3  # as uvicorn itself ends


async def check_database(settings: ApiSettings) -> None:
    """Refuse a database that is not at head, or a sandbox's under real settings.

    Raises:
        SchemaNotAtHeadError: migrations are missing or newer than this program.
        SettingsError: the database holds a sandbox's clock.
    """
    engine = create_engine(settings.database_url, "api")
    try:
        await require_head(engine)
        async with begin_as_system(engine) as work:
            offset = await read_offset(work)
    finally:
        await engine.dispose()
    if offset is not None and settings.mode is not Mode.SANDBOX:
        raise SettingsError(
            "База данных создана как песочница, а PODYOM_MODE=production. Возьмите "
            "другую базу данных.",
            "The database was made as a sandbox, but PODYOM_MODE=production. Use "
            "another database.",
        )


class Server(uvicorn.Server):
    """A server that ends its streams before it waits for the requests in hand."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Stop taking requests, and finish those in hand."""
        self._app.state.api.inbox_bells.close()
        self._app.state.api.feed.let_go()
        await super().shutdown(sockets)


def main() -> int:
    """Check settings and database, then serve until told to stop."""
    configure_logs()
    tracing = ExitStack()
    try:
        settings = api_settings(os.environ)
        asyncio.run(check_database(settings))
        tracing.enter_context(traced("api", os.environ))
    except (SettingsError, SchemaNotAtHeadError) as error:
        return refuse(error.text)
    except (SQLAlchemyError, OSError) as error:
        return refuse_database(error)
    with tracing:
        return serve(settings)


def serve(settings: ApiSettings) -> int:
    """Answer requests until told to stop; return the exit code."""
    app = create_app(settings)
    collect_rarely()
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = Server(config, app)
    # The server hands the signal on when it has ended, and what follows has to run.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        server.run()
    return 0 if server.started else STARTUP_FAILURE


if __name__ == "__main__":
    sys.exit(main())
