"""Receiving a report with its files, before the transaction opens."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.security import OAuth2PasswordBearer
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from services.api.http.auth import authenticate, require
from services.api.http.sent_files import SentFile, described
from services.api.http.state import state_of
from services.api.http.uploads import received_form
from services.api.roadmaps.submission_schemas import SubmissionIn
from shared.domain.permissions import Permission
from shared.domain.submissions import MOST_FILES
from shared.persistence.work import begin

FILE: Final = "file"
LINK: Final = "link"
_bearer = OAuth2PasswordBearer(tokenUrl="/v1/tokens", auto_error=False)


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it was received."""

    text: str | None
    links: list[str]
    files: list[SentFile]


async def receive_report(
    request: Request, token: Annotated[str | None, Depends(_bearer)]
) -> AsyncIterator[Report]:
    """Receive a report, once the caller is known to have the right to send one.

    Raises:
        UnauthenticatedError, ForbiddenError: the caller has not.
        UploadTooLargeError: it is larger than what is received.
        UnreadableFormError: it is not a form, or has too many files.
        RequestValidationError: a field of the form is wrong.
    """
    async with begin(state_of(request).engine) as work:
        actor = await authenticate(request, work, token)
        await require(Permission.DEADLINES_SUBMIT)(actor)
    async with received_form(request, most_files=MOST_FILES) as form:
        said = _said(form)
        files = [
            await asyncio.to_thread(described, each)
            for each in form.getlist(FILE)
            if isinstance(each, UploadFile)
        ]
        yield Report(said.text, said.link, files)


def _said(form: FormData) -> SubmissionIn:
    fields: dict[str, Any] = {
        name: value
        for name, value in form.items()
        if name not in {FILE, LINK} and value
    }
    fields[LINK] = [each for each in form.getlist(LINK) if each]
    try:
        return SubmissionIn.model_validate(fields)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        raise RequestValidationError(
            [{**fault, "loc": ("body", *fault["loc"])} for fault in faults]
        ) from error
