"""Receiving an uploaded file and reading its first rows, before the transaction opens.

A slow sender or a large sheet would otherwise keep a connection to the database busy.
Rights are asked in a short transaction before anything is received.
"""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, BinaryIO

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import FormData, UploadFile

from services.api.http.auth import authenticate, require
from services.api.http.ids import RowId
from services.api.http.state import state_of
from services.api.http.uploads import received_form
from services.api.imports.formats import FORMATS, FileFormat
from services.api.imports.readers.options import FileOptions
from services.api.imports.reading import Reading
from services.api.imports.rights import require_format
from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.periods import FIRST_YEAR, LAST_YEAR
from shared.domain.permissions import Permission
from shared.domain.sittings import FIRST_GRADE, LAST_GRADE, Season
from shared.persistence.work import begin

LONGEST_FILE_NAME = 200
LARGE_BYTES = 1 << 20  # from here on, files are read one at a time
_CHUNK = 1 << 20

_bearer = OAuth2PasswordBearer(tokenUrl="/v1/tokens", auto_error=False)


class UploadIn(BaseModel):
    """What the caller says of a file; fields that were left empty do not count."""

    model_config = ConfigDict(extra="forbid")

    file_format: str = Field(
        description="One of `GET /v1/import-formats`",
        json_schema_extra={"enum": [*sorted(FORMATS)]},
    )
    municipality_id: RowId | None = Field(
        default=None, description="For whoever has more than one"
    )
    season: Season | None = Field(
        default=None, description="When it was held, if not as usual"
    )
    procedure: str | None = Field(
        default=None, description="If not the usual one of the format"
    )
    school_id: RowId | None = Field(
        default=None, description="Of a file that names no school"
    )
    subject: str | None = None
    academic_year: int | None = Field(default=None, ge=FIRST_YEAR, le=LAST_YEAR)
    grade: int | None = Field(default=None, ge=FIRST_GRADE, le=LAST_GRADE)
    written_on: date | None = None

    def of_format(self, file_format: FileFormat) -> FileOptions:
        """Return what is said besides the municipality.

        Raises:
            RequestValidationError: the format has no use for something that was said,
                or needs what was not.
        """
        said = self.model_dump(
            exclude={"file_format", "municipality_id"}, exclude_none=True
        )
        allowed = file_format.options | file_format.required
        faults = [
            _form_fault(name, "extra_forbidden", f"{file_format.code} does not take it")
            for name in said.keys() - allowed
        ] + [
            _form_fault(name, "missing", f"{file_format.code} needs it")
            for name in file_format.required - said.keys()
        ]
        if faults:
            raise RequestValidationError(faults)
        return FileOptions(**{"procedure": file_format.procedure, **said})


def _form_schema() -> dict[str, Any]:
    schema = UploadIn.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    properties = {"file": {"type": "string", "format": "binary"}}
    properties |= {name: _plain(each) for name, each in schema["properties"].items()}
    form = {
        "type": "object",
        "required": ["file", "file_format"],
        "additionalProperties": False,
        "properties": properties,
    }
    return {
        "requestBody": {
            "required": True,
            "content": {"multipart/form-data": {"schema": form}},
        }
    }


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a field of a form, which is left out rather than null."""
    given = [each for each in schema.pop("anyOf", []) if each.get("type") != "null"]
    seasons = {"type": "string", "enum": [season.value for season in Season]}
    for each in given:
        schema |= seasons if "$ref" in each else each
    schema.pop("default", None)
    schema.pop("title", None)
    return schema


FORM_SCHEMA = _form_schema()


@dataclass(slots=True)
class Upload:
    """A file that was received, and is being read.

    `errand` is what remains to be done once the request is answered.
    """

    municipality_id: int | None
    file_name: str
    sha256: str
    reading: Reading
    errand: Coroutine[Any, Any, None] | None = None


async def receive_upload(
    request: Request, token: Annotated[str | None, Depends(_bearer)]
) -> AsyncIterator[Upload]:
    """Receive the file, once the caller is known to have the right to send one.

    Raises:
        UnauthenticatedError, ForbiddenError: the caller has not.
        UploadTooLargeError: it is larger than what is received.
        UnreadableFileError: it is no workbook with the columns of its format.
        RequestValidationError: a field of the form is missing or wrong.
    """
    state = state_of(request)
    async with begin(state.engine) as work:
        actor = await authenticate(request, work, token)
        await require(Permission.IMPORTS_WRITE)(actor)
    async with AsyncExitStack() as held:
        async with received_form(request) as form:
            said = _options(form)
            file_format = FORMATS[said.file_format]
            require_format(actor, file_format)
            options = said.of_format(file_format)
            sent = _file(form)
            file, sha256 = await asyncio.to_thread(_copied, sent.file)
        held.callback(file.close)
        if (sent.size or 0) > LARGE_BYTES:
            await held.enter_async_context(state.errands.heavy)
        reading = Reading(file, file_format, options)
        held.push_async_callback(reading.close)
        await reading.begin()
        name = _shown_name(sent.filename)
        upload = Upload(said.municipality_id, name, sha256, reading)
        yield upload
        if upload.errand is not None:
            # The answer has been sent, and what it tells of is committed.
            state.errands.run(_then_let_go(upload.errand, held.pop_all()))


async def _then_let_go(errand: Coroutine[Any, Any, None], held: AsyncExitStack) -> None:
    async with held:
        await errand


def _options(form: FormData) -> UploadIn:
    fields = {name: value for name, value in form.items() if name != "file" and value}
    try:
        said = UploadIn.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError(
            [
                {**fault, "loc": ("body", *fault["loc"])}
                for fault in error.errors(include_url=False)
            ]
        ) from error
    if said.file_format not in FORMATS:
        known = ", ".join(sorted(FORMATS))
        fault = _form_fault("file_format", "enum", f"The formats are {known}")
        raise RequestValidationError([fault])
    return said


def _form_fault(column: str, kind: str, message: str) -> dict[str, Any]:
    return {"type": kind, "loc": ("body", column), "msg": message, "input": None}


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


def _copied(sent: BinaryIO) -> tuple[BinaryIO, str]:
    """Return a copy that has no name, and goes with the process; and its SHA-256."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the reading)
    digest = hashlib.sha256()
    while chunk := sent.read(_CHUNK):
        digest.update(chunk)
        copy.write(chunk)
    copy.seek(0)
    return copy, digest.hexdigest()
