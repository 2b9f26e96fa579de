"""Readiness names the part that is missing, in the reader's language."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import text

from shared.persistence.engine import create_engine
from tests.support.api import connect, running, settings_for
from tests.support.databases import execute

NOBODY = "127.0.0.1:1"


async def parts_of(
    database_url: str, redis_url: str, data_dir: Path, language: str = "ru"
) -> tuple[int, dict[str, Any]]:
    """Return the status and the parts by their codes."""
    settings = replace(settings_for(database_url, redis_url), data_dir=data_dir)
    async with running(settings) as app, connect(app) as client:
        answer = await client.get(
            "/health/ready", headers={"Accept-Language": language}
        )
        parts = answer.json()["parts"]
        return answer.status_code, {each["code"]: each for each in parts}


async def test_what_is_there_and_who_is_not_connected(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    scoring = create_engine(database_url, "scoring")
    async with scoring.connect() as connection:
        await connection.execute(text("SELECT 1"))
        status, parts = await parts_of(database_url, redis_url, tmp_path)
    await scoring.dispose()
    assert status == 200
    there = {code for code, part in parts.items() if part["is_there"]}
    assert there == {"database", "schema", "queue", "files", "scoring"}
    assert parts["notifier"]["text"].startswith("Служба напоминаний не подключена")
    required = {code for code, part in parts.items() if part["is_required"]}
    assert required == {"database", "schema"}


async def test_a_missing_queue_or_store_leaves_the_api_at_work(
    database_url: str, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder", encoding="utf-8")
    status, parts = await parts_of(database_url, f"redis://{NOBODY}/0", blocked, "en")
    assert status == 200
    assert not parts["queue"]["is_there"]
    assert "Check the server and REDIS_URL" in parts["queue"]["text"]
    assert not parts["files"]["is_there"]
    assert "FILES_URL" in parts["files"]["text"]


async def test_an_older_schema_is_told_with_what_to_do(
    empty_database_url: str, redis_url: str, tmp_path: Path
) -> None:
    await execute(
        empty_database_url, "UPDATE alembic_version SET version_num = 'older'"
    )
    status, parts = await parts_of(empty_database_url, redis_url, tmp_path)
    assert status == 503
    assert parts["database"]["is_there"]
    assert not parts["schema"]["is_there"]
    assert "older" in parts["schema"]["text"]
    assert "make migrate" in parts["schema"]["text"]


async def test_without_a_database_nothing_else_is_known(
    redis_url: str, tmp_path: Path
) -> None:
    nowhere = f"postgresql://podyom@{NOBODY}/podyom"
    status, parts = await parts_of(nowhere, redis_url, tmp_path, "en")
    assert status == 503
    assert parts["database"]["text"].startswith("PostgreSQL does not answer")
    assert parts["schema"]["text"].startswith("Unknown")
    assert parts["queue"]["is_there"]


async def test_a_database_that_hangs_is_named_without_waiting_for_it(
    redis_url: str, tmp_path: Path
) -> None:
    held: list[asyncio.StreamWriter] = []
    given_up = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)
        await reader.read()
        given_up.set()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    hanging = f"postgresql://podyom@127.0.0.1:{port}/podyom"
    settings = replace(settings_for(hanging, redis_url), data_dir=tmp_path)
    async with running(settings) as app, connect(app) as client:
        answer = await client.get("/health/ready", headers={"Accept-Language": "en"})
        assert held
        assert not given_up.is_set()  # it is waited for to this moment
        for writer in held:
            writer.close()
        server.close()
    assert answer.status_code == 503
    parts = {each["code"]: each for each in answer.json()["parts"]}
    assert parts["database"]["text"].startswith("PostgreSQL does not answer")
    assert parts["queue"]["is_there"]
