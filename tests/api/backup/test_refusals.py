"""What is damaged, newer or in the way is refused, and nothing is changed by it."""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pytest
import pytest_asyncio
from alembic import command
from typer.testing import CliRunner

from services.api.backup import repository
from services.api.backup.errors import BackupError
from services.api.backup.manifest import (
    DUMP,
    MANIFEST,
    measure,
    read_manifest,
    write_manifest,
)
from services.api.cli import app
from shared.persistence.engine import create_engine, create_owner_engine
from shared.persistence.schema import alembic_config, require_head
from tests.api.backup.drills import (
    KEEPER,
    back_up,
    files_of,
    make_empty_database,
    restore,
)
from tests.support.databases import execute

_numbers = itertools.count(1)


@dataclass
class Drill:
    """A backup of an empty system with one file, and where it may go."""

    folder: Path
    source_url: str
    target_url: str
    data: Path

    async def is_untouched(self) -> bool:
        """Tell whether nothing has come to the empty machine."""
        engine = create_owner_engine(self.target_url)
        async with engine.connect() as connection:
            is_empty = await repository.is_empty(connection)
        await engine.dispose()
        return is_empty and not await files_of(self.data).keys()


@pytest_asyncio.fixture
async def drill(
    empty_database_url: str, postgres_url: str, tmp_path: Path
) -> AsyncIterator[Drill]:
    """Yield a backup, and an empty database on the same server."""
    await files_of(tmp_path).put("submissions/1/abc", BytesIO(b"report"))
    folder = await back_up(empty_database_url, tmp_path, tmp_path / "kept")
    target = await make_empty_database(postgres_url, f"restored_{next(_numbers)}")
    # The roles are there already, and another's.
    await execute(postgres_url, f"GRANT api, scoring, notifier TO {KEEPER}")
    yield Drill(folder, empty_database_url, target, tmp_path / "new")


def alter_the_dump(folder: Path) -> None:
    content = bytearray((folder / DUMP).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / DUMP).write_bytes(content)


def lose_a_file(folder: Path) -> None:
    (folder / "files/submissions/1/abc").unlink()


def add_a_file(folder: Path) -> None:
    (folder / "files/submissions/1/more").write_bytes(b"x")


def alter_the_manifest(folder: Path) -> None:
    path = folder / MANIFEST
    path.write_text(path.read_text("utf-8").replace('"lost": []', '"lost": ["a"]'))


def lose_the_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def come_from_a_newer_format(folder: Path) -> None:
    write_manifest(folder, replace(read_manifest(folder), format=2))


def come_from_a_newer_schema(folder: Path) -> None:
    write_manifest(folder, replace(read_manifest(folder), schema="20991231_later"))


def come_from_a_newer_server(folder: Path) -> None:
    write_manifest(folder, replace(read_manifest(folder), server_version="99.1"))


def end_in_the_middle(folder: Path) -> None:
    content = (folder / DUMP).read_bytes()
    (folder / DUMP).write_bytes(content[: len(content) * 9 // 10])
    manifest = read_manifest(folder)
    parts = manifest.parts | {DUMP: measure(folder / DUMP)}
    write_manifest(folder, replace(manifest, parts=parts))


HARMS = {
    alter_the_dump: f"{DUMP} is not what was written",
    lose_a_file: "abc is not what was written",
    add_a_file: "more is not what was written",
    alter_the_manifest: f"{MANIFEST} is not what was written",
    lose_the_manifest: "is no backup",
    come_from_a_newer_format: "format 2, of a newer program",
    come_from_a_newer_schema: "20991231_later of a newer program",
    come_from_a_newer_server: "older than the one that was backed up: 99.1",
    end_in_the_middle: "could not read from input file",
}


async def test_a_backup_that_was_harmed_changes_nothing(drill: Drill) -> None:
    for harm, reason in HARMS.items():
        await refuse(drill, harm, reason)
    restored = await restore(drill.folder, drill.target_url, drill.data)
    assert restored.manifest.rows["api.schools"] == 0
    assert await files_of(drill.data).keys() == ["submissions/1/abc"]


async def refuse(drill: Drill, harm: Callable[[Path], None], reason: str) -> None:
    harmed = drill.folder.with_name(harm.__name__)
    shutil.copytree(drill.folder, harmed)
    harm(harmed)
    with pytest.raises(BackupError, match=reason):
        await restore(harmed, drill.target_url, drill.data)
    assert await drill.is_untouched(), harm.__name__


async def test_a_store_with_other_files_is_left_alone(drill: Drill) -> None:
    await files_of(drill.data).put("submissions/2/own", BytesIO(b"own"))
    with pytest.raises(BackupError, match="submissions/2/own"):
        await restore(drill.folder, drill.target_url, drill.data)
    assert await files_of(drill.data).keys() == ["submissions/2/own"]


async def test_an_older_backup_is_brought_to_the_present_schema(drill: Drill) -> None:
    def go_back() -> None:
        config = alembic_config()
        config.attributes["url"] = drill.source_url
        command.downgrade(config, "-1")

    await asyncio.to_thread(go_back)
    shutil.rmtree(drill.folder)
    older = await back_up(drill.source_url, drill.data, drill.folder.parent)
    restored = await restore(older, drill.target_url, drill.data)
    assert restored.migrated_from == read_manifest(older).schema
    for role in repository.ROLES:
        engine = create_engine(drill.target_url, role)
        await require_head(engine)
        await engine.dispose()


async def test_the_commands_say_what_they_did_and_keep_the_newest(drill: Drill) -> None:
    old = drill.folder.with_name("podyom-20200101T000000Z")
    drill.folder.rename(old)
    own = old.with_name("podyom-notes")
    own.mkdir()

    async def said(*arguments: str | Path, url: str, data: Path) -> tuple[int, str]:
        settings = {"DATABASE_URL": url, "DATA_DIR": str(data), "FILES_URL": ""}
        given = [str(each) for each in arguments]
        result = await asyncio.to_thread(CliRunner().invoke, app, given, env=settings)
        return result.exit_code, result.output

    source, target = drill.source_url, drill.target_url
    code, text = await said(
        *("backup", old.parent, "--keep", "1"), url=source, data=drill.data.parent
    )
    assert (code, "1 files" in text) == (0, True), text
    assert own.exists()
    (new,) = [each for each in old.parent.iterdir() if each != own]
    assert new != old
    code, text = await said("restore", new, url=target, data=drill.data)
    assert code == 0, text
    assert "(RPO)" in text
    assert "(RTO)" in text
    code, text = await said("restore", new, url=target, data=drill.data)
    assert (code, "not empty" in text) == (2, True)
