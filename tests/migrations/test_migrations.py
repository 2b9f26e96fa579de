"""The migrations: one head, models and schema agree, down and up again."""

import asyncio

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from fastapi import FastAPI

from shared.persistence.engine import create_engine
from shared.persistence.schema import (
    SchemaNotAtHeadError,
    alembic_config,
    require_head,
)
from tests.support.api import connect
from tests.support.databases import execute


def config_for(url: str) -> Config:
    config = alembic_config()
    config.attributes["url"] = url
    return config


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


async def test_the_models_say_what_the_migrations_make(
    empty_database_url: str,
) -> None:
    await asyncio.to_thread(command.check, config_for(empty_database_url))


async def test_down_and_up_again(empty_database_url: str) -> None:
    config = config_for(empty_database_url)
    await asyncio.to_thread(command.downgrade, config, "base")
    await asyncio.to_thread(command.upgrade, config, "head")
    await asyncio.to_thread(command.check, config)


async def test_each_migration_can_be_taken_back(empty_database_url: str) -> None:
    config = config_for(empty_database_url)
    scripts = list(ScriptDirectory.from_config(config).walk_revisions())
    assert len(scripts) > 1
    for _ in scripts:
        await asyncio.to_thread(command.downgrade, config, "-1")
    await asyncio.to_thread(command.upgrade, config, "head")


async def test_a_schema_that_is_not_at_head_is_refused(empty_database_url: str) -> None:
    await asyncio.to_thread(command.downgrade, config_for(empty_database_url), "-1")
    engine = create_engine(empty_database_url, "api")
    with pytest.raises(SchemaNotAtHeadError, match="make migrate"):
        await require_head(engine)
    await engine.dispose()


async def test_a_running_api_is_not_ready_when_the_schema_has_moved(
    api: FastAPI, database_url: str
) -> None:
    async with connect(api) as client:
        assert (await client.get("/health/ready")).status_code == 200
        await execute(database_url, "UPDATE alembic_version SET version_num = 'other'")
        answer = await client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["database"] is False
