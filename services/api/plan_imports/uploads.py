"""Receiving a plan's table, before the transaction opens."""

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import FormData, UploadFile

from services.api.http.auth import authenticate, require
from services.api.http.state import state_of
from services.api.http.uploads import received_form
from services.api.plan_imports.readers.opening import read_tables
from services.api.plan_imports.readers.pasted import read_pasted
from services.api.programmes.schemas import Plan
from shared.domain.errors import Fault, InvalidInputError, Text
from shared.domain.permissions import Permission
from shared.domain.plan_tables.choosing import chosen_table
from shared.domain.plan_tables.columns import PlanTable, Role, plan_tables
from shared.domain.plan_tables.parties import MUNICIPALITY, SCHOOLS
from shared.persistence.work import begin

MOST_BYTES: Final = 20 << 20
MOST_COLUMNS: Final = 200
LONGEST_FILE_NAME: Final = 200

_bearer = OAuth2PasswordBearer(tokenUrl="/v1/tokens", auto_error=False)
Column = Annotated[int | None, Field(ge=1, le=MOST_COLUMNS)]
Parties = Literal["municipality", "schools", "municipality,schools"]


class PlanUploadIn(BaseModel):
    """What the caller says of a table; columns are numbered from 1."""

    model_config = ConfigDict(extra="forbid")

    plan: Plan = Field(description="Which plan of the programme the table is")
    text: str | None = Field(
        default=None, description="The table as text, in place of a file"
    )
    table: Annotated[int | None, Field(ge=1, le=1000)] = Field(
        default=None, description="Which one, where a document has several plans"
    )
    number_column: Column = None
    title_column: Column = None
    term_column: Column = None
    responsible_column: Column = None
    expected_result_column: Column = None
    parties: Parties | None = Field(
        default=None, description="Who owes the new lines that name nobody"
    )
    withdraw_missing: bool = Field(
        default=False, description="Withdraw measures that the table has not"
    )

    @property
    def places(self) -> dict[Role, int]:
        """Return the columns that were stated, from 0."""
        stated = {role: getattr(self, f"{role}_column") for role in Role}
        return {role: each - 1 for role, each in stated.items() if each is not None}

    @property
    def owing(self) -> tuple[str, ...]:
        """Return who owes the lines that name nobody, as measures hold it."""
        said = self.parties or ""
        return tuple(each for each in (MUNICIPALITY, SCHOOLS) if each in said)

    def options(self) -> dict[str, Any]:
        """Return what was said, without the text, as JSON can hold it."""
        return self.model_dump(mode="json", exclude={"text", "plan"})


def _form_schema() -> dict[str, Any]:
    schema = PlanUploadIn.model_json_schema()
    properties: dict[str, Any] = {"file": {"type": "string", "format": "binary"}}
    for name, each in schema["properties"].items():
        given = [one for one in each.get("anyOf", []) if one.get("type") != "null"]
        told = {key: each[key] for key in each.keys() - {"anyOf", "default", "title"}}
        properties[name] = told | (given[0] if given else {})
    form = {
        "type": "object",
        "required": ["plan"],
        "additionalProperties": False,
        "properties": properties,
    }
    return {
        "requestBody": {
            "required": True,
            "content": {"multipart/form-data": {"schema": form}},
        }
    }


FORM_SCHEMA: Final = _form_schema()


@dataclass(frozen=True, slots=True)
class PlanUpload:
    """A table that was received and found to be a plan."""

    said: PlanUploadIn
    file_name: str | None
    sha256: str
    table: PlanTable


async def receive_plan(
    request: Request, token: Annotated[str | None, Depends(_bearer)]
) -> AsyncIterator[PlanUpload]:
    """Receive the table, once the caller is known to have the right to send one.

    Raises:
        UnauthenticatedError, ForbiddenError: the caller has not.
        UploadTooLargeError: it is larger than what is received.
        UnreadableFileError: it cannot be read.
        PlanTableError: no table of it is a plan, or it is not clear which.
        RequestValidationError: a field of the form is missing or wrong.
    """
    async with begin(state_of(request).engine) as work:
        actor = await authenticate(request, work, token)
        await require(Permission.PROGRAMMES_WRITE)(actor)
    async with received_form(request, most_bytes=MOST_BYTES) as form:
        said = _said(form)
        file = form.get("file")
        if isinstance(file, UploadFile) == bool(said.text):
            raise _no_table()
        content, name = (said.text or "").encode("utf-8", "replace"), None
        if isinstance(file, UploadFile):
            content, name = await file.read(), _shown_name(file.filename)
    table = await asyncio.to_thread(_read, said, content)
    yield PlanUpload(said, name, hashlib.sha256(content).hexdigest(), table)


def _read(said: PlanUploadIn, content: bytes) -> PlanTable:
    text = said.text
    tables = read_pasted(text) if text else read_tables(io.BytesIO(content))
    return chosen_table(tables, plan_tables(tables, said.places), said.table)


def _said(form: FormData) -> PlanUploadIn:
    fields = {name: value for name, value in form.items() if name != "file" and value}
    try:
        said = PlanUploadIn.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError(
            [
                {**fault, "loc": ("body", *fault["loc"])}
                for fault in error.errors(include_url=False)
            ]
        ) from error
    if said.places and not {Role.TITLE, Role.TERM} <= said.places.keys():
        reason = Text(
            "Указывая столбцы, назовите и title_column, и term_column.",
            "Stating columns, name both title_column and term_column.",
        )
        raise InvalidInputError(
            reason, faults=[Fault(reason=reason, column="title_column")]
        )
    return said


def _no_table() -> InvalidInputError:
    reason = Text(
        "Приложите одно из двух: file (.docx, .xlsx) или text.",
        "Attach one of the two: file (.docx, .xlsx) or text.",
    )
    return InvalidInputError(reason, faults=[Fault(reason=reason, column="file")])


def _shown_name(name: str | None) -> str:
    last = (name or "").replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:LONGEST_FILE_NAME]
