"""Exporting a dataset out of an api."""

import fcntl
import os
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final

import httpx
import typer

from services.api.cli.remote import (
    PATIENCE,
    Language,
    Patience,
    Remote,
    Token,
    Url,
    connected,
)
from services.api.cli.running import INTERRUPTED, REFUSED
from services.api.cli.showing_progress import bytes_bar
from services.api.cli.speaking import complain, own_language, say
from shared.domain.errors import Text

DOWNLOAD: Final = Text("Получение", "Download")


class FileFormat(StrEnum):
    """What a file may be."""

    CSV = "csv"
    XLSX = "xlsx"


def export_dataset(
    dataset: Annotated[str, typer.Argument(help="A code of GET /v1/export-datasets")],
    *,
    url: Url,
    token: Token,
    file_format: Annotated[FileFormat, typer.Option("--format")] = FileFormat.XLSX,
    out: Annotated[
        Path | None, typer.Option(help="The file; else DATASET.FORMAT here")
    ] = None,
    municipality: Annotated[str | None, typer.Option(help="Code or number")] = None,
    year: Annotated[int | None, typer.Option(help="2019 is 2019/2020")] = None,
    patience: Patience = PATIENCE,
    language: Language = None,
) -> None:
    """Write a dataset of an api into a file, whole or not at all.

    What has been received lies in FILE.part until it is complete. A dataset is what it
    was at one moment, so a download that broke off begins anew, by itself or with the
    same command. Ends with 0; 2 for wrong arguments; 3 when the api refuses; 4 when it
    cannot be reached; 130 when interrupted.
    """
    spoken = own_language(language)
    target = out or Path(f"{dataset}.{file_format}")
    part = target.with_name(f"{target.name}.part")
    try:
        with (
            connected(url, token, spoken, patience=patience) as remote,
            part.open("ab") as file,
        ):
            _hold(file, part, spoken)
            try:
                number = remote.number_of("/v1/municipalities", municipality)
                wanted = {
                    "format": str(file_format),
                    "municipality_id": number,
                    "academic_year": year,
                }
                _receive(remote, f"/v1/exports/{dataset}", wanted, file)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
    except KeyboardInterrupt:
        text = Text(
            "Прервано. Та же команда начнёт заново.",
            "Interrupted. The same command begins anew.",
        )
        raise complain(text, spoken, code=INTERRUPTED) from None
    except OSError as error:
        text = Text(f"Файл не записан: {error}", f"The file is not written: {error}")
        raise complain(text, spoken, code=REFUSED) from None
    say(Text(f"Готово: {target}", f"Done: {target}"), spoken)


def _hold(file: BinaryIO, part: Path, language: str) -> None:
    """Refuse to write what another command is writing."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        text = Text(
            f"{part} пишет другая команда.", f"Another command is writing {part}."
        )
        raise complain(text, language, code=REFUSED) from None


def _receive(remote: Remote, path: str, wanted: dict[str, Any], file: BinaryIO) -> None:
    parameters = {name: value for name, value in wanted.items() if value is not None}
    why = ""
    for pause in remote.pauses():
        try:
            _receive_once(remote, path, parameters, file)
        except httpx.TransportError as error:
            why = f"{type(error).__name__}: {error}"
        else:
            return
        if pause is not None:
            time.sleep(pause)
    raise remote.unreachable(why)


def _receive_once(
    remote: Remote, path: str, parameters: dict[str, Any], file: BinaryIO
) -> None:
    """Write the whole answer.

    Raises:
        httpx.TransportError: it broke off.
    """
    file.truncate(0)
    with (
        remote.begin(
            lambda client: client.build_request("GET", path, params=parameters)
        ) as answer,
        bytes_bar() as progress,
    ):
        stated = answer.headers.get("Content-Length")
        task = progress.add_task(
            DOWNLOAD.in_language(remote.language),
            total=int(stated) if stated else None,
        )
        for piece in answer.iter_bytes():
            file.write(piece)
            progress.advance(task, len(piece))
    file.flush()
    os.fsync(file.fileno())
