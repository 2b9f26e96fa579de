"""Bringing a backup back into an empty database and an empty file store."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.api.backup import repository
from services.api.backup.errors import BackupError
from services.api.backup.manifest import (
    DUMP,
    FILES,
    Manifest,
    check_parts,
    major_of,
    read_manifest,
)
from services.api.backup.programs import Program, connection_of, find_program, run
from services.api.backup.transactions import part_from_old_server
from shared.persistence.audit_chain import verify
from shared.persistence.engine import create_engine, create_owner_engine
from shared.persistence.schema import alembic_config, head_revision
from shared.persistence.work import begin_as_system
from shared.runtime.file_store import FileStore

# Not for the owner of a database to say, or said for the owner of the old one.
_LEFT_OUT = (" DEFAULT ACL ", " COMMENT - EXTENSION ")


@dataclass(slots=True)
class Restored:
    """What was brought back, and how many seconds each step took."""

    manifest: Manifest
    migrated_from: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Note how long a step takes."""
        begun = time.perf_counter()
        yield
        self.seconds[step] = time.perf_counter() - begun


async def restore_backup(folder: Path, url: str, store: FileStore) -> Restored:
    """Bring the backup back; what is there already stays, and then nothing is done.

    The database comes back in one transaction, the files before it, and those of an
    attempt that failed are taken away again. Then rows and chains of the audit are
    compared with what the backup says of itself, and newer migrations are run.

    Raises:
        BackupError: the backup is damaged or newer than this program, or there is
            something at the place where it would go; or what came back is not what was
            backed up, which says that somebody else writes there.
        FileStoreUnavailableError: files cannot be written.
    """
    manifest = read_manifest(folder)
    restored = Restored(manifest)
    with restored.timed("check"):
        await asyncio.to_thread(check_parts, folder, manifest)
        _require_known(manifest)
        program = await _require_place(url, manifest)
        await _require_room(store, manifest)
    async with _files_brought_back(folder, manifest, store, restored):
        with restored.timed("database"):
            await _fill(program, folder, url, manifest)
    with restored.timed("migrations"):
        if manifest.schema != head_revision():
            restored.migrated_from = manifest.schema
            await asyncio.to_thread(_migrate, url)
    with restored.timed("audit"):
        await _require_whole_audit(url)
    return restored


def _require_known(manifest: Manifest) -> None:
    known = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    if manifest.schema not in {each.revision for each in known}:
        raise BackupError(
            f"Резервная копия со схемой {manifest.schema} сделана более новой "
            "программой. Обновите программу.",
            f"The backup has the schema {manifest.schema} of a newer program. Update "
            "the program.",
        )


async def _require_place(url: str, manifest: Manifest) -> Program:
    """Return the program that can fill the database, which must be empty."""
    async with _as_owner(url) as connection:
        server = await repository.read_server_version(connection)
        if major_of(server) < major_of(manifest.server_version):
            raise BackupError(
                f"Сервер PostgreSQL {server} старее того, с которого снята копия: "
                f"{manifest.server_version}.",
                f"The server is PostgreSQL {server}, older than the one that was "
                f"backed up: {manifest.server_version}.",
            )
        if not await repository.is_empty(connection):
            raise BackupError(
                "База данных не пуста. Восстановление возможно только в пустую базу: "
                "создайте новую.",
                "The database is not empty. A backup is restored into an empty one "
                "only: create a new one.",
            )
    dumped = major_of(manifest.dump_version)
    return find_program("pg_restore", server=major_of(server), least=dumped)


async def _require_room(store: FileStore, manifest: Manifest) -> None:
    """Refuse a store with other files; those of the backup itself do no harm."""
    strange = [
        key for key in await store.keys() if f"{FILES}/{key}" not in manifest.parts
    ]
    if strange:
        raise BackupError(
            f"Хранилище файлов не пусто, в нём {strange[0]}. Укажите пустое.",
            f"The file store is not empty: there is {strange[0]}. Name an empty one.",
        )


@asynccontextmanager
async def _files_brought_back(
    folder: Path, manifest: Manifest, store: FileStore, restored: Restored
) -> AsyncIterator[None]:
    """Put the files back; should what follows fail, take them away again."""
    there = {*await store.keys()}
    put: list[str] = []
    try:
        with restored.timed("files"):
            for name in manifest.parts:
                root, _, key = name.partition("/")
                if root != FILES or key in there:
                    continue
                put.append(key)
                with (folder / name).open("rb") as file:
                    await store.put(key, file)
        yield
    except BaseException:
        for key in put:
            await store.remove(key)
        raise


async def _fill(program: Program, folder: Path, url: str, manifest: Manifest) -> None:
    connection = connection_of(url)
    dump = folder / DUMP
    async with _as_owner(url) as owner:
        await repository.create_roles(owner)
    contents = await run(program, ["--list", dump], {})
    wanted = [
        line
        for line in contents.splitlines()
        if not any(each in line for each in _LEFT_OUT)
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".list", encoding="utf-8") as chosen:
        chosen.write("\n".join(wanted) + "\n")
        chosen.flush()
        arguments = ["--single-transaction", "--exit-on-error", "--no-owner"]
        arguments += ["--no-password", f"--use-list={chosen.name}"]
        await run(
            program,
            [*arguments, f"--dbname={connection['PGDATABASE']}", dump],
            connection,
        )
    async with _as_owner(url) as owner:
        await repository.grant_defaults(owner, manifest.default_grants)
        await _require_same(owner, manifest)
        await part_from_old_server(owner)


async def _require_same(connection: AsyncConnection, manifest: Manifest) -> None:
    found = await repository.count_rows(connection)
    _compare("rows", found, manifest.rows)
    chains = await repository.read_chains(connection)
    _compare("audit", chains, manifest.chains)


def _compare(
    what: str, found: Mapping[str, object], told: Mapping[str, object]
) -> None:
    for name in sorted(found.keys() | told.keys()):
        if found.get(name) != told.get(name):
            raise _not_the_same(f"{what}, {name}: {told.get(name)} → {found.get(name)}")


async def _require_whole_audit(url: str) -> None:
    engine = create_engine(url, "api")
    try:
        async with begin_as_system(engine, isolation="REPEATABLE READ") as work:
            for chain in await verify(work):
                if chain.how is not None:
                    place = f"{chain.municipality or '-'}, {chain.broken_at}"
                    raise _not_the_same(f"audit, {place}: {chain.how}")
    finally:
        await engine.dispose()


def _migrate(url: str) -> None:
    config = alembic_config()
    config.attributes["url"] = url
    command.upgrade(config, "head")


@asynccontextmanager
async def _as_owner(url: str) -> AsyncIterator[AsyncConnection]:
    """Open a transaction of the database's owner."""
    engine = create_owner_engine(url)
    try:
        async with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        reason = str(error.orig).partition("\n")[0]
        raise BackupError(
            f"База данных отказала: {reason}. Если владельцу базы нельзя создавать "
            "роли, см. deploy/postgres/roles.sql.",
            f"The database refused: {reason}. If its owner may not create roles, see "
            "deploy/postgres/roles.sql.",
        ) from error
    finally:
        await engine.dispose()


def _not_the_same(difference: str) -> BackupError:
    return BackupError(
        f"Восстановленное отличается от копии ({difference}). Остановите службы, "
        "создайте пустую базу и повторите.",
        f"What came back differs from the backup ({difference}). Stop the services, "
        "create an empty database and repeat.",
    )
