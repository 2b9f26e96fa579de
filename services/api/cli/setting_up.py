"""Preparing a database: its schema, and the data that are shipped."""

import os
from pathlib import Path
from typing import Annotated, Final

import typer
from alembic import command
from sqlalchemy.exc import SQLAlchemyError

from services.api.cli.running import in_one_transaction, mode, refuse
from services.api.demo.clock import start_clock
from services.api.demo.loading import (
    load_demo,
    read_schools,
    write_sample,
)
from services.api.loading import load_programmes
from shared.domain.errors import Text
from shared.persistence.schema import alembic_config
from shared.persistence.upsert import Written
from shared.persistence.work import Work
from shared.runtime.settings import Mode, SettingsError, data_dir_of, required

DEPLOY: Final = Path(__file__).resolve().parents[3] / "deploy"


def migrate() -> None:
    """Bring the database of DATABASE_URL to the newest schema."""
    try:
        required(os.environ, "DATABASE_URL")
        command.upgrade(alembic_config(), "head")
    except SettingsError as error:
        raise refuse(error.text) from None
    except (SQLAlchemyError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise refuse(
            Text(
                f"Миграция не выполнена: {reason}. Если владельцу базы нельзя создавать"
                " роли, см. deploy/postgres/roles.sql.",
                f"The migration failed: {reason}. If the database's owner may not"
                " create roles, see deploy/postgres/roles.sql.",
            )
        ) from None


def load(
    folder: Annotated[Path, typer.Argument(help="Folder with the data files")] = DEPLOY,
) -> None:
    """Load references, methods, facts and programmes; in a sandbox also the demo.

    Loading again changes nothing that has not changed in the files.
    """
    sandbox = mode() is Mode.SANDBOX

    async def action(work: Work) -> Written:
        if not sandbox:
            return await load_programmes(work, folder, sandbox=False)
        await start_clock(work)
        written = await load_programmes(work, folder, sandbox=True)
        schools = await read_schools(work)
        written += await load_demo(work, schools)
        write_sample(schools, data_dir_of(os.environ) / "samples")
        return written

    written = in_one_transaction(action)
    typer.echo(
        f"Загружено: новых строк {written.new}, изменено {written.changed} / "
        f"Loaded: {written.new} new rows, {written.changed} changed"
    )


def prepare() -> None:
    """Migrate and load: what has to be done before the services start."""
    migrate()
    load()
