"""Receiving an uploaded file and reading its rows, before the transaction opens.

A slow sender or a large sheet would otherwise keep a connection to the database busy.
Rights are asked in a short transaction before anything is received.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from typing import Annotated, Any, BinaryIO, Literal

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.datastructures import FormData, UploadFile

from services.api.http.auth import authenticate, require
from services.api.http.ids import LARGEST_ID, RowId
from services.api.http.state import state_of
from services.api.http.uploads import received_form
from services.api.imports.readers.mark_statistics import (
    ParsedRow,
    read_mark_statistics,
)
from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.permissions import Permission
from shared.domain.sittings import Season
from shared.persistence.work import begin

LONGEST_FILE_NAME = 200
_CHUNK = 1 << 20
VPR = "vpr"

FORM_SCHEMA: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "file_format"],
                    "additionalProperties": False,
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "An .xlsx workbook of 50 MB at most",
                        },
                        "file_format": {
                            "type": "string",
                            "enum": ["mark_statistics"],
                            "description": "«Статистика по отметкам»",
                        },
                        "municipality_id": {
                            "type": "integer",
                            "minimum": 1,
                            "maximum": LARGEST_ID,
                            "description": "For the administrator, who has none",
                        },
                        "season": {
                            "type": "string",
                            "enum": [season.value for season in Season],
                            "description": "When it was held, if not as usual",
                        },
                        "procedure": {
                            "type": "string",
                            "default": VPR,
                        },
                    },
                }
            }
        },
    }
}

_bearer = OAuth2PasswordBearer(tokenUrl="/v1/tokens", auto_error=False)


class UploadIn(BaseModel):
    """What the caller says of a file; fields that were left empty do not count."""

    model_config = ConfigDict(extra="forbid")

    file_format: Literal["mark_statistics"]
    municipality_id: RowId | None = None
    season: Season | None = None
    procedure: str = VPR


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was received and read; `rows` are in its order."""

    options: UploadIn
    file_name: str
    sha256: str
    rows: list[ParsedRow]


async def receive_upload(
    request: Request, token: Annotated[str | None, Depends(_bearer)]
) -> Upload:
    """Receive the file, once the caller is known to have the right to send one.

    Raises:
        UnauthenticatedError, ForbiddenError: the caller has not.
        UploadTooLargeError: it is larger than what is received.
        UnreadableFileError: it is no workbook with the columns of its format.
        RequestValidationError: a field of the form is missing or wrong.
    """
    async with begin(state_of(request).engine) as work:
        actor = await authenticate(request, work, token)
        await require(Permission.IMPORTS_WRITE)(actor)
    async with received_form(request) as form:
        options = _options(form)
        file = _file(form)
        sha256, rows = await asyncio.to_thread(_read, file.file)
    return Upload(options, _shown_name(file.filename), sha256, rows)


def _options(form: FormData) -> UploadIn:
    fields = {name: value for name, value in form.items() if name != "file" and value}
    try:
        return UploadIn.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError(
            [
                {**fault, "loc": ("body", *fault["loc"])}
                for fault in error.errors(include_url=False)
            ]
        ) from error


def _file(form: FormData) -> UploadFile:
    file = form.get("file")
    if isinstance(file, UploadFile):
        return file
    reason = Text(
        "Приложите файл: поле file формы multipart/form-data.",
        "Attach the file: field file of a multipart/form-data form.",
    )
    raise InvalidInputError(reason, faults=[Fault(reason=reason, column="file")])


def _shown_name(name: str | None) -> str:
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:LONGEST_FILE_NAME]


def _read(file: BinaryIO) -> tuple[str, list[ParsedRow]]:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest(), list(read_mark_statistics(file))
