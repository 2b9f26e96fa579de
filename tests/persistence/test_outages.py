"""What is answered with "not available", and what is a fault of ours."""

import errno
import socket

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.persistence.engine import create_engine
from shared.persistence.outages import is_outage
from shared.runtime.embedded.ports import LOOPBACK, free_port


@pytest.mark.parametrize(
    "refusal",
    [
        asyncpg.CannotConnectNowError("the database system is starting up"),
        asyncpg.AdminShutdownError("terminating connection"),
        asyncpg.CrashShutdownError("terminating connection"),
        asyncpg.TooManyConnectionsError("sorry, too many clients already"),
    ],
)
def test_a_server_that_refuses_for_now_is_away(refusal: asyncpg.PostgresError) -> None:
    assert is_outage(DBAPIError("SELECT 1", None, refusal))


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(errno.ECONNREFUSED, "refused"),
        TimeoutError(),
        socket.gaierror(socket.EAI_NONAME, "unknown name"),
        OSError(errno.EHOSTUNREACH, "no route"),
        OSError("Multiple exceptions: refused, refused"),
    ],
)
def test_a_server_that_cannot_be_reached_is_away(error: OSError) -> None:
    assert is_outage(error)


def test_a_connection_that_broke_in_the_middle_is_away() -> None:
    broken = asyncpg.InternalClientError("cannot switch to state 12")
    translated = Exception(str(broken))
    translated.__cause__ = broken
    assert is_outage(broken)
    assert is_outage(DBAPIError("SELECT 1", None, translated))


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "no space"), FileNotFoundError(2, "none"), KeyError()],
)
def test_other_errors_are_not_the_databases(error: Exception) -> None:
    assert not is_outage(error)


@pytest.mark.parametrize(
    "statement",
    ["SELECT 1/0", "SET LOCAL statement_timeout = 1; SELECT pg_sleep(10)"],
)
async def test_a_statement_that_fails_is_no_outage(
    engine: AsyncEngine, statement: str
) -> None:
    with pytest.raises(DBAPIError) as raised:
        await _execute(engine, *statement.split(";"))
    assert not is_outage(raised.value)


async def test_nobody_listening_is_an_outage() -> None:
    nowhere = create_engine(f"postgresql://x:y@{LOOPBACK}:{free_port()}/z", "api")
    with pytest.raises(OSError, match="Connect") as raised:
        await _execute(nowhere, "SELECT 1")
    assert is_outage(raised.value)
    await nowhere.dispose()


async def _execute(engine: AsyncEngine, *statements: str) -> None:
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
