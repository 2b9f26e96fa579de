"""Backing up, and bringing a backup back."""

from pathlib import Path
from typing import Annotated

import typer

from services.api.backup import commands
from services.api.backup.errors import BackupError
from services.api.cli.running import WRONG_DATA, refuse


def backup(
    folder: Annotated[Path, typer.Argument(help="Where backups lie, one a folder")],
    *,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Keep so many, remove older ones")
    ] = None,
) -> None:
    """Back up database and files as of one moment, while the system works."""
    try:
        said = commands.back_up(folder, keep=keep)
    except BackupError as error:
        raise refuse(error.text) from None
    typer.echo(f"{said.text.ru} / {said.text.en}")
    if not said.is_complete:
        raise typer.Exit(code=WRONG_DATA)


def restore(
    folder: Annotated[Path, typer.Argument(help="One backup: …/podyom-20260101T…")],
) -> None:
    """Bring a backup back into an empty database and an empty file store."""
    try:
        said = commands.restore(folder)
    except BackupError as error:
        raise refuse(error.text) from None
    typer.echo(f"{said.text.ru} / {said.text.en}")
