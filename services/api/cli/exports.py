"""Exporting a dataset out of an api."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from services.api.cli.downloading import partial_of, receive
from services.api.cli.remote import (
    PATIENCE,
    Language,
    Patience,
    Token,
    Url,
    connected,
)
from services.api.cli.running import INTERRUPTED, REFUSED
from services.api.cli.speaking import complain, own_language, say
from shared.domain.errors import Text


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

    What has been received lies in FILE.part until it is complete. A download that
    broke off goes on from there, by itself or with the same command, as long as the
    data are the same; if they changed meanwhile, it begins anew. Ends with 0; 2 for
    wrong arguments; 3 when the api refuses; 4 when it cannot be reached; 130 when
    interrupted.
    """
    spoken = own_language(language)
    target = out or Path(f"{dataset}.{file_format}")
    try:
        with (
            connected(url, token, spoken, patience=patience) as remote,
            partial_of(target, spoken) as partial,
        ):
            number = remote.number_of("/v1/municipalities", municipality)
            wanted = {
                "format": str(file_format),
                "municipality_id": number,
                "academic_year": year,
            }
            receive(remote, f"/v1/exports/{dataset}", wanted, partial)
            partial.finish(target)
    except KeyboardInterrupt:
        text = Text(
            "Прервано. Та же команда продолжит.",
            "Interrupted. The same command goes on.",
        )
        raise complain(text, spoken, code=INTERRUPTED) from None
    except OSError as error:
        text = Text(f"Файл не записан: {error}", f"The file is not written: {error}")
        raise complain(text, spoken, code=REFUSED) from None
    say(Text(f"Готово: {target}", f"Done: {target}"), spoken)
