"""`replay deliveries`, as whoever runs the system has it."""

import asyncio

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import Result

from services.notifier.usecases.resending import resend_wished
from tests.api.cli.conftest import invoke
from tests.api.deliveries.test_deliveries import give_up

RANGE = ("--since", "2020-01-01", "--until", "2021-01-01")


async def replay(url: str, *options: str) -> Result:
    command = ("replay", "deliveries", "--as", "admin", *options)
    return await asyncio.to_thread(invoke, *command, DATABASE_URL=url)


async def test_what_was_given_up_in_a_range_is_sent_once_more(
    database_url: str, database: asyncpg.Connection, notifier_engine: AsyncEngine
) -> None:
    await give_up(database, 3)
    done = await replay(database_url, *RANGE, "--channel", "mail")
    assert done.exit_code == 0, done.output
    assert done.output.endswith("To be sent: 3\n")
    assert await resend_wished(notifier_engine) == 3
    nothing = await replay(database_url, *RANGE)
    assert nothing.exit_code == 2
    assert "There are no such messages" in nothing.output
    upside_down = ("--since", "2021-01-01", "--until", "2020-01-01")
    assert (await replay(database_url, *upside_down)).exit_code == 2
