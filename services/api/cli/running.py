"""What all commands have in common: their transaction, and how they end.

Exit codes: 0 done; 1 done, but something of the data is wrong; 2 not begun, for the
settings, the arguments or the data do not allow it; 3 the api refused; 4 the api cannot
be reached; 130 interrupted.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import typer
from sqlalchemy.exc import SQLAlchemyError

from shared.domain.errors import DomainError, Text
from shared.persistence.engine import create_engine
from shared.persistence.work import Origin, Work, begin_as_system
from shared.runtime import startup
from shared.runtime.settings import Mode, SettingsError, mode_of, required

WRONG_DATA: Final = 1
REFUSED: Final = 3
UNREACHABLE: Final = 4
FAILED: Final = 70  # nobody foresaw it
INTERRUPTED: Final = 130
ORIGIN: Final = Origin(request_id="cli")  # what the audit shows of a command

Outcome = TypeVar("Outcome")


def refuse(text: Text) -> typer.Exit:
    """Say in one line why the command cannot be carried out."""
    return typer.Exit(code=startup.refuse(text))


def mode() -> Mode:
    """Return the mode of this installation."""
    try:
        return mode_of(os.environ)
    except SettingsError as error:
        raise refuse(error.text) from None


def in_one_transaction(
    action: Callable[[Work], Awaitable[Outcome]], *, isolation: str | None = None
) -> Outcome:
    """Act as the system; whatever fails, nothing of it is kept."""

    async def run() -> Outcome:
        engine = create_engine(required(os.environ, "DATABASE_URL"), "api")
        try:
            async with begin_as_system(
                engine, isolation=isolation, origin=ORIGIN
            ) as work:
                return await action(work)
        finally:
            await engine.dispose()

    try:
        return asyncio.run(run())
    except SettingsError as error:
        raise refuse(error.text) from None
    except DomainError as error:
        raise refuse(error.detail) from None
    except (SQLAlchemyError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise refuse(
            Text(f"База данных: {reason}", f"The database refused: {reason}")
        ) from None
