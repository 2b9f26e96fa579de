"""Commands of the api: `python -m services.api.cli --help`."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from alembic import command
from sqlalchemy.exc import SQLAlchemyError

from services.api.access.accounts import NewAccount, open_account
from services.api.backup import commands as backups
from services.api.backup.errors import BackupError
from services.api.demo.clock import start_clock
from services.api.demo.loading import (
    load_demo,
    read_schools,
    write_sample,
)
from services.api.loading import load_programmes
from shared.domain.errors import DomainError, Text
from shared.domain.permissions import Role
from shared.persistence.audit_chain import ChainReport, verify
from shared.persistence.engine import create_engine
from shared.persistence.schema import alembic_config
from shared.persistence.upsert import Written
from shared.persistence.work import Work, begin_as_system
from shared.runtime import startup
from shared.runtime.settings import (
    Mode,
    SettingsError,
    data_dir_of,
    mode_of,
    required,
)

app = typer.Typer(
    help="Migrations and data of Podyom.", no_args_is_help=True, add_completion=False
)

Outcome = TypeVar("Outcome")

BROKEN = 1  # exit code: an entry of the audit was altered or removed
INCOMPLETE = 1  # exit code: there is a backup, but files were missing

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


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
            async with begin_as_system(engine, isolation=isolation) as work:
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


@app.command()
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


@app.command()
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


@app.command()
def prepare() -> None:
    """Migrate and load: what has to be done before the services start."""
    migrate()
    load()


@app.command("add-account")
def add_account(
    login: str,
    role: Role,
    *,
    region: Annotated[str | None, typer.Option(help="Its code: 24")] = None,
    municipality: Annotated[str | None, typer.Option(help="Its code: uzhur")] = None,
    school: Annotated[str | None, typer.Option(help="Its code: ilinskaya")] = None,
    email: Annotated[str | None, typer.Option(help="Where reminders go")] = None,
    language: Annotated[str, typer.Option(help="ru or en")] = "ru",
) -> None:
    """Open an account; its password is asked for, or read from a pipe."""
    password = (
        typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\r\n")
    )
    wanted = NewAccount(
        login=login,
        password=password,
        role=role,
        region=region,
        municipality=municipality,
        school=school,
        email=email,
        language=language,
    )
    number = in_one_transaction(lambda work: open_account(work, wanted))
    typer.echo(f"Открыта учётная запись {number} / Account {number} has been opened")


@app.command("verify-audit")
def verify_audit() -> None:
    """Walk along every chain of the audit; exit with 1 where one is broken."""
    chains = in_one_transaction(verify, isolation="REPEATABLE READ")
    for chain in chains:
        typer.echo(line_of(chain))
    if any(chain.how for chain in chains):
        raise typer.Exit(code=BROKEN)


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="Where backups lie, one a folder")],
    *,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Keep so many, remove older ones")
    ] = None,
) -> None:
    """Back up database and files as of one moment, while the system works."""
    try:
        said = backups.back_up(folder, keep=keep)
    except BackupError as error:
        raise refuse(error.text) from None
    typer.echo(f"{said.text.ru} / {said.text.en}")
    if not said.is_complete:
        raise typer.Exit(code=INCOMPLETE)


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="One backup: …/podyom-20260101T…")],
) -> None:
    """Bring a backup back into an empty database and an empty file store."""
    try:
        said = backups.restore(folder)
    except BackupError as error:
        raise refuse(error.text) from None
    typer.echo(f"{said.text.ru} / {said.text.en}")


def line_of(chain: ChainReport) -> str:
    """Say what was found in one chain; the last hash is worth keeping elsewhere."""
    state = "ok" if chain.how is None else f"BROKEN at {chain.broken_at}: {chain.how}"
    return (
        f"{chain.municipality or '(system)'}: {chain.entries} entries, "
        f"{chain.sealed} sealed, {chain.entries - chain.sealed} not yet, {state}, "
        f"last hash {chain.last_hash}"
    )


if __name__ == "__main__":
    app()
