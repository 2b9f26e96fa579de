"""Backup and restore as their operator runs them, and empty machines."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from services.api.backup.restoring import Restored, restore_backup
from services.api.backup.taking import take_backup
from shared.runtime.file_store import FileStore, open_file_store
from tests.support.databases import execute, with_database
from tests.support.servers import throwaway_postgres

ROOT = Path(__file__).resolve().parents[3]
KEEPER = "keeper"


async def command(
    *arguments: str | Path, database_url: str, data_dir: Path
) -> tuple[int, str]:
    """Run a command of the api; return its exit code and what it said."""
    settings = {"DATABASE_URL": database_url, "DATA_DIR": str(data_dir)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "services.api.cli", *arguments),
        cwd=ROOT,
        env=os.environ | settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def back_up(database_url: str, data_dir: Path, into: Path) -> Path:
    """Make a backup; return its folder."""
    taken = await take_backup(database_url, files_of(data_dir), into)
    return taken.folder


async def restore(folder: Path, database_url: str, data_dir: Path) -> Restored:
    """Bring a backup back."""
    return await restore_backup(folder, database_url, files_of(data_dir))


def files_of(data_dir: Path) -> FileStore:
    """Return where the api stores files that works in this folder."""
    return open_file_store(data_dir / "files", None)


async def make_empty_database(server_url: str, name: str) -> str:
    """Return the address of an empty database, whose owner may create roles only."""
    with suppress(asyncpg.DuplicateObjectError):
        await execute(
            server_url, f"CREATE ROLE {KEEPER} LOGIN CREATEROLE PASSWORD 'of-tests'"
        )
    await execute(server_url, f"CREATE DATABASE {name} OWNER {KEEPER}")
    url = make_url(with_database(server_url, name))
    return url.set(username=KEEPER, password="of-tests").render_as_string(  # noqa: S106 (of a test)
        hide_password=False
    )


@asynccontextmanager
async def empty_machine() -> AsyncIterator[str]:
    """Yield an empty database on a server where none of our roles exists."""
    with throwaway_postgres() as server_url:
        yield await make_empty_database(server_url, "restored")
