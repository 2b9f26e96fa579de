"""Making a backup: one moment of the database, and the files that belong to it."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

from services.api.backup import repository
from services.api.backup.errors import BackupError
from services.api.backup.manifest import (
    DUMP,
    FILES,
    MANIFEST,
    Manifest,
    Part,
    major_of,
    measure,
    write_manifest,
)
from services.api.backup.programs import connection_of, find_program, run
from services.api.backup.repository import State
from shared.persistence.engine import create_engine, create_owner_engine
from shared.persistence.feed import number_changes
from shared.persistence.work import begin_as_system
from shared.runtime.clock import system_now
from shared.runtime.file_store import FileStore

PREFIX: Final = "podyom-"
_UNFINISHED: Final = ".unfinished"
_MOST_CHANGES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that has been written; `removed` are older ones that were in its way."""

    folder: Path
    manifest: Manifest
    removed: list[Path]


async def take_backup(
    url: str, files: FileStore, into: Path, *, keep: int | None = None
) -> Taken:
    """Write a backup of this moment into a new folder in `into`.

    The system goes on working. The database is dumped as one transaction sees it; the
    files are copied after that, since files of rows are there before their rows and
    never change. The folder has its name only once it is whole. With `keep`, of all
    backups there only so many newest ones stay.

    Raises:
        BackupError: the database cannot be dumped, or the folder not written.
        FileStoreUnavailableError: the files cannot be read.
    """
    at = system_now()
    folder = into / f"{PREFIX}{at:%Y%m%dT%H%M%SZ}"
    try:
        async with _written_whole(folder) as fresh:
            state, versions = await _dump(url, fresh / DUMP)
            parts = {DUMP: await asyncio.to_thread(measure, fresh / DUMP)}
            parts |= await _copy_files(files, fresh)
            manifest = Manifest(
                taken_at=at.isoformat(),
                program_version=_program_version(),
                schema=state.schema,
                server_version=versions[0],
                dump_version=versions[1],
                feed=state.feed,
                feed_number=state.feed_number,
                unnumbered=state.unnumbered,
                rows=dict(state.rows),
                chains=dict(state.chains),
                default_grants=[*state.default_grants],
                parts=parts,
                lost=[key for key in state.files if f"{FILES}/{key}" not in parts],
            )
            write_manifest(fresh, manifest)
        return Taken(folder, manifest, _remove_older(into, keep))
    except OSError as error:
        raise BackupError(
            f"Папка {folder} не пишется: {error.strerror}.",
            f"The folder {folder} cannot be written: {error.strerror}.",
        ) from error


async def _dump(url: str, path: Path) -> tuple[State, tuple[str, str]]:
    """Dump the database; return what is in it, and the server's version and ours."""
    await _number(url)
    engine = create_owner_engine(url)
    try:
        async with engine.connect() as connection:
            # The dump sees what this transaction does, as long as it is open.
            state = await repository.read_state(connection)
            server = await repository.read_server_version(connection)
            program = find_program("pg_dump", server=major_of(server))
            arguments = ["--format=custom", "--no-password", f"--file={path}"]
            arguments += [f"--snapshot={state.snapshot}"]
            await run(program, arguments, connection_of(url))
    except DBAPIError as error:
        reason = str(error.orig).partition("\n")[0]
        raise BackupError(
            f"База данных не читается: {reason}. Выполните «migrate».",
            f"The database cannot be read: {reason}. Run 'migrate'.",
        ) from error
    finally:
        await engine.dispose()
    return state, (server, program.version)


async def _number(url: str) -> None:
    """Give changes their numbers, so that the backup is the feed up to one of them."""
    engine = create_engine(url, "api")
    try:
        async with begin_as_system(engine) as work:
            await number_changes(work, _MOST_CHANGES)
    finally:
        await engine.dispose()


async def _copy_files(store: FileStore, folder: Path) -> dict[str, Part]:
    parts = {}
    for key in await store.keys():
        path = folder / FILES / key
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            async for piece in await store.read(key):
                file.write(piece)
        parts[f"{FILES}/{key}"] = await asyncio.to_thread(measure, path)
    return parts


@asynccontextmanager
async def _written_whole(folder: Path) -> AsyncIterator[Path]:
    """Yield a folder that gets its name when all in it is on the disk."""
    fresh = folder.with_name(folder.name + _UNFINISHED)
    # Personal data lie in it: it is its owner's alone.
    fresh.mkdir(mode=0o700, parents=True)
    try:
        yield fresh
        await asyncio.to_thread(_flush, fresh)
        fresh.rename(folder)
        _flush_folder(folder.parent)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _flush(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        _flush_folder(path)


def _flush_folder(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _remove_older(into: Path, keep: int | None) -> list[Path]:
    """Remove all backups but the newest; what is none is left alone."""
    if keep is None:
        return []
    backups = sorted(
        each for each in into.glob(f"{PREFIX}*") if (each / MANIFEST).is_file()
    )
    whole = [each for each in backups if not each.name.endswith(_UNFINISHED)]
    old = whole[: max(len(whole) - keep, 0)]
    for folder in old:
        shutil.rmtree(folder)
    return old


def _program_version() -> str:
    try:
        return version("podyom")
    except PackageNotFoundError:
        return "checkout"
